import { expect, test } from 'vitest'
import {
  decodeHouseMessage,
  decodeStoryMessage,
  encodeHouseMessage,
  encodeStoryMessage,
  type StoryMessage,
} from './node-codec.ts'

const row = (bytes: Uint8Array) => ({ seq: 7, bytes, userId: 3, userName: 'Cleo', card: { title: 'Dawn' } })

test.each<StoryMessage>([
  { kind: 'hello' },
  { kind: 'rights' },
  { kind: 'rows', beatId: 4, rows: [row(Uint8Array.of(1, 2, 3))] },
  { kind: 'carets', beatId: 4, carets: [], isAll: true },
  { kind: 'lock', lock: { beatId: 4, userId: 3, userName: 'Cleo', expiresAt: 1_800_000_000_000 } },
  { kind: 'question_closed', beatId: 4, askerId: 2, granted: undefined },
])('node-message: $kind comes as it was sent', (message) => {
  expect(decodeStoryMessage(encodeStoryMessage(message))).toEqual(message)
})

test('node-message: rows that weigh too much are named, not carried', () => {
  const encoded = encodeStoryMessage({ kind: 'rows', beatId: 4, rows: [row(new Uint8Array(70_000))] })
  expect(encoded.length).toBeLessThan(100)
  expect(decodeStoryMessage(encoded)).toEqual({ kind: 'rows', beatId: 4, rows: [] })
})

test('node-message: what no node of this version has written is nothing', () => {
  const event = encodeStoryMessage({ kind: 'event', event: { type: 'chat' } as never })
  const rows = encodeStoryMessage({ kind: 'rows', beatId: 4, rows: [{ seq: 1 } as never] })
  const unknown = encodeStoryMessage({ kind: 'rumour' } as never)
  for (const bytes of [event, rows, unknown, new Uint8Array(), Uint8Array.of(255, 1, 2)]) {
    expect(decodeStoryMessage(bytes)).toBeUndefined()
  }
  expect(decodeHouseMessage(unknown)).toBeUndefined()
})

test('node-message: of the house', () => {
  const ended = { kind: 'session_ended', sessionId: '12' } as const
  expect(decodeHouseMessage(encodeHouseMessage(ended))).toEqual(ended)
})

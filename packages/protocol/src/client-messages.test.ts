import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CLIENT_MESSAGE_TYPES, decodeClientMessage } from './client-messages.ts'
import { ERROR_CODES } from './errors.ts'
import { LIMITS } from './limits.ts'

const SEED = 20_260_105

const decode = (message: unknown) => decodeClientMessage(JSON.stringify(message))
const edit = (changes: unknown, more: object = {}) => decode({ type: 'edit', beat_id: 1, changes, ...more })

test('messages are read, unknown fields left out', () => {
  const message = {
    type: 'edit',
    request_id: 7,
    beat_id: 1,
    changes: { title: 'A', goal: '' },
    base: { title: 'B' },
  }
  expect(decode({ ...message, new_in_next_year: true })).toEqual({ ok: true, message })
  const cursor = { type: 'cursor_move', beat_id: 1, position: 'AQID', scene_id: 2, field: 'goal' }
  expect(decode(cursor)).toEqual({ ok: true, message: cursor })
  expect(decode({ type: 'ping' })).toEqual({ ok: true, message: { type: 'ping' } })
})

test.each([
  ['', 'bad_json', undefined],
  ['{"type":', 'bad_json', undefined],
  ['null', 'bad_message', undefined],
  ['[]', 'bad_message', undefined],
  ['"ping"', 'bad_message', undefined],
  ['{}', 'bad_message', 'type'],
  ['{"type":null}', 'bad_message', 'type'],
  ['{"type":"__proto__"}', 'unknown_type', undefined],
  ['{"type":"toString"}', 'unknown_type', undefined],
  ['{"type":"edit"}', 'bad_message', 'beat_id'],
  ['{"type":"edit","beat_id":"1","changes":{"title":""}}', 'not_found', 'beat_id'],
  ['{"type":"edit","beat_id":1}', 'bad_message', 'changes'],
  ['{"type":"edit","beat_id":1,"changes":{}}', 'bad_message', 'changes'],
  ['{"type":"edit","beat_id":1,"changes":{"title":null}}', 'bad_message', 'changes.title'],
  ['{"type":"cursor_move","beat_id":1,"position":-1}', 'bad_message', 'position'],
  ['{"type":"cursor_move","beat_id":1,"position":0,"field":"text"}', 'bad_message', 'field'],
  ['{"type":"ping","request_id":{}}', 'bad_message', 'request_id'],
  ['{"type":"ping","request_id":"a\\u0000"}', 'bad_message', 'request_id'],
])('bad-messages: %s is %s, with its place', (text, code, path) => {
  const refusal = decodeClientMessage(text)
  expect(refusal).toMatchObject({ ok: false, code })
  expect(refusal.ok ? undefined : refusal.path).toBe(path)
  expect(refusal.ok ? '' : refusal.message).toMatch(/^.{10,}\.$/)
})

test('request-id: a refusal carries the one it answers, wherever the fault was', () => {
  for (const text of [
    '{"type":"dance","request_id":"a"}',
    '{"type":"edit","request_id":"a"}',
    '{"request_id":"a"}',
  ]) {
    expect(decodeClientMessage(text)).toMatchObject({ ok: false, request_id: 'a' })
  }
})

test('text-storable: U+0000 and half a surrogate pair are refused in every field of a card, and as a base', () => {
  for (const text of ['a\u0000b', '\ud83d', '\ude00a']) {
    expect(edit({ goal: text })).toMatchObject({ code: 'bad_message', path: 'changes.goal' })
    expect(edit({ goal: 'x' }, { base: { goal: text } })).toMatchObject({
      code: 'bad_message',
      path: 'base.goal',
    })
  }
  expect(edit({ goal: '😀 e\u0301' }).ok).toBe(true)
})

test('text-size: a field of a card has 20,000 characters at most', () => {
  expect(edit({ goal: 'x'.repeat(LIMITS.cardFieldChars) }).ok).toBe(true)
  expect(edit({ goal: 'x'.repeat(LIMITS.cardFieldChars + 1) })).toMatchObject({
    ...{ code: 'too_large', path: 'changes.goal' },
  })
})

test.each([0, -1, 1.5, 2 ** 31, 2 ** 53, '1', 'x', null, true, [1]])(
  'ids: %j names nothing: not_found',
  (beat_id) => {
    expect(decode({ type: 'cursor_move', beat_id, position: 0 })).toMatchObject({
      ...{ ok: false, code: 'not_found', path: 'beat_id' },
    })
  },
)

test('ids: 1 and 2^31 − 1 are the first and the last', () => {
  for (const beat_id of [1, 2 ** 31 - 1]) {
    expect(decode({ type: 'cursor_move', beat_id, position: 0 }).ok).toBe(true)
  }
})

test(`wire-total: every text gives a message or a named refusal (seed ${SEED})`, () => {
  const value = fc.jsonValue({ maxDepth: 3 })
  const near = fc.record(
    {
      type: fc.oneof(fc.constantFrom(...CLIENT_MESSAGE_TYPES), fc.string()),
      ...{ request_id: value, beat_id: fc.oneof(fc.integer(), value), changes: value, base: value },
      ...{
        position: fc.oneof(fc.nat(), value),
        token: value,
        timestamp: value,
        field: value,
        scene_id: value,
      },
    },
    { requiredKeys: ['type'] },
  )
  const anything = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.json(),
    near.map((message) => JSON.stringify(message)),
  )
  fc.assert(
    fc.property(anything, (text) => {
      const decoded = decodeClientMessage(text)
      if (decoded.ok) expect(CLIENT_MESSAGE_TYPES).toContain(decoded.message.type)
      else expect(ERROR_CODES).toContain(decoded.code)
    }),
    { seed: SEED, numRuns: 5_000 },
  )
}, 30_000)

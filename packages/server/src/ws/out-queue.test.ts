import { decodeServerFrame, encodeServerFrame, LIMITS } from '@storyweave/protocol'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { OutQueue } from './out-queue.ts'

/** A wire whose reader takes only what the test lets it take. */
function slowWire() {
  const sent: (string | Uint8Array)[] = []
  const unread: (() => void)[] = []
  const wire = {
    send: (data: string | Uint8Array, out: () => void) => {
      sent.push(data)
      unread.push(out)
    },
  }
  let repeats = 0
  const queue = new OutQueue(wire, () => {
    repeats += 1
  })
  const read = (count = unread.length) => {
    for (const out of unread.splice(0, count)) out()
  }
  return { queue, sent, read, repeats: () => repeats }
}

const KiB = 1024
const text = (bytes: number) => 'x'.repeat(bytes)
const SLOW = text(256 * KiB)

/** Updates of one writer, each a letter. */
function typing(letters: string): Uint8Array[] {
  const doc = new Y.Doc()
  const updates: Uint8Array[] = []
  doc.on('update', (update: Uint8Array) => updates.push(update))
  for (const letter of letters) doc.getText('goal').insert(doc.getText('goal').length, letter)
  return updates.map((update) => encodeServerFrame({ type: 'update', key: 'beat/1', update }))
}

function read(frames: readonly (string | Uint8Array)[]): string {
  const doc = new Y.Doc()
  for (const data of frames) {
    const frame = typeof data === 'string' ? undefined : decodeServerFrame(data)
    if (frame?.type === 'update') Y.applyUpdate(doc, frame.update)
  }
  return doc.getText('goal').toString()
}

test('slow-reader: presence is dropped first', () => {
  const { queue, sent, read } = slowWire()
  queue.send('presence 1', 'presence', 0)
  queue.send(SLOW, 'told', 0)
  queue.send('presence 2', 'presence', 0)
  read()
  queue.send('presence 3', 'presence', 0)
  expect(sent.map((data) => data.slice(0, 10))).toEqual(['presence 1', SLOW.slice(0, 10), 'presence 3'])
})

test('slow-reader: who missed presence is told of it when they have caught up, once, and nobody else', () => {
  const { queue, read, repeats } = slowWire()
  queue.send('presence 1', 'presence', 0)
  queue.send(SLOW, 'told', 0)
  read()
  expect(repeats()).toBe(0)
  const [update = new Uint8Array()] = typing('a')
  queue.send(SLOW, 'told', 0)
  queue.send(update, 'told', 0)
  queue.send('presence 2', 'presence', 0)
  read(1)
  // The update that was held is on its way, and small: there is room again.
  expect(repeats()).toBe(1)
  read()
  read()
  expect(repeats()).toBe(1)
})

test('slow-reader: then updates wait and are merged, and nothing of them is lost or overtaken', () => {
  const { queue, sent, read: taken } = slowWire()
  const updates = typing('abcdefgh')
  queue.send(SLOW, 'told', 0)
  for (const update of updates.slice(0, 4)) queue.send(update, 'told', 0)
  expect(sent).toHaveLength(1)
  queue.send('an event', 'told', 0)
  taken(1)
  for (const update of updates.slice(4)) queue.send(update, 'told', 0)
  expect(sent).toEqual([SLOW, 'an event'])
  taken()
  expect(sent).toHaveLength(3)
  expect(read(sent)).toBe('abcdefgh')
})

test('slow-reader: updates held in their thousands are merged in the time of their number', () => {
  const { queue, sent, read: taken } = slowWire()
  const letters = 'x'.repeat(20_000)
  queue.send(SLOW, 'told', 0)
  for (const update of typing(letters)) queue.send(update, 'told', 0)
  taken()
  expect(sent.length).toBeLessThan(20_000 / 50)
  expect(read(sent)).toBe(letters)
})

test('slow-reader: what was asked for brings what was held before it, and does not count itself', () => {
  const { queue, sent } = slowWire()
  queue.send(SLOW, 'told', 0)
  for (const update of typing('ab')) queue.send(update, 'told', 0)
  for (let n = 0; n < 20; n++) queue.send(text(1024 * KiB), 'asked', 0)
  expect(read(sent.slice(1, 2))).toBe('ab')
  expect(queue.send('told', 'told', 0)).toBe(true)
})

test('slow-reader: beyond 4 MiB it is too slow, merged updates included', () => {
  const { queue } = slowWire()
  for (let bytes = 0; bytes < LIMITS.slowReaderBytes; bytes += SLOW.length) {
    expect(queue.send(SLOW, 'told', 0)).toBe(true)
  }
  const [one, two] = typing('ab') as [Uint8Array, Uint8Array]
  expect(queue.send(one, 'told', 0)).toBe(true)
  expect(queue.send(two, 'told', 0)).toBe(false)
})

test('slow-reader: one long update closes nobody who reads, neither at once nor with what follows it', () => {
  const { queue, sent, read } = slowWire()
  const long = new Uint8Array(3 * LIMITS.slowReaderBytes)
  for (let n = 0; n < 3; n++) {
    expect(queue.send('an event', 'told', 0)).toBe(true)
    expect(queue.send(long, 'told', 0)).toBe(true)
    expect(queue.send('an event', 'told', 0)).toBe(true)
    read()
  }
  expect(sent).toHaveLength(9)
  for (let n = 0; n < 3; n++) expect(queue.send(long, 'told', 0)).toBe(true)
  expect(queue.send('an event', 'told', 0)).toBe(false)
})

test('slow-reader: it is too slow when a frame waits for more than 10 s, not when there is always another', () => {
  const { queue, read } = slowWire()
  let now = 0
  queue.send('first', 'told', now)
  for (; now < 60_000; now += 1_000) {
    expect(queue.send('next', 'told', now)).toBe(true)
    read(1)
  }
  expect(queue.send('last', 'told', now + 9_000)).toBe(true)
  expect(queue.send('late', 'told', now + 9_001)).toBe(false)
})

test('slow-reader: held updates are as old as the first of them', () => {
  const { queue, read } = slowWire()
  const [one, two] = typing('ab') as [Uint8Array, Uint8Array]
  queue.send(SLOW, 'told', 0)
  queue.send(one, 'told', 1_000)
  queue.send(two, 'told', 8_000)
  read()
  expect(queue.send('x', 'told', 11_000)).toBe(true)
  expect(queue.send('x', 'told', 11_001)).toBe(false)
})

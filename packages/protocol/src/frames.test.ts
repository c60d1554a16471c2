import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type ClientFrame,
  decodeClientFrame,
  decodeServerFrame,
  encodeClientFrame,
  encodeServerFrame,
  isPingFrame,
  isPongFrame,
  PING_FRAME,
  PONG_FRAME,
  type ServerFrame,
} from './frames.ts'
import { LIMITS } from './limits.ts'

const SEED = 20_260_105

const key = fc.oneof(
  fc.nat().map((id) => `beat/${id}`),
  fc
    .tuple(fc.nat(), fc.string({ unit: 'binary', maxLength: 40 }))
    .map(([id, tab]) => `beat/${id}\u0000${tab}`),
)
const bytes = fc.uint8Array({ maxLength: 300 })
const words = fc.string({ unit: 'binary', maxLength: 60 })

const frameOf = <Type extends string, Fields extends object>(
  type: Type,
  fields: { [K in keyof Fields]: fc.Arbitrary<Fields[K]> },
) => fc.record({ type: fc.constant(type), key, ...fields } as { type: fc.Arbitrary<Type>; key: typeof key })

const shared = [
  frameOf('step1', { stateVector: bytes }),
  frameOf('step2', { update: bytes }),
  frameOf('update', { update: bytes }),
  frameOf('awareness', { update: bytes }),
  frameOf('query_awareness', {}),
]
const clientFrame = fc.oneof(
  ...shared,
  frameOf('auth', { token: words }),
  frameOf('close', {}),
) as fc.Arbitrary<Exclude<ClientFrame, { type: 'ignored' }>>
const serverFrame = fc.oneof(
  ...shared,
  frameOf('auth_wanted', {}),
  frameOf('denied', { reason: words }),
  frameOf('scope', { scope: fc.constantFrom('read-write', 'readonly') }),
  frameOf('stateless', { payload: words }),
  frameOf('close', { reason: words }),
  frameOf('sync_status', { accepted: fc.boolean() }),
) as fc.Arbitrary<ServerFrame>

test(`a client’s frame is read as it was written (seed ${SEED})`, () => {
  fc.assert(
    fc.property(clientFrame, (frame) => {
      expect(decodeClientFrame(encodeClientFrame(frame))).toEqual(frame)
    }),
    { seed: SEED, numRuns: 2_000 },
  )
})

test(`a server’s frame is read as it was written (seed ${SEED})`, () => {
  fc.assert(
    fc.property(serverFrame, (frame) => {
      expect(decodeServerFrame(encodeServerFrame(frame))).toEqual(frame)
    }),
    { seed: SEED, numRuns: 2_000 },
  )
})

test(`wire-total: any bytes are a frame or none, and nothing throws (seed ${SEED})`, () => {
  const cut = fc.tuple(clientFrame, fc.nat()).map(([frame, at]) => {
    const whole = encodeClientFrame(frame)
    return whole.slice(0, at % whole.length)
  })
  fc.assert(
    fc.property(fc.oneof(bytes, cut), (input) => {
      const [client, server] = [decodeClientFrame(input), decodeServerFrame(input)]
      for (const frame of [client, server]) if (frame !== undefined) expect(typeof frame.key).toBe('string')
    }),
    { seed: SEED, numRuns: 10_000 },
  )
})

test('wire-total: a cut frame is never taken for a shorter one', () => {
  const frame = encodeClientFrame({ type: 'update', key: 'beat/1', update: new Uint8Array(20) })
  for (let end = 0; end < frame.length; end++)
    expect(decodeClientFrame(frame.subarray(0, end))).toBeUndefined()
})

test('wire-format: these are the bytes of Hocuspocus', () => {
  const written = [
    encodeClientFrame({ type: 'step1', key: 'b', stateVector: Uint8Array.of(7) }),
    encodeClientFrame({ type: 'update', key: 'b', update: Uint8Array.of(7, 8) }),
    encodeClientFrame({ type: 'auth', key: 'b', token: 't' }),
    encodeServerFrame({ type: 'denied', key: 'b', reason: 'no' }),
    encodeServerFrame({ type: 'scope', key: 'b', scope: 'readonly' }),
    encodeServerFrame({ type: 'sync_status', key: 'b', accepted: true }),
    encodeServerFrame({ type: 'sync_status', key: 'b', accepted: false }),
    encodeServerFrame({ type: 'close', key: 'b', reason: '' }),
  ]
  const b = [1, 98]
  expect(written.map((frame) => [...frame])).toEqual([
    [...b, 0, 0, 1, 7],
    [...b, 0, 2, 2, 7, 8],
    [...b, 2, 0, 1, 116],
    [...b, 2, 1, 2, 110, 111],
    [...b, 2, 2, 8, ...[...'readonly'].map((letter) => letter.charCodeAt(0))],
    [...b, 8, 1],
    [...b, 8, 0],
    [...b, 7, 0],
  ])
})

test('wire-format: a version behind a token is let be', () => {
  const auth = encodeClientFrame({ type: 'auth', key: 'b', token: 't' })
  const versioned = Uint8Array.of(...auth, 1, 52)
  expect(decodeClientFrame(versioned)).toEqual({ type: 'auth', key: 'b', token: 't' })
})

test('unknown-type: a frame of an unknown number, or of one that has no effect, is read as such', () => {
  for (const number of [4, 5, 6, 8, 9, 10, 127]) {
    expect(decodeClientFrame(Uint8Array.of(1, 98, number))).toEqual({ type: 'ignored', key: 'b', number })
  }
})

test('key-size: a key has 256 bytes at most', () => {
  const named = (length: number) => encodeClientFrame({ type: 'query_awareness', key: 'x'.repeat(length) })
  expect(decodeClientFrame(named(LIMITS.keyBytes))?.key).toHaveLength(LIMITS.keyBytes)
  expect(decodeClientFrame(named(LIMITS.keyBytes + 1))).toBeUndefined()
  expect(decodeClientFrame(named(100_000))).toBeUndefined()
})

test('pings: question and answer are one byte each, and no document frames', () => {
  expect([[...PING_FRAME], [...PONG_FRAME]]).toEqual([[9], [10]])
  expect([isPingFrame(PING_FRAME), isPongFrame(PONG_FRAME)]).toEqual([true, true])
  expect([isPingFrame(PONG_FRAME), isPongFrame(PING_FRAME), isPongFrame(Uint8Array.of(10, 0))]).toEqual([
    ...[false, false, false],
  ])
  for (const frame of [PING_FRAME, PONG_FRAME]) expect(decodeClientFrame(frame)).toBeUndefined()
})

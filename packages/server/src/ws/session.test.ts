import { CLOSE, encodeClientFrame, LIMITS, PING_FRAME, PONG_FRAME } from '@storyweave/protocol'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Client, SocketHouse, until } from './testing.ts'

let house: SocketHouse
beforeEach(async () => {
  house = await SocketHouse.open()
})
afterEach(() => house.close())

const DOCUMENTS = '/collaboration/documents/story/1'
const STEP1 = encodeClientFrame({ type: 'step1', key: 'beat/1', stateVector: Uint8Array.of(0) })

/** The socket lives: what it says reaches the room. */
async function expectAlive(client: Client): Promise<void> {
  const { messages } = house.seat
  const before = messages.length
  client.say({ type: 'ping' })
  await until(() => messages.length === before + 1)
  expect(client.closed).toBeUndefined()
}

test.each([
  ['bad_json', '{"type":', {}],
  ['bad_message', '[1]', {}],
  ['bad_message', '{"type":7,"request_id":1}', { path: 'type', request_id: 1 }],
  ['unknown_type', '{"type":"dance","request_id":"a"}', { request_id: 'a' }],
  ['bad_message', '{"type":"edit","beat_id":1,"changes":{"title":7}}', { path: 'changes.title' }],
  ['bad_message', '{"type":"edit","beat_id":1,"changes":{"title":"a\\u0000"}}', { path: 'changes.title' }],
  ['not_found', '{"type":"edit","beat_id":-1,"changes":{"title":"a"}}', { path: 'beat_id' }],
])('bad-messages: %s for %s, and the socket lives', async (code, text, details) => {
  const client = await house.enter(1)
  client.say(text)
  expect(await client.hears()).toMatchObject({ type: 'error', code, ...details })
  await expectAlive(client)
})

test('unknown-type: one of JSON is told, and the socket lives', async () => {
  const client = await house.enter(1)
  client.say({ type: 'toString' })
  expect(await client.hears()).toMatchObject({ code: 'unknown_type' })
  await expectAlive(client)
})

test('bad-messages: a binary frame that can’t be read is told, and the socket lives', async () => {
  const client = await house.enter(1)
  client.socket.send(Uint8Array.of(200, 1))
  expect(await client.hears()).toMatchObject({ type: 'error', code: 'bad_message' })
  await expectAlive(client)
})

test('too-large: a JSON message over 64 KiB is told so, and the socket lives', async () => {
  const client = await house.enter(1)
  const padded = (bytes: number) => {
    const empty = JSON.stringify({ type: 'ping', pad: '' })
    return JSON.stringify({ type: 'ping', pad: 'x'.repeat(bytes - empty.length) })
  }
  client.say(padded(LIMITS.jsonMessageBytes + 1))
  expect(await client.hears()).toMatchObject({ type: 'error', code: 'too_large' })
  client.say(padded(LIMITS.jsonMessageBytes))
  await until(() => house.seat.messages.length === 1)
  await expectAlive(client)
})

test('too-big: a frame over 16 MiB closes with 1009, one of 16 MiB does not', async () => {
  const client = await house.enter(1)
  const update = new Uint8Array(LIMITS.documentFrameBytes - 13)
  const frame = encodeClientFrame({ type: 'update', key: 'beat/1', update })
  expect(frame.length).toBe(LIMITS.documentFrameBytes)
  client.socket.send(frame)
  await until(() => house.seat.frames.length === 1)
  client.socket.send(new Uint8Array(LIMITS.documentFrameBytes + 1))
  expect(await client.gone()).toBe(CLOSE.tooBig)
})

test('documents-only: text on such a socket is noted and ignored, and no text is ever sent', async () => {
  const client = await house.enter(1, DOCUMENTS)
  client.say({ type: 'ping' })
  client.say('nonsense')
  client.socket.send(Uint8Array.of(200, 1))
  client.socket.send(STEP1)
  await until(() => house.seat.frames.length === 1)
  await house.sockets.goAway({ retryAfterMs: 1_000, overMs: 0 })
  expect(await client.gone()).toBe(CLOSE.goingAway)
  expect([client.messages, house.seat.messages]).toEqual([[], []])
  expect(house.notes).toEqual(['text_on_documents_socket', 'text_on_documents_socket', 'bad_frame'])
})

test('frames-in-order: JSON and documents share a socket, each in its own order', async () => {
  const client = await house.enter(1)
  for (let n = 0; n < 20; n++) {
    client.say({ type: 'ping', request_id: n })
    client.socket.send(encodeClientFrame({ type: 'update', key: `beat/${n}`, update: Uint8Array.of(n) }))
  }
  await until(() => house.seat.frames.length === 20)
  expect(house.seat.messages.map(({ request_id }) => request_id)).toEqual(
    Array.from({ length: 20 }, (_, n) => n),
  )
  expect(house.seat.frames.map(({ frame }) => frame.key)).toEqual(
    Array.from({ length: 20 }, (_, n) => `beat/${n}`),
  )
})

test('pings: every 20 s the server asks, and documents sockets are asked in a frame of one byte, too', async () => {
  const [json, documents] = [await house.enter(1), await house.enter(1, DOCUMENTS)]
  await house.timers.pass(LIMITS.pingMs - 1)
  expect([json.pings, documents.pings]).toEqual([0, 0])
  await house.timers.pass(1)
  await until(() => json.pings === 1 && documents.pings === 1 && documents.frames.length === 1)
  expect(documents.frames).toEqual([PING_FRAME])
  documents.socket.send(PONG_FRAME)
  documents.socket.send(STEP1)
  await until(() => house.seat.frames.length === 1)
  expect([json.frames, house.notes]).toEqual([[], []])
})

test('silence: a socket silent for 60 s is closed, any frame breaks the silence', async () => {
  const quiet = await house.enter(1)
  quiet.socket.pause()
  const talking = await house.enter(2)
  for (let s = 20; s <= 60; s += 20) {
    expect(house.sockets.size).toBe(2)
    await house.timers.pass(LIMITS.pingMs)
    await until(() => talking.pings === s / 20)
    await expectAlive(talking)
  }
  await until(() => house.sockets.size === 1 && house.seats[0]?.hasLeft === true)
  await expectAlive(talking)
})

test('silence: a pong breaks it', async () => {
  const client = await house.enter(1)
  for (let n = 1; n <= 6; n++) {
    await house.timers.pass(LIMITS.pingMs)
    await until(() => client.pings === n)
    // The pong leaves before this message does.
    await expectAlive(client)
  }
  expect(house.sockets.size).toBe(1)
})

test('json-rate: 300 at once, then rate_limited; after 10 s of ignoring it the socket closes with 4429', async () => {
  const client = await house.enter(1)
  const send = (count: number) => {
    for (let n = 0; n < count; n++) client.say({ type: 'ping' })
  }
  send(LIMITS.jsonBurst + 1)
  expect(await client.hears()).toMatchObject({ type: 'error', code: 'rate_limited', retry_after_ms: 10 })
  expect(house.seat.messages).toHaveLength(LIMITS.jsonBurst)
  for (let ms = 0; ms < LIMITS.rateIgnoredMs - 500; ms += 500) {
    await house.timers.pass(500)
    send(60)
    await until(() => client.messages.length >= 10)
    client.messages.length = 0
  }
  expect(client.closed).toBeUndefined()
  await house.timers.pass(500)
  send(60)
  expect(await client.gone()).toBe(CLOSE.rate)
})

test('token-expiring: is told a minute before, and answered by a token of the same person', async () => {
  house.tokensEndAt = house.timers.now() + 120_000
  const client = await house.enter(1)
  await house.timers.pass(40_000)
  await expectAlive(client)
  expect(client.messages).toEqual([])
  await house.timers.pass(20_000)
  const expires_at = new Date(house.tokensEndAt).toISOString()
  expect(await client.hears()).toEqual({ type: 'token_expiring', expires_at })
  house.tokensEndAt = null
  for (const token of ['as-2', 'forged']) {
    client.say({ type: 'auth', token, request_id: token })
    expect(await client.hears()).toMatchObject({ type: 'error', code: 'unauthenticated', request_id: token })
  }
  client.say({ type: 'auth', token: 'as-1', request_id: 3 })
  expect(await client.hears()).toEqual({ type: 'ack', request_id: 3 })
  for (let n = 0; n < 6; n++) {
    await house.timers.pass(20_000)
    await expectAlive(client)
  }
  expect(client.messages).toEqual([])
})

test('token-expiring: not answered, the socket closes with 4401', async () => {
  house.tokensEndAt = house.timers.now() + 40_000
  const client = await house.enter(1)
  await house.timers.pass(20_000)
  expect(await client.hears()).toMatchObject({ type: 'token_expiring' })
  await house.timers.pass(20_000)
  expect(await client.gone()).toBe(CLOSE.signedOut)
  expect(client.messages).toEqual([])
})

test('signed-out: when a session ends its sockets close with 4401, others live', async () => {
  const [one, two] = [await house.enter(1), await house.enter(2)]
  house.sockets.sessionEnded('session of 1')
  expect(await one.gone()).toBe(CLOSE.signedOut)
  await expectAlive(two)
})

test.each(['/collaboration/ws/story/1?token=as-1', DOCUMENTS])(
  'signed-out: while a socket is coming in to %s, too',
  async (path) => {
    const { roles } = house
    const roleOf = roles.get.bind(roles)
    roles.set(1, 'editor')
    roles.get = (userId) => {
      house.endSession('session of 1')
      return roleOf(userId)
    }
    const client = house.connect(path)
    await client.opened()
    if (path === DOCUMENTS) {
      client.socket.send(encodeClientFrame({ type: 'auth', key: 'beat/1', token: 'as-1' }))
    }
    expect(await client.gone()).toBe(CLOSE.signedOut)
    await until(() => house.sockets.size === 0)
    expect([house.seats, house.notes]).toEqual([[], []])
  },
)

test('signed-out: while a newer token is looked at, too', async () => {
  const client = await house.enter(1)
  client.say({ type: 'auth', token: 'as-1-phone', request_id: 1 })
  expect(await client.hears()).toEqual({ type: 'ack', request_id: 1 })
  house.endedSessions.add('session of 1-laptop')
  client.say({ type: 'auth', token: 'as-1-laptop', request_id: 2 })
  expect(await client.gone()).toBe(CLOSE.signedOut)
  expect(client.messages).toEqual([])
})

test('going-away: everyone is told how long to stay away, and closed with 1001', async () => {
  const client = await house.enter(1)
  await house.sockets.goAway({ retryAfterMs: 2_500, overMs: 0 })
  expect(await client.gone()).toBe(CLOSE.goingAway)
  expect(client.messages).toEqual([{ type: 'going_away', retry_after_ms: 2_500 }])
})

test('going-away: of several nodes one closes its sockets over a while, and lets nobody in any more', async () => {
  const client = await house.enter(1)
  const gone = house.sockets.goAway({ retryAfterMs: 500, overMs: 3_000 })
  expect(await client.hears()).toEqual({ type: 'going_away', retry_after_ms: 500 })
  await house.timers.pass(1_400)
  expect(client.socket.readyState).toBe(client.socket.OPEN)
  const late = await house.refusal('/collaboration/ws/story/1?token=as-1')
  expect(late.status).toBe(503)
  await house.timers.pass(100)
  await gone
  expect(await client.gone()).toBe(CLOSE.goingAway)
})

test('goodbye: after the server has said it nothing is heard, and the room is left', async () => {
  const client = await house.enter(1)
  house.seat.connection.close(CLOSE.accessRevoked, 'access revoked')
  client.say({ type: 'ping' })
  client.socket.send(STEP1)
  expect(await client.gone()).toBe(CLOSE.accessRevoked)
  await until(() => house.seat.hasLeft)
  expect([house.seat.messages, house.seat.frames]).toEqual([[], []])
})

test('slow-reader: with more than 4 MiB unread it is closed with 4408, and resyncs', async () => {
  const client = await house.enter(1)
  client.socket.pause()
  const { connection } = house.seat
  // What the kernel holds is no longer in this process; what is over that counts.
  for (let mib = 0; mib < 64 && client.closed === undefined; mib++) {
    connection.send('x'.repeat(1024 * 1024), 'told')
  }
  client.socket.removeAllListeners('message')
  client.socket.resume()
  expect(await client.gone()).toBe(CLOSE.tooSlow)
})

test('slow-reader: the room hears when a reader who missed presence has caught up', async () => {
  const client = await house.enter(1)
  const { connection } = house.seat
  // None of it has left this process before the next line.
  connection.send(JSON.stringify('x'.repeat(1024 * 1024)), 'told')
  connection.send(JSON.stringify('who is here'), 'presence')
  await until(() => house.seat.caughtUp === 1)
  await expectAlive(client)
  expect(house.seat.caughtUp).toBe(1)
})

test('back-pressure: a paused socket is not read, and goes on where it was', async () => {
  const client = await house.enter(1)
  const { connection, frames } = house.seat
  connection.pause(true)
  for (let n = 0; n < 10; n++) client.socket.send(STEP1)
  const other = await house.enter(2)
  await expectAlive(other)
  expect(frames).toEqual([])
  connection.pause(false)
  await until(() => frames.length === 10)
})

test('back-pressure: who takes nothing of what it asked for is not read, and is answered as it takes it', async () => {
  const client = await house.enter(1)
  const { connection, frames } = house.seat
  const answer = new Uint8Array(1024 * 1024)
  house.answer = () => connection.send(answer, 'asked')
  client.socket.pause()
  // Small enough to come in one piece: the library hands all of it over, paused or not.
  for (let n = 0; n < 70; n++) client.socket.send(STEP1)
  client.say({ type: 'ping' })
  const other = await house.enter(2)
  await until(() => frames.length >= 33)
  await expectAlive(other)
  expect(frames.length).toBeLessThan(55)
  expect(house.seats[0]?.messages).toEqual([])
  client.socket.resume()
  await until(() => frames.length === 70 && client.frames.length === 70)
  await until(() => house.seats[0]?.messages.length === 1)
})

test('back-pressure: what waited of a socket that closes is heard, its questions are not', async () => {
  const client = await house.enter(1)
  const { connection, frames } = house.seat
  const update = encodeClientFrame({ type: 'update', key: 'beat/1', update: Uint8Array.of(1) })
  const messages = [STEP1, update, STEP1, update]
  house.answer = () => connection.pause(true)
  for (const frame of messages) client.socket.send(frame)
  client.socket.close()
  await until(() => house.seats[0]?.hasLeft === true)
  expect(frames.map(({ frame }) => frame.type)).toEqual(['step1', 'update', 'update'])
})

test('silence: a socket that the server does not read is not silent, and has its time anew when it is read', async () => {
  const client = await house.enter(1)
  const { connection } = house.seat
  client.socket.pause()
  connection.pause(true)
  for (let s = 0; s < 120; s += 20) await house.timers.pass(LIMITS.pingMs)
  expect(house.sockets.size).toBe(1)
  connection.pause(false)
  await house.timers.pass(LIMITS.silenceMs - 1)
  expect(house.sockets.size).toBe(1)
  await house.timers.pass(LIMITS.pingMs)
  await until(() => house.sockets.size === 0)
})

test('silence: who takes nothing of what it asked for is closed after ten minutes', async () => {
  const client = await house.enter(1)
  const { connection } = house.seat
  client.socket.pause()
  for (let mib = 0; mib < 64; mib++) connection.send(new Uint8Array(1024 * 1024), 'asked')
  await house.timers.pass(9 * 60_000)
  expect(house.sockets.size).toBe(1)
  await house.timers.pass(60_000)
  await until(() => house.sockets.size === 0)
})

import { CLOSE, type ClientFrame, decodeServerFrame, encodeClientFrame, LIMITS } from '@storyweave/protocol'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Client, SocketHouse, until } from './testing.ts'

let house: SocketHouse
let client: Client
beforeEach(async () => {
  house = await SocketHouse.open()
  house.roles.set(1, 'editor')
  client = house.connect('/collaboration/documents/story/1')
  await client.opened()
})
afterEach(() => house.close())

type Sent = Exclude<ClientFrame, { type: 'ignored' }>
const send = (frame: Sent) => client.socket.send(encodeClientFrame(frame))
const auth = (key: string, token: string): Sent => ({ type: 'auth', key, token })
const update = (key: string, n: number): Sent => ({ type: 'update', key, update: Uint8Array.of(n) })
const heard = () => client.frames.map((bytes) => decodeServerFrame(bytes))

test('nameless: the first good Auth names the socket, and held frames follow in order', async () => {
  const frames = [update('beat/1', 1), auth('beat/1', 'as-1'), update('beat/2', 2), auth('beat/2', 'as-1')]
  for (const frame of frames) send(frame)
  await until(() => house.seats.length === 1 && house.seat.frames.length === 4)
  send(update('beat/1', 3))
  await until(() => house.seat.frames.length === 5)
  const passed = house.seat.frames.map(({ frame }) => frame)
  // The Auth that named the socket stands for the socket's own person; the other one is looked at by the room.
  expect(passed).toEqual([
    frames[0],
    auth('beat/1', ''),
    frames[2],
    auth('beat/2', 'as-1'),
    update('beat/1', 3),
  ])
  expect(house.seat.visitor).toMatchObject({ userId: 1, documentsOnly: true })
})

test('nameless: an Auth that names nobody, or a stranger, denies its key, and another may follow', async () => {
  send(update('beat/1', 1))
  for (const token of ['forged', '', 'as-2']) send(auth('beat/1', token))
  await until(() => client.frames.length === 3)
  expect(heard()).toEqual(
    Array.from({ length: 3 }, () => ({ type: 'denied', key: 'beat/1', reason: 'permission_denied' })),
  )
  send(auth('beat/2', 'as-1'))
  await until(() => house.seats.length === 1 && house.seat.frames.length > 0)
  expect(house.seat.frames.map(({ frame }) => frame.key)).toEqual(['beat/2'])
})

test('nameless: who is not named within 10 s is closed with 4401', async () => {
  send(update('beat/1', 1))
  await house.timers.pass(LIMITS.authMs - 1)
  expect(client.closed).toBeUndefined()
  await house.timers.pass(1)
  expect(await client.gone()).toBe(CLOSE.signedOut)
  expect(house.seats).toEqual([])
})

test('nameless: it may send 100 frames before it is named, and no more', async () => {
  for (let n = 0; n < LIMITS.heldFrames; n++) send(update('beat/1', n))
  client.say('text is nothing here')
  await until(() => house.notes.includes('bad_frame'))
  expect(client.closed).toBeUndefined()
  send(auth('beat/1', 'as-1'))
  expect(await client.gone()).toBe(CLOSE.signedOut)
})

test('nameless: it may send 1 MiB before it is named, and no more', async () => {
  send({ type: 'update', key: 'beat/1', update: new Uint8Array(LIMITS.heldBytes) })
  expect(await client.gone()).toBe(CLOSE.signedOut)
})

test('nameless: a socket that is gone before it is named leaves nothing behind', async () => {
  client.socket.terminate()
  await until(() => client.closed !== undefined)
  await house.timers.pass(LIMITS.authMs)
  expect([house.sockets.size, house.seats]).toEqual([0, []])
})

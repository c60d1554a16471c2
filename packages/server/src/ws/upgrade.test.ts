import type { Socket } from 'node:net'
import { LIMITS } from '@storyweave/protocol'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { SocketHouse, until } from './testing.ts'

let house: SocketHouse
beforeEach(async () => {
  house = await SocketHouse.open()
  house.roles.set(1, 'editor')
})
afterEach(() => house.close())

const STORY = '/collaboration/ws/story/1'

test.each([
  [401, 'unauthenticated', STORY, {}],
  [401, 'unauthenticated', `${STORY}?token=forged`, {}],
  [403, 'forbidden', `${STORY}?token=as-1`, { Origin: 'https://evil.example' }],
  [404, 'not_found', `${STORY}?token=as-2`, {}],
  [404, 'not_found', '/collaboration/ws/story/2?token=as-1', {}],
  [404, 'not_found', '/collaboration/documents/story/2?token=as-1', {}],
  [404, 'not_found', '/collaboration/ws/story/0?token=as-1', {}],
  [404, 'not_found', '/collaboration/ws/story/2147483648?token=as-1', {}],
  [404, 'not_found', '/collaboration/ws/story/one?token=as-1', {}],
  [404, 'not_found', '/collaboration/ws/story/1/?token=as-1', {}],
  [404, 'not_found', '/elsewhere', {}],
  [404, 'not_found', '//', {}],
])(
  'upgrade-refused: %i %s for %s, by HTTP and never by accepting and closing',
  async (status, code, path, headers) => {
    const refused = await house.refusal(path, headers)
    expect(refused).toMatchObject({ status, contentType: 'application/problem+json', body: { status, code } })
    expect([house.seats.length, house.notes]).toEqual([0, []])
  },
)

test('upgrade-refused: 429 for a person’s 21st socket in a story, until one is closed', async () => {
  const clients = []
  for (let n = 0; n < LIMITS.socketsPerPersonAndStory; n++) clients.push(await house.enter(1))
  expect(await house.refusal(`${STORY}?token=as-1`)).toMatchObject({
    status: 429,
    body: { code: 'rate_limited' },
  })
  house.roles.set(2, 'viewer')
  await house.enter(2)
  clients[0]?.socket.close()
  await until(() => house.sockets.size === LIMITS.socketsPerPersonAndStory)
  await house.enter(1)
})

test('upgrade-refused: 429 for the 1,001st socket in a story', async () => {
  const people = LIMITS.socketsPerStory / LIMITS.socketsPerPersonAndStory
  for (let n = 0; n < LIMITS.socketsPerStory; n++) {
    house.roles.set(10 + (n % people), 'viewer')
    house.connect(`${STORY}?token=as-${10 + (n % people)}`)
    if (n % 50 === 49) await until(() => house.seats.length === n + 1)
  }
  expect(await house.refusal(`${STORY}?token=as-1`)).toMatchObject({ status: 429 })
}, 20_000)

test('upgrade-refused: what fails inside is 500, and says nothing of the inside', async () => {
  house.roles.get = () => {
    throw new Error('select secret from database')
  }
  const refused = await house.refusal(`${STORY}?token=as-1`)
  expect(refused).toMatchObject({ status: 500, body: { code: 'internal' } })
  expect(JSON.stringify(refused.body)).not.toContain('secret')
  expect(house.notes).toEqual(['socket_failed'])
})

test('upgrade-granted: a connection that breaks afterwards is closed, and is nothing to report', async () => {
  const client = await house.enter(1)
  const socket = Reflect.get(client.socket, '_socket') as Socket
  socket.resetAndDestroy()
  await until(() => house.sockets.size === 0)
  expect(house.notes).toEqual([])
})

test('upgrade-granted: the room learns who came, with which schema and since when', async () => {
  await house.enter(1, STORY, '&schema=3&since=41')
  expect(house.seat.visitor).toMatchObject({
    ...{ userId: 1, name: 'Person 1', email: null, guest: false, role: 'editor', documentsOnly: false },
    ...{ schema: 3, since: 41, connectedAt: house.timers.now() },
  })
  await house.enter(1, '/collaboration/documents/story/1', '&schema=x&since=-1')
  expect(house.seat.visitor).toMatchObject({ documentsOnly: true, schema: undefined, since: undefined })
})

test('upgrade-granted: addresses are shown in open mode only', async () => {
  const open = await SocketHouse.open({ showsAddresses: true })
  await open.enter(1)
  expect(open.seat.visitor.email).toBe('1@example.org')
  await open.close()
})

test.each([
  ['gone', 4404],
  ['failing', 1001],
] as const)(
  'upgrade-granted: where the room is %s after it, the socket closes with %i',
  async (entrance, code) => {
    house.entrance = entrance
    const client = house.connect(`${STORY}?token=as-1`)
    expect(await client.gone()).toBe(code)
    await until(() => house.sockets.size === 0)
  },
)

test('upgrade-granted: what a client sends at once is not lost', async () => {
  const client = house.connect(`${STORY}?token=as-1`)
  client.socket.on('open', () => {
    for (let n = 0; n < 50; n++) client.say({ type: 'ping', request_id: n })
  })
  await until(() => house.seats.length === 1 && house.seat.messages.length === 50)
  expect(house.seat.messages.map(({ request_id }) => request_id)).toEqual(
    Array.from({ length: 50 }, (_, n) => n),
  )
})

import { Fault, PING_FRAME, PONG_FRAME } from '@storyweave/protocol'
import { expect, test } from 'vitest'
import { settled, World } from '../testing/world.ts'
import { Connection } from './driver.ts'

function connectionIn(world: World, since?: number) {
  const heard: unknown[] = []
  const connection = new Connection(
    world.ports(),
    { storyId: 7, schema: 2, since: () => since },
    {
      opened: () => heard.push('opened'),
      text: (data) => heard.push(data),
      bytes: (data) => heard.push(data),
      closed: () => heard.push('closed'),
      statusChanged: ({ state }) => heard.push(state),
    },
  )
  return { connection, heard }
}

async function opened(world: World, since?: number) {
  const made = connectionIn(world, since)
  made.connection.connect()
  await settled()
  world.socket.events.opened()
  return made
}

test('it asks for a ticket and opens a socket that names schema and the last event seen', async () => {
  const world = new World()
  world.ticket = async () => 'a&b'
  const { heard } = await opened(world, 41)
  expect(world.socket.path).toBe('/collaboration/ws/story/7?ticket=a%26b&schema=2&since=41')
  expect(heard).toEqual(['connecting', 'connected', 'opened'])
})

test('a ping is answered and not passed on; everything else is passed on', async () => {
  const world = new World()
  const { heard } = await opened(world)
  world.socket.events.bytes(PING_FRAME)
  expect(world.socket.sent).toEqual([PONG_FRAME])
  world.socket.events.bytes(Uint8Array.of(1, 2))
  world.socket.events.text('{}')
  expect(heard.slice(3)).toEqual([Uint8Array.of(1, 2), '{}'])
})

test('a refused ticket ends it; one that can not be had is asked for again', async () => {
  const world = new World()
  world.ticket = async () => {
    throw new TypeError('network')
  }
  const { connection } = connectionIn(world)
  connection.connect()
  await settled()
  expect(connection.status).toEqual({ state: 'waiting', attempt: 1, retryAt: world.clock.now() + 250 })
  world.ticket = async () => {
    throw new Fault('unauthenticated', 'signed out')
  }
  world.clock.advance(250)
  await settled()
  expect(connection.status).toEqual({ state: 'ended', reason: 'signed_out' })
  expect(world.clock.pending).toBe(0)
})

test('a socket that does not open asks the story why', async () => {
  const world = new World()
  const { connection } = connectionIn(world)
  connection.connect()
  await settled()
  world.socket.events.closed(1006)
  await settled()
  expect(connection.status.state).toBe('waiting')
  world.story = async () => {
    throw new Fault('not_found', 'no such story')
  }
  world.signal('online')
  await settled()
  world.socket.events.closed(1006)
  await settled()
  expect(connection.status).toEqual({ state: 'ended', reason: 'not_found' })
})

test('a silent socket is given up after 45 s, and nothing it still says is heard', async () => {
  const world = new World()
  const { heard } = await opened(world)
  const silent = world.socket
  world.clock.advance(30_000)
  silent.events.bytes(PING_FRAME)
  world.clock.advance(44_000)
  expect(silent.closedWith).toBeUndefined()
  world.clock.advance(1_000)
  expect(silent.closedWith).toBe(4000)
  await settled()
  expect(world.sockets).toHaveLength(2)
  const before = heard.length
  silent.events.text('late')
  silent.events.closed(1006)
  expect(heard).toHaveLength(before)
})

test('a ticket that comes after disconnect opens nothing', async () => {
  const world = new World()
  const { connection } = connectionIn(world)
  connection.connect()
  connection.disconnect()
  await settled()
  expect(world.sockets).toHaveLength(0)
  expect(connection.status).toEqual({ state: 'ended', reason: 'left' })
})

test('a ticket that hangs is given up after 15 s', async () => {
  const world = new World()
  world.ticket = () => new Promise(() => {})
  const { connection } = connectionIn(world)
  connection.connect()
  world.clock.advance(15_000)
  expect(connection.status.state).toBe('waiting')
})

test('after destroy no timer and no listener is left', async () => {
  const world = new World()
  const { connection, heard } = await opened(world)
  connection.destroy()
  expect(world.socket.closedWith).toBe(1000)
  expect(heard.at(-1)).toBe('ended')
  expect(world.clock.pending).toBe(0)
  expect(world.listeners).toBe(0)
})

import { Fault } from '@storyweave/protocol'
import { expect, test } from 'vitest'
import { AT, connected, sentTexts } from '../testing/room.ts'
import { settled, World } from '../testing/world.ts'

const expiring = { type: 'token_expiring', expires_at: AT } as const

test('a token that expires is renewed, where there is a new one', async () => {
  const { world, say } = await connected(new World(), { refreshToken: async () => 'fresh' })
  say(expiring)
  await settled()
  expect(sentTexts(world)).toEqual([{ type: 'auth', token: 'fresh', request_id: 'ask-1' }])
  say({ type: 'ack', request_id: 'ask-1' })
  await settled()
  expect(world.notes).toEqual([])
})

test('without a way to a new token nothing is sent', async () => {
  const { world, say } = await connected()
  say(expiring)
  await settled()
  expect([sentTexts(world), world.notes]).toEqual([[], []])
})

test('a token that can not be had, or is not taken, is noted, and the room goes on', async () => {
  let fetched = 0
  const refreshToken = async () => {
    if (fetched++ === 0) throw new Fault('unavailable', 'away')
    return 'stale'
  }
  const { world, say, seen } = await connected(new World(), { refreshToken })
  say(expiring)
  await settled()
  expect(world.notes).toEqual(['token_not_renewed'])
  say(expiring)
  await settled()
  say({ type: 'error', code: 'unauthenticated', message: 'stale', request_id: 'ask-1' })
  await settled()
  expect(world.notes).toEqual(['token_not_renewed', 'token_not_renewed'])
  expect(seen().connection).toEqual({ state: 'connected' })
})

test('who loses access while they look is told, and what they wrote stays on the device', async () => {
  const { world, room, say, seen } = await connected()
  const open = room.openBeat(10)
  await settled()
  open.getSnapshot().doc.getText('goal').insert(0, 'mine')
  await room.kept()
  say({ type: 'access_revoked' })
  world.socket.events.closed(4403)
  expect(seen().connection).toEqual({ state: 'ended', reason: 'access_revoked' })
  expect(await world.store.unsaved()).toEqual([{ name: 'beat/10', changes: 1 }])
})

test('chat and comments take their places in the count of events', async () => {
  const { world, say, seen } = await connected()
  const message = { id: 1, message: 'Hi', user_id: 2, user_name: 'Ada', mentions: [], beats: [] }
  say({ type: 'chat', ...message, client_id: null, timestamp: AT, story_seq: 6 })
  const by = { user_id: 2, user_name: 'Ada', timestamp: AT }
  say({ type: 'beat_deleted', beat_id: 10, story_seq: 7, ...by })
  expect(seen().beats.map(({ id }) => id)).toEqual([11])
  expect(world.sockets).toHaveLength(1)
})

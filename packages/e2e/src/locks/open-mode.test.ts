import { afterAll, beforeAll, expect, test } from 'vitest'
import { ServerProcess } from '../support/server-process.ts'
import { Wire } from '../support/wire.ts'

let server: ServerProcess

beforeAll(async () => {
  server = await ServerProcess.start({ AUTH_MODE: 'open' })
})
afterAll(() => server.remove())

/** As somebody who names themselves without proof. */
const enterAs = (id: number, name: string): Promise<Wire> => {
  const person = `user_id=${id}&user_name=${name}&user_email=${name.toLowerCase()}@example.com`
  return Wire.openAt(`${server.socketAddress}/collaboration/ws/story/1?${person}`)
}

test('lock-take: three plain messages without any name of a request: an edit, a lock and a word in the chat', async () => {
  const bob = await enterAs(2, 'Bob')
  const { server_time: before } = await bob.message('initial_state')
  const alice = await enterAs(1, 'Alice')
  const alone = { user_id: 1, user_name: 'Alice' }
  // Sent at once, before anything has come.
  alice.say({
    type: 'edit',
    beat_id: 1,
    changes: { title: 'New Title' },
    timestamp: new Date().toISOString(),
  })
  alice.say({ type: 'beat_lock', beat_id: 1, duration_minutes: 30 })
  alice.say({ type: 'chat', message: 'Hello!', timestamp: new Date().toISOString() })
  expect(await bob.message('edit')).toMatchObject({ ...alone, beat_id: 1, changes: { title: 'New Title' } })
  const locked = await bob.message('beat_lock')
  expect(locked).toMatchObject({ beat_id: 1, locked_by: 1, locked_by_name: 'Alice' })
  bob.say({ type: 'ping' })
  const { server_time: after } = await bob.message('pong')
  const taken = Date.parse(locked.expires_at) - 30 * 60_000
  expect(taken).toBeGreaterThanOrEqual(Date.parse(before))
  expect(taken).toBeLessThanOrEqual(Date.parse(after))
  expect(await bob.message('chat')).toMatchObject({ ...alone, message: 'Hello!' })
  alice.close()
  expect(await bob.message('beat_unlock')).toMatchObject({ beat_id: 1, reason: 'disconnected' })
  bob.close()
})

import { createContext, runInContext } from 'node:vm'
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

/** What people are shown to begin with, letter for letter. */
const CONNECT = `
// Connect to story room
const ws = new WebSocket(
  'ws://localhost:8080/collaboration/ws/story/1?user_id=1&user_name=Alice&user_email=alice@example.com'
);
`
const SEND = `
// Send edit
ws.send(JSON.stringify({
  type: 'edit',
  beat_id: 1,
  changes: { title: 'New Title' },
  timestamp: new Date().toISOString()
}));

// Lock beat
ws.send(JSON.stringify({
  type: 'beat_lock',
  beat_id: 1,
  duration_minutes: 30
}));

// Send chat message
ws.send(JSON.stringify({
  type: 'chat',
  message: 'Hello!',
  timestamp: new Date().toISOString()
}));
`

/** Runs the printed lines as a script of a page does, the second half once the socket is open. */
async function runPrinted(): Promise<{ close(): void }> {
  const page = createContext({ WebSocket })
  runInContext(CONNECT.replace('ws://localhost:8080', server.socketAddress), page)
  const ws = runInContext('ws', page) as WebSocket
  await new Promise<void>((resolve, reject) => {
    ws.addEventListener('open', () => resolve())
    ws.addEventListener('error', () => reject(new Error('The printed address was refused.')))
  })
  runInContext(SEND, page)
  return ws
}

test('lock-take: three plain messages without any name of a request: an edit, a lock and a word in the chat', async () => {
  const bob = await enterAs(2, 'Bob')
  const { server_time: before } = await bob.message('initial_state')
  const alice = await runPrinted()
  const alone = { user_id: 1, user_name: 'Alice' }
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

import { afterEach, beforeEach, expect, test } from 'vitest'
import WebSocket, { WebSocketServer } from 'ws'
import { addStory, describeEachDatabase } from '../db/testing.ts'
import { openTestHouse, type TestHouse } from './testing.ts'

let house: TestHouse
afterEach(() => house.close())

const SNIPPET = 'user_id=1&user_name=Alice&user_email=alice@example.com'

describeEachDatabase('open mode', (kind) => {
  beforeEach(async () => {
    house = await openTestHouse({
      kind,
      environment: { AUTH_MODE: 'open', ALLOWED_ORIGINS: 'https://blog.example' },
    })
  })

  test('open: people are who they say, and stay themselves under another name', async () => {
    const { body } = await house.fetch(`/who?${SNIPPET}`)
    expect(body).toEqual({
      userId: 1,
      name: 'Alice',
      email: 'alice@example.com',
      guest: false,
      via: 'open',
      sessionId: null,
      expiresAt: null,
    })
    await house.fetch('/who?user_id=1&user_name=Alicia', { method: 'POST', json: {} })
    await house.fetch('/who?user_id=7')
    const rows = await house.database.db.selectFrom('users').select(['id', 'name']).orderBy('id').execute()
    expect(rows).toEqual([
      { id: 1, name: 'Alicia' },
      { id: 7, name: 'Person 7' },
    ])
  })

  test('open: two people may give the same address, and many requests at once make one person', async () => {
    const asking = [1, 2, 2, 2, 2].map((id) => house.fetch(`/who?user_id=${id}&user_email=same@example.com`))
    const answers = await Promise.all(asking)
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
  })

  test('open: whoever names themselves joins story 1 as an editor, its owner stays its owner', async () => {
    const { userId } = await addStory(house.database)
    await house.fetch(`/who?user_id=${userId}`)
    await house.fetch('/who?user_id=9')
    await house.fetch('/who?user_id=9&user_name=Nina')
    const rows = await house.database.db.selectFrom('story_permissions').selectAll().execute()
    expect(rows).toMatchObject([{ story_id: 1, user_id: 9, role: 'editor', invited_by: userId }])
  })

  test.each(['0', '-1', '2147483648', '1.5', 'abc', ''])('open: user_id %j is nobody', async (id) => {
    const answer = await house.fetch(`/who?user_id=${id}`)
    expect(answer.status).toBe(401)
    expect(answer.body.detail).toContain('whole number from 1 to 2147483647')
  })

  test('open: a name that is too long or can not be stored is refused, none at all says how', async () => {
    expect((await house.fetch(`/who?user_id=1&user_name=${'x'.repeat(81)}`)).status).toBe(401)
    expect((await house.fetch('/who?user_id=1&user_name=%00')).status).toBe(401)
    const nobody = await house.fetch('/who')
    expect(nobody.status).toBe(401)
    expect(nobody.body.detail).toContain('?user_id=1&user_name=Alice')
  })

  test('open: only under a loopback name, and never for pages of other origins', async () => {
    const ask = (headers: Record<string, string>) =>
      house.app.inject({ url: `/who?${SNIPPET}`, headers: { host: 'localhost:8080', ...headers } })
    expect((await ask({})).statusCode).toBe(200)
    expect((await ask({ host: '[::1]:8080' })).statusCode).toBe(200)
    expect((await ask({ host: 'rebound.example' })).statusCode).toBe(403)
    expect((await ask({ host: 'localhost.evil.example' })).statusCode).toBe(403)
    expect((await ask({ origin: house.url })).statusCode).toBe(200)
    expect((await ask({ origin: 'https://blog.example' })).statusCode).toBe(200)
    expect((await ask({ origin: 'https://evil.example' })).statusCode).toBe(403)
    expect((await ask({ origin: 'null' })).statusCode).toBe(403)
  })

  test('open: there is nothing to sign up to, and no link', async () => {
    const answer = await house.fetch('/api/auth/sign-up/email', { method: 'POST', json: {} })
    expect(answer.status).toBe(404)
    expect(await house.auth.setupLink()).toBeUndefined()
  })

  test.each([
    ['from Node', undefined, 'Alice'],
    ['from a page of our own', () => house.url, 'Alice'],
    ['from a page of another origin', () => 'https://evil.example', 403],
  ])('open: the socket of the snippet opens %s: %j', async (_name, origin, expected) => {
    const sockets = new WebSocketServer({ noServer: true })
    house.app.server.on('upgrade', (request, socket, head) => {
      house.auth.identifyUpgrade({ headers: request.headers, url: request.url ?? '' }).then(
        (principal) =>
          sockets.handleUpgrade(request, socket, head, (open) => open.send(principal?.name ?? '')),
        () => socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n'),
      )
    })
    const url = `ws://127.0.0.1:${house.config.port}/collaboration/ws/story/1?${SNIPPET}`
    const socket = new WebSocket(url, origin === undefined ? {} : { origin: origin() })
    const outcome = await new Promise((resolve, reject) => {
      socket.on('message', (data) => resolve(String(data)))
      socket.on('unexpected-response', (_request, response) => resolve(response.statusCode))
      socket.on('error', reject)
    })
    socket.terminate()
    sockets.close()
    expect(outcome).toBe(expected)
  })
})

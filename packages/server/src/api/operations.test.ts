import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { takeTicket } from '../db/repositories/tickets.ts'
import { startTestServer, type TestPerson, type TestServer } from './testing.ts'

const METRICS_TOKEN = 'read-only-numbers'

describe('operations', () => {
  let server: TestServer
  let alice: TestPerson

  beforeAll(async () => {
    server = await startTestServer({ parts: { metricsToken: METRICS_TOKEN } })
    alice = await server.person('Alice')
  })
  afterAll(() => server.close())

  const anybody = (url: string, headers: Record<string, string> = {}) =>
    server.app.inject({ method: 'GET', url, headers })

  test('health: answered to anybody', async () => {
    expect((await anybody('/healthz')).json()).toEqual({ status: 'ok' })
    expect((await anybody('/readyz')).json()).toEqual({ status: 'ready' })
  })

  test('house: tells anybody whether it sends mail and whom it lets sign up', async () => {
    expect((await anybody('/api/house')).json()).toEqual({ mail: false, sign_up: 'open' })
    const mailer = { sendInvitation: async () => undefined, bundle: async () => undefined }
    const strict = await startTestServer({ parts: { mailer, signUp: 'invited' } })
    expect((await strict.app.inject('/api/house')).json()).toEqual({ mail: true, sign_up: 'invited' })
    await strict.close()
  })

  test('health: not ready where the database can’t be written, and alive all the same', async () => {
    const readOnly = await startTestServer({ kind: 'sqlite' })
    const { db } = readOnly.database
    await db.insertInto('house').values({ id: 1, owner_id: null, mode: 'accounts', created_at: 1 }).execute()
    expect((await readOnly.app.inject('/readyz')).statusCode).toBe(200)
    const house = await db.selectFrom('house').select('created_at').executeTakeFirst()
    expect(house).toEqual({ created_at: 1 })
    await sql`pragma query_only = on`.execute(db)
    const answer = await readOnly.app.inject('/readyz')
    expect([answer.statusCode, answer.json().code]).toEqual([503, 'unavailable'])
    expect((await readOnly.app.inject('/healthz')).statusCode).toBe(200)
    await sql`pragma query_only = off`.execute(db)
    expect((await readOnly.app.inject('/readyz')).statusCode).toBe(200)
    await readOnly.close()
  })

  test('health: not ready once the server is about to stop, and alive until it does', async () => {
    const state = { isStopping: false }
    const stopping = await startTestServer({ parts: { isStopping: () => state.isStopping } })
    expect((await stopping.app.inject('/readyz')).statusCode).toBe(200)
    state.isStopping = true
    expect((await stopping.app.inject('/readyz')).json()).toMatchObject({ status: 503, code: 'unavailable' })
    expect((await stopping.app.inject('/healthz')).statusCode).toBe(200)
    await stopping.close()
  })

  test('metrics: for whoever has the token, by route and not by path', async () => {
    await alice.get('/api/stories/77')
    for (const authorization of [undefined, 'Bearer wrong', `Basic ${METRICS_TOKEN}`]) {
      const answer = await anybody('/metrics', authorization === undefined ? {} : { authorization })
      expect([answer.statusCode, answer.json().code]).toEqual([401, 'unauthenticated'])
    }
    const { statusCode, body } = await anybody('/metrics', { authorization: `Bearer ${METRICS_TOKEN}` })
    expect(statusCode).toBe(200)
    expect(body).toContain(
      'storyweave_http_request_seconds_count{method="GET",route="/api/stories/:id",status="404"} 1',
    )
    expect(body).not.toContain('/api/stories/77')
  })

  test('metrics: open where no token is set', async () => {
    const open = await startTestServer()
    const { statusCode, headers } = await open.app.inject('/metrics')
    expect([statusCode, headers['content-type']]).toEqual([200, expect.stringContaining('text/plain')])
    await open.close()
  })

  test('me: who I am; a guest has no address', async () => {
    const { body } = await alice.get('/api/me')
    expect(body).toEqual({
      user_id: alice.id,
      name: 'Alice',
      email: expect.stringContaining('@'),
      color: '#b4452f',
      guest: false,
    })
    expect((await anybody('/api/me')).statusCode).toBe(401)
  })

  test('ticket: names me once, for 30 s, with the session it was bought with', async () => {
    const { status, body, headers } = await alice.post('/collaboration/ticket')
    expect(status).toBe(201)
    expect(body.expires_at).toBe(new Date(server.clock.now() + 30_000).toISOString())
    expect(headers['cache-control']).toBe('no-store')
    const { db } = server.database
    const holder = { userId: alice.id, sessionId: '7', sessionExpiresAt: null }
    expect(await takeTicket(db, body.ticket, server.clock.now())).toEqual(holder)
    expect(await takeTicket(db, body.ticket, server.clock.now())).toBeUndefined()
    const { body: late } = await alice.post('/collaboration/ticket')
    expect(late.ticket).not.toBe(body.ticket)
    expect(await takeTicket(db, late.ticket, server.clock.now() + 30_000)).toBeUndefined()
    expect(server.logged.join('')).not.toContain(body.ticket)
  })

  test('pages: one for a GET that no route knows, where there is one', async () => {
    const paged = await startTestServer({
      parts: {
        page: (request, reply) =>
          request.url.startsWith('/room') ? reply.type('text/html').send('<h1>Room</h1>') : undefined,
      },
    })
    expect((await paged.app.inject('/room/7')).body).toBe('<h1>Room</h1>')
    expect((await paged.app.inject('/api/nothing')).statusCode).toBe(404)
    expect((await paged.app.inject({ method: 'POST', url: '/room/7' })).statusCode).toBe(404)
    await paged.close()
  })
})

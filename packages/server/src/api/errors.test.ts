import { ERROR_CODES } from '@storyweave/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type TestPerson, type TestServer } from './testing.ts'

describe('refusals', () => {
  let server: TestServer
  let alice: TestPerson

  beforeAll(async () => {
    server = await startTestServer()
    alice = await server.person()
  })
  afterAll(() => server.close())

  const postText = (url: string, payload: string | Buffer, type = 'application/json') =>
    alice.send({ method: 'POST', url, payload, headers: { 'content-type': type } })

  test('problem: a refusal is application/problem+json with code, status, and a sentence', async () => {
    const { status, body, headers } = await alice.get('/api/stories/12345')
    expect(status).toBe(404)
    expect(headers['content-type']).toBe('application/problem+json')
    expect(body).toEqual({
      type: 'about:blank',
      title: 'Not Found',
      status: 404,
      detail: 'There is no such story, or it is not yours to see.',
      code: 'not_found',
    })
    expect(ERROR_CODES).toContain(body.code)
  })

  test.each(['{', '', '{"a":}', '\u0000'])('bad_json: %j', async (payload) => {
    expect(await postText('/api/projects', payload)).toMatchObject({
      status: 400,
      body: { code: 'bad_json' },
    })
  })

  test('bad_json: an object that would change prototypes is refused', async () => {
    const answer = await postText('/api/projects', '{"name":"x","__proto__":{"a":1}}')
    expect(answer).toMatchObject({ status: 400, body: { code: 'bad_json' } })
  })

  test.each([
    [{}, 'name'],
    [{ name: 7 }, 'name'],
    [{ name: '  ' }, 'name'],
    [{ name: 'a\u0000b' }, 'name'],
    [{ name: 'half \ud800' }, 'name'],
    [{ name: 'x', description: ['y'] }, 'description'],
  ])('bad_message: %j names its field %s', async (json, path) => {
    const answer = await alice.post('/api/projects', json)
    expect(answer).toMatchObject({ status: 400, body: { code: 'bad_message', path } })
    expect(answer.body.detail).toContain(`"${path}"`)
  })

  test('bad_message: the path leads into lists and objects', async () => {
    const { body: story } = await alice.post('/api/stories', { title: 'S' })
    const wrong = await alice.post(`/api/stories/${story.id}/beats/reorder`, { beat_ids: [1, 'two'] })
    expect(wrong).toMatchObject({ status: 404, body: { code: 'not_found', path: 'beat_ids.1' } })
  })

  test('too_large: a text longer than its field, and a body longer than its route', async () => {
    const long = await alice.post('/api/projects', { name: 'x'.repeat(301) })
    expect(long).toMatchObject({ status: 413, body: { code: 'too_large', path: 'name' } })
    const huge = await postText('/api/projects', JSON.stringify({ name: 'x'.repeat(1_100_000) }))
    expect(huge).toMatchObject({ status: 413, body: { code: 'too_large' } })
    expect(huge.body.detail).toContain('the 1 MiB allowed')
  })

  test('bad_message: another content type than the route takes', async () => {
    const answer = await postText('/api/projects', 'name=x', 'application/x-www-form-urlencoded')
    expect(answer).toMatchObject({ status: 400, body: { code: 'bad_message', path: 'content-type' } })
  })

  test.each(['/api/nothing', '/nothing', '/api/stories/1/nothing', '/collaboration/x', '/api/%c3%28'])(
    'not_found: %s',
    async (path) => {
      expect(await alice.get(path)).toMatchObject({ status: 404, body: { code: 'not_found' } })
    },
  )

  test('not_found: a method that its address does not know', async () => {
    expect(await alice.put('/api/me', {})).toMatchObject({ status: 404, body: { code: 'not_found' } })
  })

  test('paging: a cursor that is none of ours', async () => {
    for (const after of ['x', 'id.0', 'id.', '-1', 'id.99999999999']) {
      const answer = await alice.get(`/api/stories?after=${after}`)
      expect(answer).toMatchObject({ status: 400, body: { code: 'bad_message', path: 'after' } })
    }
    for (const limit of ['0', '-1', 'x', '501', '1e2']) {
      const answer = await alice.get(`/api/stories?limit=${limit}`)
      expect(answer).toMatchObject({ status: 400, body: { code: 'bad_message', path: 'limit' } })
    }
  })
})

describe('failures', () => {
  test('internal: neither stack nor query reach the asker; the log has them', async () => {
    const server = await startTestServer()
    const alice = await server.person()
    await server.database.db.schema.dropTable('idempotency_keys').execute()
    const headers = { 'idempotency-key': 'k' }
    const answer = await alice.post('/api/projects', { name: 'P' }, { headers })
    expect(answer).toMatchObject({ status: 500, body: { code: 'internal' } })
    expect(JSON.stringify(answer.body)).not.toMatch(/idempotency|sql|\bat\b.*\.ts/i)
    expect(server.logged.join('')).toContain('no such table')
    await server.close()
  })

  test('unavailable: the database is away, and the answer says when to come back', async () => {
    const away = Object.assign(new Error('connect ECONNREFUSED 10.0.0.1:5432'), { code: 'ECONNREFUSED' })
    const identify = () => Promise.reject(away)
    const server = await startTestServer({ parts: { identify } })
    const nobody = await server.person()
    const answer = await nobody.get('/api/stories')
    expect(answer).toMatchObject({ status: 503, body: { code: 'unavailable', retry_after_ms: 2_000 } })
    expect(answer.headers['retry-after']).toBe('2')
    expect(JSON.stringify(answer.body)).not.toContain('10.0.0.1')
    await server.close()
  })

  test('log: no query string, whatever the answer', async () => {
    const server = await startTestServer()
    const alice = await server.person()
    const secret = 'ticket=hush-hush'
    await alice.get(`/api/me?${secret}`)
    await alice.get(`/nothing?${secret}`)
    await alice.get(`/api/%c3%28?${secret}`)
    await alice.get(`/api/stories/x?${secret}`)
    await alice.post(`/api/projects?${secret}`, {})
    await server.app.inject({ method: 'GET', url: `/api/me?${secret}` })
    await server.database.db.schema.dropTable('projects').execute()
    expect((await alice.get(`/api/projects?after=id.1&${secret}`)).status).toBe(500)
    const log = server.logged.join('')
    expect(log).toContain('"path":"/api/me"')
    expect(log).not.toContain('hush')
    await server.close()
  })
})

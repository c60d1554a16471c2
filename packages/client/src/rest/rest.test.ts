import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createRestClient } from './client.ts'

const AT = '2026-03-01T12:00:00.000Z'
const STORY = {
  id: 7,
  project_id: 1,
  title: 'Harbour',
  premise: null,
  genre: null,
  logline: null,
  length: null,
  status: 'draft',
  role: 'owner',
  created_at: AT,
  updated_at: AT,
}

interface Asked {
  readonly line: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

let server: Server
let baseUrl: string
let asked: Asked[]
let answer: (response: ServerResponse) => void

beforeEach(async () => {
  asked = []
  server = createServer(async (request, response) => {
    const body = await text(request)
    asked.push({ line: `${request.method} ${request.url}`, headers: request.headers, body })
    answer(response)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The server has no port.')
  baseUrl = `http://127.0.0.1:${address.port}`
})

afterEach(async () => {
  server.closeAllConnections()
  await new Promise((closed) => server.close(closed))
})

const answerJson = (status: number, value: unknown, headers = {}) => {
  answer = (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(JSON.stringify(value))
  }
}

const client = (token?: string) => createRestClient({ baseUrl, fetch, ...(token !== undefined && { token }) })

describe('asking', () => {
  test('answers are typed things', async () => {
    answerJson(200, { user_id: 3, name: 'Ada', email: null, color: '#54607a', guest: true })
    expect(await client().me()).toEqual({
      user_id: 3,
      name: 'Ada',
      email: null,
      color: '#54607a',
      guest: true,
    })
    expect(asked[0]?.line).toBe('GET /api/me')
    expect(asked[0]?.headers.authorization).toBeUndefined()
  })

  test('a token speaks where it is given', async () => {
    answerJson(200, { ticket: 't', expires_at: AT })
    await client('secret').ticket()
    expect(asked[0]).toMatchObject({
      line: 'POST /collaboration/ticket',
      headers: { authorization: 'Bearer secret' },
    })
  })

  test('what is made goes as JSON, with the key that makes a repeat harmless', async () => {
    answerJson(201, STORY)
    const story = await client().stories.create({ title: 'Harbour' }, { idempotencyKey: 'k1' })
    expect(story.id).toBe(7)
    expect(asked[0]).toMatchObject({
      line: 'POST /api/stories',
      headers: { 'content-type': 'application/json', 'idempotency-key': 'k1' },
      body: '{"title":"Harbour"}',
    })
  })

  test('a list goes on from its cursor', async () => {
    answerJson(200, { stories: [STORY], next: null })
    const page = await client().stories.list({ after: 'c&d' })
    expect(page.stories.map(({ title }) => title)).toEqual(['Harbour'])
    expect(asked[0]?.line).toBe('GET /api/stories?after=c%26d')
  })

  test('a Markdown file is sent as it is', async () => {
    answerJson(201, { story: STORY, beats: 2, scenes: 3, words: 40 })
    const markdown = new Blob(['# Ünder way'])
    const imported = await client().stories.importMarkdown(markdown, { title: 'On & on' })
    expect(imported.words).toBe(40)
    expect(asked[0]).toMatchObject({
      line: 'POST /api/stories/import?title=On+%26+on',
      headers: { 'content-type': 'text/markdown' },
      body: '# Ünder way',
    })
  })

  test('every route of stories, beats and scenes has its place', async () => {
    answer = (response) => response.writeHead(204).end()
    const { stories, beats, scenes, projects } = client()
    const asks: (() => Promise<unknown>)[] = [
      () => projects.get(1),
      () => projects.update(1, { name: 'x' }),
      () => projects.remove(1),
      () => stories.get(7),
      () => stories.update(7, { title: 'x' }),
      () => stories.remove(7),
      () => stories.restore(7),
      () => beats.list(7),
      () => beats.create(7, { title: 'x' }),
      () => beats.reorder(7, [2, 1]),
      () => beats.get(1),
      () => beats.update(1, { title: 'x' }),
      () => beats.replace(1, { title: '', goal: '', conflict: '', outcome: '' }),
      () => beats.remove(1),
      () => beats.restore(1),
      () => scenes.create(1, {}),
      () => scenes.get(5),
      () => scenes.update(5, { text: 'x', version: 3 }),
      () => scenes.remove(5),
      () => scenes.split(5, 2),
      () => scenes.move(5, { beat_id: 2 }),
      () => scenes.restore(5),
    ]
    await Promise.allSettled(asks.map((ask) => ask()))
    expect(asked.map(({ line }) => line).sort()).toEqual(
      [
        'GET /api/projects/1',
        'PATCH /api/projects/1',
        'DELETE /api/projects/1',
        'GET /api/stories/7',
        'PATCH /api/stories/7',
        'DELETE /api/stories/7',
        'POST /api/stories/7/restore',
        'GET /api/stories/7/beats',
        'POST /api/stories/7/beats',
        'POST /api/stories/7/beats/reorder',
        'GET /api/beats/1',
        'PATCH /api/beats/1',
        'PUT /api/beats/1',
        'DELETE /api/beats/1',
        'POST /api/beats/1/restore',
        'POST /api/beats/1/scenes',
        'GET /api/scenes/5',
        'PATCH /api/scenes/5',
        'DELETE /api/scenes/5',
        'POST /api/scenes/5/split',
        'POST /api/scenes/5/move',
        'POST /api/scenes/5/restore',
      ].sort(),
    )
  })

  test('every route of sharing, discussion and notifications has its place', async () => {
    answer = (response) => response.writeHead(204).end()
    const { permissions, invitations, links, door, chat, comments, notifications } = client()
    const asks: (() => Promise<unknown>)[] = [
      () => permissions.list(7),
      () => permissions.share(7, { user_id: 3, role: 'editor' }),
      () => permissions.update(7, 3, 'viewer'),
      () => permissions.remove(7, 3),
      () => invitations.list(7),
      () => invitations.resend(7, 4),
      () => invitations.withdraw(7, 4),
      () => invitations.accept('t'),
      () => links.list(7),
      () => links.create(7),
      () => links.update(7, 5, { enabled: false }),
      () => links.remove(7, 5),
      () => door.look('t'),
      () => door.join({ token: 't', name: 'Ada' }),
      () => chat.list(7, { before: 90, limit: 20 }),
      () => comments.list(7, { after: 'x', beat_id: 1, scene_id: 2, resolved: false }),
      () => comments.create({ story_id: 7, beat_id: 1, content: 'x' }),
      () => comments.update(6, { resolved: true }),
      () => comments.remove(6),
      () => notifications.list({ unread: true, limit: 5, after: 'x' }),
      () => notifications.markRead(8),
      () => notifications.markUnread(8),
      () => notifications.markAllRead(),
      () => notifications.preferences(),
      () => notifications.setPreferences({ email: false }),
    ]
    await Promise.allSettled(asks.map((ask) => ask()))
    const story = '/collaboration/stories/7'
    expect(asked.map(({ line }) => line).sort()).toEqual(
      [
        `GET ${story}/permissions`,
        `POST ${story}/share`,
        `PATCH ${story}/permissions/3`,
        `DELETE ${story}/permissions/3`,
        `GET ${story}/invitations`,
        `POST ${story}/invitations/4/resend`,
        `DELETE ${story}/invitations/4`,
        'POST /collaboration/invitations/accept',
        `GET ${story}/links`,
        `POST ${story}/links`,
        `PATCH ${story}/links/5`,
        `DELETE ${story}/links/5`,
        'POST /collaboration/door',
        'POST /collaboration/join',
        `GET ${story}/chat?before=90&limit=20`,
        `GET ${story}/comments?after=x&beat_id=1&scene_id=2&resolved=false`,
        'POST /collaboration/comments',
        'PATCH /collaboration/comments/6',
        'DELETE /collaboration/comments/6',
        'GET /collaboration/notifications?after=x&limit=5&unread=true',
        'POST /collaboration/notifications/8/read',
        'POST /collaboration/notifications/8/unread',
        'POST /collaboration/notifications/read-all',
        'GET /collaboration/notifications/preferences',
        'PATCH /collaboration/notifications/preferences',
      ].sort(),
    )
  })

  test('a token is sent in the body, never in an address', async () => {
    answerJson(200, { story_id: 7, role: 'editor', user_id: 3, guest: true, token: null })
    await client().door.join({ token: 'secret', name: 'Ada' })
    expect(asked[0]).toMatchObject({ line: 'POST /collaboration/join' })
    expect(JSON.parse(asked[0]?.body ?? '')).toEqual({ token: 'secret', name: 'Ada' })
  })

  test('sharing answers with the role that was given, or with an invitation', async () => {
    answerJson(201, { story_id: 7, user_id: 3, role: 'editor', invited_by: 1 })
    expect(await client().permissions.share(7, { user_id: 3, role: 'editor' })).toEqual({
      story_id: 7,
      user_id: 3,
      role: 'editor',
      invited_by: 1,
    })
    const invitation = {
      id: 4,
      story_id: 7,
      email: 'ada@example.org',
      role: 'editor',
      invited_by: 1,
      expires_at: AT,
      accepted_at: null,
      created_at: AT,
      link: 'https://stories.example/invitation#t',
    }
    answerJson(202, { invitation })
    const shared = await client().permissions.share(7, { email: 'ada@example.org', role: 'editor' })
    expect(shared).toEqual({ invitation })
    expect(await client().invitations.resend(7, 4)).toEqual({ invitation })
  })

  test('a deletion answers with nothing', async () => {
    answer = (response) => response.writeHead(204).end()
    await expect(client().beats.remove(4)).resolves.toBeUndefined()
  })
})

describe('refusals', () => {
  test('a problem becomes a Fault with its code, sentence and details', async () => {
    answerJson(400, {
      type: 'about:blank',
      title: 'Bad message',
      status: 400,
      detail: '"title" is missing.',
      code: 'bad_message',
      path: 'title',
    })
    await expect(client().stories.get(1)).rejects.toMatchObject({
      name: 'Fault',
      code: 'bad_message',
      message: '"title" is missing.',
      details: { path: 'title' },
    })
  })

  test('a locked beat says whose lock it is, and until when', async () => {
    const details = { locked_by: 2, locked_by_name: 'Ada', expires_at: AT }
    const problem = { type: 'about:blank', title: 'Locked', status: 423, code: 'beat_locked' }
    answerJson(423, { ...problem, ...details })
    await expect(client().beats.update(1, { title: 'x' })).rejects.toMatchObject({
      code: 'beat_locked',
      details,
    })
  })

  test.each([
    [401, 'unauthenticated'],
    [404, 'not_found'],
    [413, 'too_large'],
    [418, 'bad_message'],
    [429, 'rate_limited'],
    [500, 'internal'],
    [502, 'unavailable'],
    [503, 'unavailable'],
    [504, 'unavailable'],
  ])('a %i from something in between is %s', async (status, code) => {
    answer = (response) => response.writeHead(status, { 'retry-after': '2' }).end('<html>')
    await expect(client().me()).rejects.toMatchObject({ code, details: { retry_after_ms: 2_000 } })
  })

  test('an answer of another kind is internal', async () => {
    answerJson(200, { hello: 'world' })
    await expect(client().me()).rejects.toMatchObject({ code: 'internal' })
  })

  test('a server that is not there, or breaks off, is unavailable', async () => {
    answer = (response) => {
      response.writeHead(200, { 'content-length': '100' })
      response.write('{"user_id":')
      response.destroy()
    }
    await expect(client().me()).rejects.toMatchObject({ code: 'unavailable' })
    const away = createRestClient({ baseUrl: 'http://127.0.0.1:1', fetch })
    await expect(away.me()).rejects.toMatchObject({ code: 'unavailable' })
  })

  test('who aborts gets their own reason back', async () => {
    const reason = new Error('view closed')
    const abort = new AbortController()
    answer = () => abort.abort(reason)
    await expect(client().me({ signal: abort.signal })).rejects.toBe(reason)
  })
})

import type { Story } from '@storyweave/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeEachDatabase } from '../../db/testing.ts'
import { startTestServer, type TestPerson, type TestServer } from '../testing.ts'
import { tokenOf } from './testing.ts'

const HOUR_MS = 60 * 60 * 1_000

describeEachDatabase('links', (kind) => {
  let server: TestServer
  let ann: TestPerson
  let story: Story
  const links = () => `/collaboration/stories/${story.id}/links`

  beforeAll(async () => {
    server = await startTestServer({ kind })
    ann = await server.person('Ann')
    story = (await ann.post('/api/stories', { title: 'The Lighthouse' })).body
  })
  afterAll(() => server.close())

  test('link-defaults: editors, ten of them, for seven days, and its address is told this once', async () => {
    const { status, body, headers } = await ann.post(links(), {})
    const { link, id, expires_at, ...rest } = body
    expect(status).toBe(201)
    expect(headers['cache-control']).toBe('no-store')
    expect(rest).toMatchObject({ role: 'editor', max_uses: 10, uses: 0, enabled: true, has_passcode: false })
    expect(Date.parse(expires_at)).toBe(server.clock.now() + 7 * 24 * HOUR_MS)
    expect(link).toMatch(/^http:\/\/localhost:8080\/join#[\w-]{43}$/)
    const list = (await ann.get(links())).body
    expect(list).toEqual({ links: [{ ...rest, id, expires_at }], next: null })
  })

  test('link-defaults: everything of it can be said and changed', async () => {
    const said = { role: 'viewer', expires_in_hours: 2, max_uses: 3, passcode: 'open sesame' }
    const { body } = await ann.post(links(), said)
    expect(body).toMatchObject({ role: 'viewer', max_uses: 3, has_passcode: true })
    expect(Date.parse(body.expires_at)).toBe(server.clock.now() + 2 * HOUR_MS)
    const changed = await ann.patch(`${links()}/${body.id}`, {
      role: 'editor',
      enabled: false,
      max_uses: 5,
      expires_in_hours: 4,
      passcode: null,
    })
    expect(changed).toMatchObject({
      status: 200,
      body: { role: 'editor', enabled: false, max_uses: 5, has_passcode: false },
    })
    expect(Date.parse(changed.body.expires_at)).toBe(server.clock.now() + 4 * HOUR_MS)
    expect((await ann.delete(`${links()}/${body.id}`)).status).toBe(204)
    expect((await ann.delete(`${links()}/${body.id}`)).status).toBe(404)
    expect((await ann.patch(`${links()}/${body.id}`, { enabled: true })).status).toBe(404)
  })

  test('hashed: neither the token nor the passcode is kept', async () => {
    const { body } = await ann.post(links(), { passcode: 'open sesame' })
    const rows = JSON.stringify(await server.database.db.selectFrom('share_links').selectAll().execute())
    expect(rows).not.toContain(tokenOf(body.link))
    expect(rows).not.toContain('sesame')
    expect(server.logged.join('')).not.toContain('sesame')
    expect(server.logged.join('')).not.toContain(tokenOf(body.link))
  })

  test.each([
    [{ role: 'owner' }, 'role'],
    [{ expires_in_hours: 0 }, 'expires_in_hours'],
    [{ max_uses: 0 }, 'max_uses'],
    [{ max_uses: 1.5 }, 'max_uses'],
    [{ passcode: 'abc' }, 'passcode'],
    [{ passcode: 'a\u0000bcd' }, 'passcode'],
  ])('link-defaults: %j is refused, and nothing is made', async (wrong, path) => {
    const before = (await ann.get(links())).body.links.length
    expect(await ann.post(links(), wrong)).toMatchObject({ status: 400, body: { code: 'bad_message', path } })
    expect((await ann.get(links())).body.links).toHaveLength(before)
  })

  test('link-defaults: links are the owner’s alone, and of this story', async () => {
    const { id } = (await ann.post(links(), {})).body
    const [editor, stranger] = [await server.person('Ed'), await server.person('Sue')]
    await server.share(story, editor, 'editor')
    const own: Story = (await stranger.post('/api/stories', { title: 'Own' })).body
    for (const [person, status] of [
      [editor, 403],
      [stranger, 404],
    ] as const) {
      expect((await person.get(links())).status).toBe(status)
      expect((await person.post(links(), {})).status).toBe(status)
      expect((await person.patch(`${links()}/${id}`, { enabled: false })).status).toBe(status)
      expect((await person.delete(`${links()}/${id}`)).status).toBe(status)
    }
    expect((await stranger.delete(`/collaboration/stories/${own.id}/links/${id}`)).status).toBe(404)
    const kept = (await ann.get(links())).body.links.find((one: { id: number }) => one.id === id)
    expect(kept).toMatchObject({ enabled: true })
  })
})

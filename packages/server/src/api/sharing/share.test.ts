import type { Story } from '@storyweave/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeEachDatabase } from '../../db/testing.ts'
import { startTestServer, type TestPerson, type TestServer } from '../testing.ts'
import { tokenOf } from './testing.ts'

describeEachDatabase('sharing', (kind) => {
  let server: TestServer
  let ann: TestPerson
  let story: Story
  const share = (body: object, by = ann) => by.post(`/collaboration/stories/${story.id}/share`, body)
  const emailOf = async ({ id }: TestPerson) =>
    (
      await server.database.db
        .selectFrom('users')
        .select('email')
        .where('id', '=', id)
        .executeTakeFirstOrThrow()
    ).email
  const statusFor = async (person: TestPerson) => (await person.get(`/api/stories/${story.id}`)).status
  const change = (
    person: TestPerson,
    columns: { email_verified?: boolean; house_made?: boolean; guest?: boolean },
  ) => server.database.db.updateTable('users').set(columns).where('id', '=', person.id).execute()
  const invitations = async () =>
    (await ann.get(`/collaboration/stories/${story.id}/invitations`)).body.invitations

  beforeAll(async () => {
    server = await startTestServer({ kind })
    ann = await server.person('Ann')
    story = (await ann.post('/api/stories', { title: 'The Lighthouse' })).body
  })
  afterAll(() => server.close())

  test('share-by-id: a role at once, and the person is told', async () => {
    const ben = await server.person('Ben')
    const answer = await share({ user_id: ben.id, role: 'viewer' })
    expect(answer).toMatchObject({
      status: 201,
      body: { story_id: story.id, user_id: ben.id, role: 'viewer', invited_by: ann.id },
    })
    expect(server.rechecked.at(-1)).toBe(story.id)
    expect(await ben.get(`/api/stories/${story.id}`)).toMatchObject({ status: 200, body: { role: 'viewer' } })
    expect(server.notified.at(-1)).toMatchObject({
      userId: ben.id,
      notification: { kind: 'shared', message: 'Ann shared “The Lighthouse” with you: you are a viewer.' },
    })
    const told = server.notified.length
    await share({ user_id: ben.id, role: 'viewer' })
    expect(server.notified).toHaveLength(told)
    await ann.patch(`/collaboration/stories/${story.id}/permissions/${ben.id}`, { role: 'editor' })
    expect(server.notified.at(-1)).toMatchObject({
      userId: ben.id,
      notification: { kind: 'role_changed', message: 'Ann made you an editor of “The Lighthouse”.' },
    })
  })

  test('share-by-id: only an owner shares, and nothing is stored otherwise', async () => {
    const [editor, viewer, stranger, target] = await Promise.all(
      ['Eda', 'Vic', 'Sue', 'Tom'].map((name) => server.person(name)),
    )
    if (!editor || !viewer || !stranger || !target) throw new Error('Nobody came.')
    await server.share(story, editor, 'editor')
    await server.share(story, viewer, 'viewer')
    for (const [by, status] of [
      [editor, 403],
      [viewer, 403],
      [stranger, 404],
    ] as const) {
      expect((await share({ user_id: target.id, role: 'viewer' }, by)).status).toBe(status)
      expect((await share({ email: 'zoe@example.com', role: 'viewer' }, by)).status).toBe(status)
    }
    expect(await statusFor(target)).toBe(404)
    expect(await invitations()).toEqual([])
  })

  test('share-by-id: a person who is not there, and a body that names nobody', async () => {
    expect(await share({ user_id: 2_000_000_000, role: 'viewer' })).toMatchObject({
      status: 404,
      body: { code: 'not_found', path: 'user_id' },
    })
    expect(await share({ role: 'viewer' })).toMatchObject({ status: 400, body: { code: 'bad_message' } })
    expect(await share({ email: 'no address', role: 'viewer' })).toMatchObject({
      status: 400,
      body: { code: 'bad_message', path: 'email' },
    })
    expect(await share({ email: 'x@y.invalid', role: 'viewer' })).toMatchObject({
      status: 400,
      body: { code: 'bad_message', path: 'email' },
    })
    const refused = await share({ email: 'a@example.com', role: 'owner' })
    expect(refused).toMatchObject({ status: 400, body: { code: 'bad_message' } })
    expect(refused.body.detail).toContain('an email with role editor or viewer')
    expect(await share({ user_id: 0, role: 'viewer' })).toMatchObject({
      status: 404,
      body: { path: 'user_id' },
    })
  })

  test('project-owner: nothing takes the role away', async () => {
    const path = `/collaboration/stories/${story.id}/permissions/${ann.id}`
    for (const answer of [
      await share({ user_id: ann.id, role: 'viewer' }),
      await ann.patch(path, { role: 'viewer' }),
      await ann.delete(path),
    ]) {
      expect(answer).toMatchObject({ status: 409, body: { code: 'conflict' } })
    }
    expect(await ann.get(`/api/stories/${story.id}`)).toMatchObject({ body: { role: 'owner' } })
  })

  test('share-by-id: a guest of another story is not shared with, and no guest becomes an owner', async () => {
    const guest = await server.person('Gil')
    await change(guest, { guest: true })
    expect(await share({ user_id: guest.id, role: 'viewer' })).toMatchObject({
      status: 409,
      body: { path: 'user_id' },
    })
    await server.share(story, guest, 'viewer')
    expect(await share({ user_id: guest.id, role: 'owner' })).toMatchObject({
      status: 409,
      body: { path: 'role' },
    })
    expect(await guest.get(`/api/stories/${story.id}`)).toMatchObject({ body: { role: 'viewer' } })
  })

  test('addresses: owners see them, others see names; guests have none', async () => {
    const reader = await server.person('Ria')
    await server.share(story, reader, 'viewer')
    const list = async (by: TestPerson) =>
      (await by.get(`/collaboration/stories/${story.id}/permissions`)).body.permissions
    const seen = await list(ann)
    expect(seen.find(({ user_id }: { user_id: number }) => user_id === reader.id)).toMatchObject({
      user_name: 'Ria',
      email: await emailOf(reader),
      guest: false,
    })
    expect(seen.find(({ user_name }: { user_name: string }) => user_name === 'Gil')).toMatchObject({
      email: null,
      guest: true,
    })
    for (const { email } of await list(reader)) expect(email).toBeNull()
  })

  test('same-answer: for an address that is known, unproved, or nobody’s', async () => {
    const [known, unproved] = [await server.person('Kim'), await server.person('Uma')]
    await change(unproved, { email_verified: false })
    const shapes = []
    for (const email of [await emailOf(known), await emailOf(unproved), 'nobody@example.com']) {
      const { status, body, headers } = await share({ email: email.toUpperCase(), role: 'editor' })
      const { id, link, created_at, expires_at, ...rest } = body.invitation
      expect(rest).toEqual({
        story_id: story.id,
        email,
        role: 'editor',
        invited_by: ann.id,
        accepted_at: null,
      })
      expect(link).toMatch(/^http:\/\/localhost:8080\/invitation#[\w-]{43}$/)
      expect(Date.parse(expires_at) - Date.parse(created_at)).toBe(7 * 24 * 60 * 60 * 1_000)
      shapes.push([status, Object.keys(body.invitation), headers['cache-control']])
    }
    expect(shapes[1]).toEqual(shapes[0])
    expect(shapes[2]).toEqual(shapes[0])
    expect(shapes[0]?.[0]).toBe(202)
  })

  test('known-address: only a proved address has the role at once; or one that the house made', async () => {
    const [known, unproved, made] = [
      await server.person('Kai'),
      await server.person('Ugo'),
      await server.person('Mia'),
    ]
    await change(unproved, { email_verified: false })
    await change(made, { email_verified: false, house_made: true })
    for (const person of [known, unproved, made])
      await share({ email: await emailOf(person), role: 'viewer' })
    expect(await Promise.all([known, unproved, made].map(statusFor))).toEqual([200, 404, 200])
    expect(server.notified.filter(({ userId }) => userId === known.id)).toHaveLength(1)
    expect(server.notified.filter(({ userId }) => userId === unproved.id)).toHaveLength(0)
    // A lower role is not given to who has a higher one.
    await server.share(story, known, 'editor')
    await share({ email: await emailOf(known), role: 'viewer' })
    expect(await known.get(`/api/stories/${story.id}`)).toMatchObject({ body: { role: 'editor' } })
  })

  test('sent-away: an invitation that waits for the person is withdrawn with their role', async () => {
    const known = await server.person('Kat')
    const { body } = await share({ email: await emailOf(known), role: 'viewer' })
    await ann.delete(`/collaboration/stories/${story.id}/permissions/${known.id}`)
    const accept = { token: tokenOf(body.invitation.link) }
    expect(await known.post('/collaboration/invitations/accept', accept)).toMatchObject({
      status: 404,
      body: { detail: 'This invitation was withdrawn: ask whoever sent it.' },
    })
    expect(await statusFor(known)).toBe(404)
  })

  test('role-kept: with a lower role an invitation that waits for the person is withdrawn; a higher one leaves it', async () => {
    const known = await server.person('Kit')
    const path = `/collaboration/stories/${story.id}/permissions/${known.id}`
    const invited = async () =>
      (await share({ email: await emailOf(known), role: 'editor' })).body.invitation.link as string
    const accept = (link: string) => known.post('/collaboration/invitations/accept', { token: tokenOf(link) })
    const lower = [
      () => ann.patch(path, { role: 'viewer' }),
      () => share({ user_id: known.id, role: 'viewer' }),
    ]
    for (const change of lower) {
      const link = await invited()
      expect(await known.get(`/api/stories/${story.id}`)).toMatchObject({ body: { role: 'editor' } })
      await change()
      expect(await accept(link)).toMatchObject({
        status: 404,
        body: { detail: 'This invitation was withdrawn: ask whoever sent it.' },
      })
      expect(await known.get(`/api/stories/${story.id}`)).toMatchObject({ body: { role: 'viewer' } })
    }
    const link = await invited()
    await ann.patch(path, { role: 'owner' })
    expect(await accept(link)).toMatchObject({ status: 200, body: { role: 'owner' } })
  })

  test('hashed: no token stands in the tables or the log', async () => {
    const { body } = await share({ email: 'secret@example.com', role: 'viewer' })
    const token = tokenOf(body.invitation.link)
    const { db } = server.database
    const kept = await Promise.all([
      db.selectFrom('invitations').selectAll().execute(),
      db.selectFrom('idempotency_keys').selectAll().execute(),
      db.selectFrom('story_events').selectAll().execute(),
    ])
    expect(JSON.stringify(kept)).not.toContain(token)
    expect(server.logged.join('')).not.toContain(token)
    expect(server.logged.length).toBeGreaterThan(0)
  })

  test('share-limit: the 31st within an hour waits', async () => {
    const max = await server.person('Max')
    const own: Story = (await max.post('/api/stories', { title: 'Mine' })).body
    const again = () =>
      max.post(`/collaboration/stories/${own.id}/share`, { email: 'a@example.com', role: 'viewer' })
    for (let n = 0; n < 30; n++) expect((await again()).status).toBe(202)
    const refused = await again()
    expect(refused).toMatchObject({ status: 429, body: { code: 'rate_limited', retry_after_ms: 3_600_000 } })
    expect(await max.post(`/collaboration/stories/${own.id}/links`, {})).toMatchObject({ status: 429 })
    server.clock.advance(3_600_000)
    expect((await again()).status).toBe(202)
  })
})

import type { Story } from '@storyweave/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { insertHostToken, revokeHostToken } from '../../db/repositories/host-tokens.ts'
import { describeEachDatabase } from '../../db/testing.ts'
import {
  type Headers,
  openSharingHouse,
  type SharingHouse,
  type Signed,
  storyOf,
  tokenOf,
} from './testing.ts'

const TOKEN = 'swh_0123456789abcdefghijklmnopqrstuvwxyz'

describeEachDatabase('host applications', (kind) => {
  let house: SharingHouse
  let ann: Signed
  let story: Story
  const host: Headers = { authorization: `Bearer ${TOKEN}` }
  const call = (method: 'POST' | 'DELETE', path: string, json?: object, headers = host) =>
    house.ask(method, `/collaboration/host${path}`, json, headers)
  const person = async (sub: string, iss = 'https://host.example') =>
    (await call('POST', '/people', { iss, sub, name: 'Hal', email: ann.email })).body.user_id as number
  const rolesOf = (userId: number) =>
    house.database.db
      .selectFrom('story_permissions')
      .select(['role', 'invited_by'])
      .where('user_id', '=', userId)
      .execute()

  beforeAll(async () => {
    house = await openSharingHouse({ kind })
    ann = await house.signUp('Ann')
    story = await storyOf(house, ann)
    await insertHostToken(house.database.db, { name: 'Host', token: TOKEN, at: house.clock.now() })
  })
  afterAll(() => house.close())

  test('host-people: one person for an issuer and a subject, and never by an address', async () => {
    const [first, second] = await Promise.all([person('7'), person('7')])
    expect(second).toBe(first)
    expect(first).not.toBe(ann.id)
    expect(await person('8')).not.toBe(first)
    expect(await person('7', 'https://other.example')).not.toBe(first)
    expect(await call('POST', '/people', { iss: '', sub: '7', name: 'Hal' })).toMatchObject({
      status: 400,
      body: { path: 'iss' },
    })
  })

  test('host-share: a role given, changed, and taken away, as the house', async () => {
    const userId = await person('9')
    const share = (body: object) => call('POST', `/stories/${story.id}/share`, body)
    expect(await share({ user_id: userId, role: 'viewer' })).toMatchObject({
      status: 201,
      body: { story_id: story.id, user_id: userId, role: 'viewer' },
    })
    expect(house.server.notified.at(-1)).toMatchObject({
      userId,
      notification: {
        kind: 'shared',
        actor_id: null,
        message: '“The Lighthouse” was shared with you: you are a viewer.',
      },
    })
    await share({ user_id: userId, role: 'editor' })
    expect(await rolesOf(userId)).toEqual([{ role: 'editor', invited_by: null }])
    expect(house.server.rechecked.at(-1)).toBe(story.id)
    expect((await call('DELETE', `/stories/${story.id}/share/${userId}`)).status).toBe(204)
    expect(await rolesOf(userId)).toEqual([])
    expect(await call('DELETE', `/stories/${story.id}/share/${userId}`)).toMatchObject({ status: 404 })
    expect(await share({ user_id: ann.id, role: 'viewer' })).toMatchObject({ status: 409 })
    expect(await call('DELETE', `/stories/${story.id}/share/${ann.id}`)).toMatchObject({ status: 409 })
    expect(await share({ user_id: 2_000_000, role: 'viewer' })).toMatchObject({ status: 404 })
    expect(await call('POST', '/stories/2000000/share', { user_id: userId, role: 'viewer' })).toMatchObject({
      status: 404,
    })
  })

  test('sent-away: whom the house takes the access away from does not come back by a waiting invitation', async () => {
    const bob = await house.signUp('Bob')
    const body = { email: bob.email, role: 'editor' }
    const invited = await house.ask('POST', `/collaboration/stories/${story.id}/share`, body, ann.as)
    await call('POST', `/stories/${story.id}/share`, { user_id: bob.id, role: 'editor' })
    await call('DELETE', `/stories/${story.id}/share/${bob.id}`)
    const token = tokenOf(invited.body.invitation.link)
    expect(await house.ask('POST', '/collaboration/invitations/accept', { token }, bob.as)).toMatchObject({
      status: 404,
    })
    expect(await rolesOf(bob.id)).toEqual([])
  })

  test('sent-away: nor as the same guest by a link', async () => {
    const { body } = await house.ask('POST', `/collaboration/stories/${story.id}/links`, {}, ann.as)
    const token = tokenOf(body.link)
    const guest = await house.ask('POST', '/collaboration/join', { token, name: 'Gil' })
    await call('DELETE', `/stories/${story.id}/share/${guest.body.user_id}`)
    const as = { authorization: `Bearer ${guest.body.token}` }
    expect(await house.ask('POST', '/collaboration/join', { token }, as)).toMatchObject({ status: 403 })
  })

  test('host-share: a story for a person', async () => {
    const owner = await person('10')
    const made = await call('POST', '/stories', {
      owner_user_id: owner,
      title: 'Theirs',
      template: 'three_acts',
    })
    expect(made).toMatchObject({ status: 201, body: { title: 'Theirs', role: 'owner' } })
    const row = await house.database.db
      .selectFrom('stories')
      .innerJoin('projects', 'projects.id', 'stories.project_id')
      .select('owner_id')
      .where('stories.id', '=', made.body.id)
      .executeTakeFirst()
    expect(row?.owner_id).toBe(owner)
    expect(await call('POST', '/stories', { owner_user_id: 2_000_000, title: 'X' })).toMatchObject({
      status: 404,
      body: { path: 'owner_user_id' },
    })
  })

  test('host-token: opens these routes and nothing else; nothing else opens them', async () => {
    for (const headers of [{}, ann.as, { authorization: `Bearer ${TOKEN}x` }, { authorization: TOKEN }]) {
      expect(await call('POST', '/people', { iss: 'a', sub: 'b', name: 'c' }, headers)).toMatchObject({
        status: 401,
        body: { code: 'unauthenticated' },
      })
    }
    for (const path of ['/api/me', '/api/stories', `/collaboration/stories/${story.id}/permissions`]) {
      expect(await house.ask('GET', path, undefined, host)).toMatchObject({ status: 401 })
    }
    const upgrade = house.auth.identifyUpgrade({ headers: host, url: '/collaboration/ws/story/1' })
    await expect(upgrade).rejects.toMatchObject({ code: 'unauthenticated' })
  })

  test('host-token: revoked, it opens nothing; and it stands nowhere', async () => {
    const { db } = house.database
    const token = 'swh_another'
    const { id } = await insertHostToken(db, { name: 'Old', token, at: house.clock.now() })
    const ask = () =>
      call('POST', '/people', { iss: 'a', sub: 'b', name: 'c' }, { authorization: `Bearer ${token}` })
    expect((await ask()).status).toBe(200)
    expect(await revokeHostToken(db, id, house.clock.now())).toBe(true)
    expect(await revokeHostToken(db, id, house.clock.now())).toBe(false)
    expect((await ask()).status).toBe(401)
    expect(JSON.stringify(await db.selectFrom('host_tokens').selectAll().execute())).not.toContain(TOKEN)
    expect(house.server.logged.join('')).not.toContain(TOKEN)
  })

  test('host-token: calls are counted, wrong tokens by their address', async () => {
    const wrong = { authorization: 'Bearer swh_wrong' }
    const statuses = []
    for (let n = 0; n < 25; n++) statuses.push((await call('POST', '/people', {}, wrong)).status)
    expect(statuses.at(-1)).toBe(429)
    expect(await call('POST', '/people', { iss: 'a', sub: 'b', name: 'c' })).toMatchObject({ status: 200 })
  })
})

import type { Story } from '@storyweave/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeEachDatabase } from '../../db/testing.ts'
import { startTestServer, type TestPerson, type TestServer } from '../testing.ts'
import { tokenOf } from './testing.ts'

const WEEK_MS = 7 * 24 * 60 * 60 * 1_000

describeEachDatabase('invitations', (kind) => {
  let server: TestServer
  let ann: TestPerson
  let story: Story
  let count = 0
  const invite = async (role = 'editor', email?: string) => {
    count += 1
    const body = { email: email ?? `friend-${count}@example.com`, role }
    const answer = await ann.post(`/collaboration/stories/${story.id}/share`, body)
    return answer.body.invitation
  }
  const accept = (person: TestPerson, token: string) =>
    person.post('/collaboration/invitations/accept', { token })
  const roleOf = async (person: TestPerson) => (await person.get(`/api/stories/${story.id}`)).body.role
  const at = (id: number) => `/collaboration/stories/${story.id}/invitations/${id}`
  const door = (token: string) =>
    server.app.inject({ method: 'POST', url: '/collaboration/door', payload: { token } })

  beforeAll(async () => {
    server = await startTestServer({ kind })
    ann = await server.person('Ann')
    story = (await ann.post('/api/stories', { title: 'The Lighthouse' })).body
  })
  afterAll(() => server.close())

  test('invitation-once: whoever holds the token is let in, one of them', async () => {
    const { link, id } = await invite()
    const people = await Promise.all(['Bea', 'Bob', 'Bix'].map((name) => server.person(name)))
    const all = await Promise.all(people.map((person) => accept(person, tokenOf(link))))
    expect(all.map(({ status }) => status).toSorted()).toEqual([200, 409, 409])
    const winner = people[all.findIndex(({ status }) => status === 200)]
    if (winner === undefined) throw new Error('Nobody was let in.')
    expect(await roleOf(winner)).toBe('editor')
    expect(all.find(({ status }) => status === 409)?.body.detail).toBe(
      'This invitation was used already: ask for a new one.',
    )
    expect(await accept(winner, tokenOf(link))).toMatchObject({ status: 409 })
    expect(server.rechecked.at(-1)).toBe(story.id)
    const { body } = await ann.get(`/collaboration/stories/${story.id}/invitations`)
    expect(body.invitations.find((one: { id: number }) => one.id === id).accepted_at).not.toBeNull()
    expect(await ann.delete(at(id))).toMatchObject({ status: 409, body: { code: 'conflict' } })
    expect(await ann.post(`${at(id)}/resend`)).toMatchObject({ status: 409 })
  })

  test('invitation-once: expired, withdrawn, unknown: each with its own sentence, and nobody is let in', async () => {
    const bob = await server.person('Bob')
    const [late, withdrawn] = [await invite(), await invite()]
    await ann.delete(at(withdrawn.id))
    server.clock.advance(WEEK_MS)
    const details = []
    for (const token of [tokenOf(late.link), tokenOf(withdrawn.link), 'no-such-token']) {
      const { status, body } = await accept(bob, token)
      expect((await door(token)).statusCode).toBe(status)
      details.push([status, body.detail])
    }
    expect(details).toEqual([
      [409, 'This invitation has expired: ask for a new one.'],
      [404, 'This invitation was withdrawn: ask whoever sent it.'],
      [404, 'There is no such invitation; it may have been sent again, with a new link.'],
    ])
    expect(await roleOf(bob)).toBeUndefined()
  })

  test('invitation-once: a higher role stays', async () => {
    const eve = await server.person('Eve')
    await server.share(story, eve, 'editor')
    const { link } = await invite('viewer')
    expect(await accept(eve, tokenOf(link))).toMatchObject({
      status: 200,
      body: { story_id: story.id, user_id: eve.id, role: 'editor', guest: false, token: null },
    })
    expect(await roleOf(eve)).toBe('editor')
  })

  test('addressee: an invitation to a proved address is for that person alone', async () => {
    const [kim, thief] = [await server.person('Kim'), await server.person('Tim')]
    const { email } = await server.database.db
      .selectFrom('users')
      .select('email')
      .where('id', '=', kim.id)
      .executeTakeFirstOrThrow()
    const { link } = await invite('viewer', email)
    expect(await accept(thief, tokenOf(link))).toMatchObject({
      status: 403,
      body: {
        code: 'forbidden',
        detail: 'This invitation is for somebody else: sign in with the address it was sent to.',
      },
    })
    expect(await roleOf(thief)).toBeUndefined()
    expect(await accept(kim, tokenOf(link))).toMatchObject({ status: 200, body: { role: 'viewer' } })
  })

  test('invitation-anew: inviting again or resending makes a new link, and the old one is over', async () => {
    const bob = await server.person('Bob')
    const first = await invite('viewer', 'again@example.com')
    const second = await invite('editor', 'Again@Example.com')
    expect(second.id).toBe(first.id)
    expect(second.role).toBe('editor')
    const third = await ann.post(`${at(first.id)}/resend`)
    expect(third).toMatchObject({ status: 202, body: { invitation: { id: first.id, role: 'editor' } } })
    for (const { link } of [first, second]) expect((await accept(bob, tokenOf(link))).status).toBe(404)
    expect((await accept(bob, tokenOf(third.body.invitation.link))).status).toBe(200)
  })

  test('invitation-anew: an expired one can be sent again', async () => {
    const bob = await server.person('Bob')
    const { id } = await invite()
    server.clock.advance(WEEK_MS)
    const { body } = await ann.post(`${at(id)}/resend`)
    expect((await accept(bob, tokenOf(body.invitation.link))).status).toBe(200)
  })

  test('door: tells what an invitation leads to, and uses nothing', async () => {
    const { link, expires_at } = await invite('viewer')
    for (let n = 0; n < 2; n++) {
      expect((await door(tokenOf(link))).json()).toEqual({
        kind: 'invitation',
        story_title: 'The Lighthouse',
        role: 'viewer',
        needs_passcode: false,
        expires_at,
      })
    }
    expect((await accept(await server.person('Bob'), tokenOf(link))).status).toBe(200)
  })

  test('invitation-once: guests, and other stories’ owners', async () => {
    const { link, id } = await invite()
    const guest = await server.person('Gil')
    await server.database.db.updateTable('users').set({ guest: true }).where('id', '=', guest.id).execute()
    expect(await accept(guest, tokenOf(link))).toMatchObject({ status: 403, body: { code: 'forbidden' } })
    const other = await server.person('Otto')
    const own: Story = (await other.post('/api/stories', { title: 'Other' })).body
    for (const path of [at(id), `/collaboration/stories/${own.id}/invitations/${id}`]) {
      expect((await other.delete(path)).status).toBe(404)
      expect((await other.post(`${path}/resend`)).status).toBe(404)
    }
    expect((await other.get(`/collaboration/stories/${story.id}/invitations`)).status).toBe(404)
    const editor = await server.person('Ed')
    await server.share(story, editor, 'editor')
    expect((await editor.get(`/collaboration/stories/${story.id}/invitations`)).status).toBe(403)
    expect((await editor.delete(at(id))).status).toBe(403)
  })

  test('invitation-once: into a deleted story nobody is let in', async () => {
    const own: Story = (await ann.post('/api/stories', { title: 'Gone' })).body
    const { body } = await ann.post(`/collaboration/stories/${own.id}/share`, {
      email: 'x@example.com',
      role: 'editor',
    })
    await ann.delete(`/api/stories/${own.id}`)
    const bob = await server.person('Bob')
    const token = tokenOf(body.invitation.link)
    expect(await accept(bob, token)).toMatchObject({
      status: 404,
      body: { detail: 'The story was deleted.' },
    })
    expect((await door(token)).statusCode).toBe(404)
  })
})

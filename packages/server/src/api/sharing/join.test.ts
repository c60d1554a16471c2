import type { Story } from '@storyweave/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeEachDatabase } from '../../db/testing.ts'
import { realTimers } from '../../host/timers.ts'
import { LinkWatch } from './link-watch.ts'
import {
  bearer,
  browserOf,
  type Headers,
  linksOf,
  ORIGIN,
  openSharingHouse,
  PASSWORD,
  type SharingHouse,
  type Signed,
  storyOf,
  tokenOf,
} from './testing.ts'

const HOUR_MS = 60 * 60 * 1_000

describeEachDatabase('joining', (kind) => {
  let house: SharingHouse
  let ann: Signed
  let story: Story

  beforeAll(async () => {
    house = await openSharingHouse({ kind })
    ann = await house.signUp('Ann')
    story = await storyOf(house, ann)
  })
  afterAll(() => house.close())

  const { newLink, join, roleOf, usesOf, links } = linksOf(() => ({ house, owner: ann, story }))
  const people = async () => (await house.database.db.selectFrom('users').select('id').execute()).length

  test('guest: a browser on our own pages gets a cookie, and no token to lose', async () => {
    const { id, token } = await newLink({ role: 'viewer' })
    const joined = await join({ token, name: ' Gil ' }, { origin: ORIGIN })
    expect(joined).toMatchObject({
      status: 201,
      body: { story_id: story.id, role: 'viewer', guest: true, token: null },
    })
    expect(joined.headers['set-cookie']?.toString()).toMatch(/storyweave\.session_token=.*HttpOnly/)
    const browser = browserOf(joined)
    expect(await house.ask('GET', '/api/me', undefined, browser)).toMatchObject({
      body: { user_id: joined.body.user_id, name: 'Gil', email: null, guest: true },
    })
    expect(await roleOf(browser)).toBe('viewer')
    expect(await usesOf(id)).toBe(1)
  })

  test('guest: any other client gets a token, and no cookie', async () => {
    const { token } = await newLink()
    const joined = await join({ token, name: 'Gus' })
    expect(joined).toMatchObject({ status: 201, body: { role: 'editor', guest: true } })
    expect(joined.headers['set-cookie']).toBeUndefined()
    expect(await roleOf(bearer(joined.body.token))).toBe('editor')
  })

  test('guest: has no projects, shares nothing, and gets no sample', async () => {
    const { token } = await newLink()
    const { body } = await join({ token, name: 'Gia' })
    const as = bearer(body.token)
    expect(await house.ask('POST', '/api/stories', { title: 'Mine' }, as)).toMatchObject({ status: 403 })
    expect(await house.ask('POST', '/api/projects', { name: 'Mine' }, as)).toMatchObject({ status: 403 })
    expect(await house.ask('POST', links(), {}, as)).toMatchObject({ status: 403 })
    expect(house.furnished).not.toContain(body.user_id)
  })

  test('guest: needs a name that can be read, and a link that holds', async () => {
    const { token } = await newLink()
    const before = await people()
    expect(await join({ token })).toMatchObject({ status: 400, body: { code: 'bad_message', path: 'name' } })
    expect(await join({ token, name: '  ' })).toMatchObject({ status: 400, body: { path: 'name' } })
    expect(await join({ token, name: 'x'.repeat(81) })).toMatchObject({ status: 413, body: { path: 'name' } })
    expect(await join({ token: 'no-such-token', name: 'Gil' })).toMatchObject({
      status: 404,
      body: { detail: 'There is no such link; it may have been deleted.' },
    })
    expect(await join({ token, name: 'Gil' }, bearer('nonsense'))).toMatchObject({ status: 401 })
    expect(await join({ token, name: 'Gil' }, { origin: 'https://evil.example' })).toMatchObject({
      status: 403,
    })
    expect(await people()).toBe(before)
  })

  test('link-use: the same browser again is the same guest; accounts are no use; then it is full', async () => {
    const { id, token } = await newLink({ role: 'viewer', max_uses: 2 })
    const first = await join({ token, name: 'One' }, { origin: ORIGIN })
    const again = await join({ token, name: 'One' }, browserOf(first))
    expect(again.body).toMatchObject({ user_id: first.body.user_id, guest: true, token: null })
    expect(again.headers['set-cookie']).toBeUndefined()
    const bob = await house.signUp('Bob')
    expect(await join({ token }, bob.as)).toMatchObject({
      status: 201,
      body: { user_id: bob.id, role: 'viewer', guest: false, token: null },
    })
    expect(await usesOf(id)).toBe(1)
    const all = await Promise.all(['Two', 'Three', 'Four'].map((name) => join({ token, name })))
    expect(all.map(({ status }) => status).toSorted()).toEqual([201, 409, 409])
    expect(await usesOf(id)).toBe(2)
    expect((await join({ token }, browserOf(first))).status).toBe(201)
    const before = await people()
    expect(await join({ token, name: 'Five' })).toMatchObject({ status: 409, body: { code: 'conflict' } })
    expect(await people()).toBe(before)
  })

  test('link-use: a higher role stays', async () => {
    const { token } = await newLink({ role: 'viewer' })
    expect(await join({ token }, ann.as)).toMatchObject({
      status: 201,
      body: { role: 'owner', guest: false },
    })
  })

  test('link-end: switched off, its guests are out; on again, the same guest comes back', async () => {
    const { token, path, id } = await newLink()
    const guest = await join({ token, name: 'Gil' }, { origin: ORIGIN })
    const browser = browserOf(guest)
    await house.ask('PATCH', path, { enabled: false }, ann.as)
    expect(house.server.rechecked.at(-1)).toBe(story.id)
    expect(await roleOf(browser)).toBeUndefined()
    for (const headers of [browser, {}]) {
      expect(await join({ token, name: 'Gil' }, headers)).toMatchObject({
        status: 409,
        body: { detail: 'This link is switched off: ask for another one.' },
      })
    }
    await house.ask('PATCH', path, { enabled: true }, ann.as)
    expect(await join({ token }, browser)).toMatchObject({ body: { user_id: guest.body.user_id } })
    expect(await roleOf(browser)).toBe('editor')
    expect(await usesOf(id)).toBe(1)
  })

  test('link-end: another role is its guests’ role; deleted, they are out; members stay', async () => {
    const { token, path } = await newLink()
    const guest = await join({ token, name: 'Gil' })
    const member = await house.signUp('Mo')
    await join({ token }, member.as)
    await house.ask('PATCH', path, { role: 'viewer' }, ann.as)
    expect(await roleOf(bearer(guest.body.token))).toBe('viewer')
    expect(await roleOf(member.as)).toBe('editor')
    await house.ask('DELETE', path, undefined, ann.as)
    expect(await roleOf(bearer(guest.body.token))).toBeUndefined()
    expect(await roleOf(member.as)).toBe('editor')
  })

  test('link-end: its time is over', async () => {
    const { token, id } = await newLink({ expires_in_hours: 1 })
    const kept = await newLink({ expires_in_hours: 2 })
    const [guest, other] = [
      await join({ token, name: 'Gil' }),
      await join({ token: kept.token, name: 'Ola' }),
    ]
    let later: (() => void) | undefined
    const rechecked: number[] = []
    const watch = new LinkWatch({
      db: house.database.db,
      rooms: { rightsChanged: (storyId) => rechecked.push(storyId), inDoubt: () => undefined },
      clock: house.clock,
      after: (_, call) => {
        later = call
        return () => {
          later = undefined
        }
      },
      failed: (error) => {
        throw error
      },
    })
    await watch.start()
    expect(await roleOf(bearer(guest.body.token))).toBe('editor')
    house.pass(HOUR_MS)
    later?.()
    await watch.stop()
    expect(rechecked).toEqual([story.id])
    expect(await roleOf(bearer(guest.body.token))).toBeUndefined()
    expect(await roleOf(bearer(other.body.token))).toBe('editor')
    expect(await join({ token }, bearer(guest.body.token))).toMatchObject({
      status: 409,
      body: { detail: 'This link has expired: ask for a new one.' },
    })
    // More time, and the same guest is back.
    await house.ask('PATCH', `${links()}/${id}`, { expires_in_hours: 1 }, ann.as)
    expect((await join({ token }, bearer(guest.body.token))).body.user_id).toBe(guest.body.user_id)
    expect(await usesOf(id)).toBe(1)
  })

  test('sent-away: a guest whom an owner removed does not come back by the link; who left may', async () => {
    const { token } = await newLink()
    const [sent, left] = [await join({ token, name: 'Sent' }), await join({ token, name: 'Left' })]
    const at = (userId: number) => `/collaboration/stories/${story.id}/permissions/${userId}`
    await house.ask('DELETE', at(sent.body.user_id), undefined, ann.as)
    await house.ask('DELETE', at(left.body.user_id), undefined, bearer(left.body.token))
    expect(await join({ token }, bearer(sent.body.token))).toMatchObject({
      status: 403,
      body: { code: 'forbidden' },
    })
    expect(await join({ token }, bearer(left.body.token))).toMatchObject({ status: 201 })
  })

  test('passcode: asked for, wrong, right; five wrong ones wait', async () => {
    const { token } = await newLink({ passcode: 'Open Sesame' })
    const before = await people()
    const door = await house.ask('POST', '/collaboration/door', { token })
    expect(door).toMatchObject({ status: 200, body: { kind: 'link', needs_passcode: true, role: 'editor' } })
    const detail = async (passcode?: string) => {
      const { status, body } = await join({ token, name: 'Gil', ...(passcode !== undefined && { passcode }) })
      return [status, body.detail ?? body.role]
    }
    expect(await detail()).toEqual([403, 'This link asks for a passcode.'])
    expect(await detail('open sesame')).toEqual([
      403,
      'The passcode is wrong: ask whoever gave you the link.',
    ])
    expect(await people()).toBe(before)
    expect(await detail(' Open Sesame ')).toEqual([201, 'editor'])
    const wrong = await Promise.all(
      Array.from({ length: 8 }, () => join({ token, name: 'Eve', passcode: 'guess' })),
    )
    expect(wrong.map(({ status }) => status).toSorted()).toEqual([403, 403, 403, 403, 403, 429, 429, 429])
    expect(await join({ token, name: 'Eve', passcode: 'Open Sesame' })).toMatchObject({
      status: 429,
      body: { code: 'rate_limited' },
    })
    house.pass(30_000)
    expect((await join({ token, name: 'Gil', passcode: 'Open Sesame' })).status).toBe(201)
    // Each guess costs a scrypt.
  }, 30_000)

  test('guest-account: the same person, the same session, and roles that hang on no link', async () => {
    const { token, path } = await newLink()
    const guest = await join({ token, name: 'Gil' }, { origin: ORIGIN })
    const browser = browserOf(guest)
    const email = `gil-${kind}@example.com`
    const become = (json: object, headers = browser) =>
      house.ask('POST', '/api/auth/guest/account', json, headers)
    expect(await become({ email, password: 'short' })).toMatchObject({
      status: 400,
      body: { message: 'The password is too short: take at least 8 characters' },
    })
    expect((await become({ email: 'none', password: PASSWORD })).status).toBe(400)
    expect(await become({ email: ann.email, password: PASSWORD })).toMatchObject({
      status: 409,
      body: { code: 'conflict' },
    })
    expect((await become({ email, password: PASSWORD }, {})).status).toBe(401)
    expect(await become({ email, password: PASSWORD })).toMatchObject({
      status: 200,
      body: { user: { id: String(guest.body.user_id), name: 'Gil', email } },
    })
    expect(await house.ask('GET', '/api/me', undefined, browser)).toMatchObject({
      body: { user_id: guest.body.user_id, email, guest: false },
    })
    expect(await become({ email: 'other@example.com', password: PASSWORD })).toMatchObject({ status: 409 })
    expect(house.furnished).toContain(guest.body.user_id)
    await house.ask('DELETE', path, undefined, ann.as)
    expect(await roleOf(browser)).toBe('editor')
    expect(await house.ask('POST', '/api/stories', { title: 'Mine' }, browser)).toMatchObject({ status: 201 })
    const signedIn = await house.ask('POST', '/api/auth/sign-in/email', { email, password: PASSWORD })
    expect(signedIn.body.user.id).toBe(String(guest.body.user_id))
  })

  test('door: a link that is off, over, or nowhere', async () => {
    const { token, path } = await newLink()
    await house.ask('PATCH', path, { enabled: false }, ann.as)
    expect((await house.ask('POST', '/collaboration/door', { token })).status).toBe(409)
    expect((await house.ask('POST', '/collaboration/door', { token: 'x' })).status).toBe(404)
    expect((await house.ask('POST', '/collaboration/door', {})).status).toBe(400)
  })
})

describeEachDatabase('a house by invitation', (kind) => {
  let house: SharingHouse
  let ann: Signed
  let story: Story
  const TOKEN = 'x-invitation-token'
  const invite = async () => {
    const body = { email: 'friend@example.com', role: 'viewer' }
    const answer = await house.ask('POST', `/collaboration/stories/${story.id}/share`, body, ann.as)
    return tokenOf(answer.body.invitation.link)
  }
  const signUp = (email: string, headers: Headers = {}, password = PASSWORD) =>
    house.ask('POST', '/api/auth/sign-up/email', { name: 'Ben', email, password }, headers)

  beforeAll(async () => {
    house = await openSharingHouse({ kind, environment: { SIGN_UP: 'invited' } })
    ann = await house.signUp('Ann')
    story = await storyOf(house, ann)
  })
  afterAll(() => house.close())

  test('invited-sign-up: one sign-up for an invitation, and what fails costs nothing', async () => {
    const token = await invite()
    expect(await signUp('a@example.com')).toMatchObject({ status: 403, body: { code: 'forbidden' } })
    expect(await signUp('a@example.com', { [TOKEN]: 'nonsense' })).toMatchObject({ status: 403 })
    expect((await signUp('a@example.com', { [TOKEN]: token }, 'short')).status).toBe(400)
    const both = await Promise.all(
      ['a@example.com', 'b@example.com'].map((email) => signUp(email, { [TOKEN]: token })),
    )
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 403])
    expect(await signUp('c@example.com', { [TOKEN]: token })).toMatchObject({ status: 403 })
    const made = await house.database.db.selectFrom('users').select('id').execute()
    expect(made).toHaveLength(2)
    const winner = both.find(({ status }) => status === 200)
    const as = { authorization: `Bearer ${winner?.body.token}` }
    expect(await house.ask('POST', '/collaboration/invitations/accept', { token }, as)).toMatchObject({
      status: 200,
      body: { story_id: story.id, role: 'viewer' },
    })
  })

  test('invited-sign-up: a guest needs an invitation as well to have an account', async () => {
    const link = await house.ask('POST', `/collaboration/stories/${story.id}/links`, {}, ann.as)
    const joined = await house.ask('POST', '/collaboration/join', {
      token: tokenOf(link.body.link),
      name: 'Gil',
    })
    const as = { authorization: `Bearer ${joined.body.token}` }
    const become = (headers: Headers) =>
      house.ask('POST', '/api/auth/guest/account', { email: 'gil@example.com', password: PASSWORD }, headers)
    expect(await become(as)).toMatchObject({ status: 403, body: { code: 'forbidden' } })
    expect(await become({ ...as, [TOKEN]: await invite() })).toMatchObject({ status: 200 })
  })
})

test('link-end: while the database is away the watch goes on', async () => {
  const house = await openSharingHouse()
  await house.database.close()
  const failures: unknown[] = []
  const watch = new LinkWatch({
    db: house.database.db,
    rooms: { rightsChanged: () => undefined, inDoubt: () => undefined },
    clock: house.clock,
    after: realTimers.after,
    failed: (error) => failures.push(error),
  })
  await watch.start()
  await watch.stop()
  expect(failures).toHaveLength(1)
  await house.close()
})

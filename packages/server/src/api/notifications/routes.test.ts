import { afterEach, beforeEach, expect, test } from 'vitest'
import { KEPT_MS } from '../../db/repositories/notifications.ts'
import { storeUnsubscribeToken, TOKEN_KEPT_MS, wantsEmail } from '../../db/repositories/unsubscribe.ts'
import { describeEachDatabase } from '../../db/testing.ts'
import { startTestServer, type TestPerson, type TestServer } from '../testing.ts'
import { notifyPerson } from './notices.ts'

const INBOX = '/collaboration/notifications'

describeEachDatabase('inbox', (kind) => {
  let server: TestServer
  let alice: TestPerson
  let bob: TestPerson
  let storyId: number

  beforeEach(async () => {
    server = await startTestServer({ kind })
    alice = await server.person('Alice')
    bob = await server.person('Bob')
    storyId = (await alice.post('/api/stories', { title: 'Dune' })).body.id
    await server.share({ id: storyId }, bob, 'editor')
  })
  afterEach(() => server.close())

  const notify = async (...messages: string[]) => {
    const actor = { userId: alice.id, name: alice.name }
    for (const message of messages) {
      await notifyPerson(server.context, { storyId, actor, userId: bob.id, kind: 'replied', message })
    }
  }
  const list = async (query = '', person = bob) => (await person.get(`${INBOX}${query}`)).body
  const messages = (body: { notifications: { message: string }[] }) =>
    body.notifications.map(({ message }) => message)

  test('inbox-order: newest first, and goes on where it was', async () => {
    await notify('one', 'two', 'three')
    const first = await list('?limit=2')
    await notify('four')
    const second = await list(`?limit=2&after=${first.next}`)
    expect([messages(first), messages(second)]).toEqual([['three', 'two'], ['one']])
    expect([first.unread, second.unread, second.next]).toEqual([3, 4, null])
  })

  test('inbox-mark: read and unread, one or all, and only the unread ones on demand', async () => {
    await notify('one', 'two', 'three')
    const [, two] = (await list()).notifications
    const read = await bob.post(`${INBOX}/${two.id}/read`)
    expect(read).toMatchObject({ status: 200, body: { ...two, read: true } })
    expect(messages(await list('?unread=true'))).toEqual(['three', 'one'])
    expect((await list()).unread).toBe(2)
    expect((await bob.post(`${INBOX}/${two.id}/unread`)).body).toEqual(two)
    expect((await list()).unread).toBe(3)
    expect((await bob.post(`${INBOX}/read-all`)).body).toEqual({ unread: 0 })
    expect(messages(await list('?unread=true'))).toEqual([])
    expect(messages(await list('?unread=false'))).toHaveLength(3)
  })

  test('inbox-own: somebody else’s are not there', async () => {
    await notify('one')
    const [one] = (await list()).notifications
    for (const mark of ['read', 'unread']) {
      expect(await alice.post(`${INBOX}/${one.id}/${mark}`)).toMatchObject({
        status: 404,
        body: { code: 'not_found' },
      })
    }
    await alice.post(`${INBOX}/read-all`)
    expect([(await list('', alice)).notifications, (await list()).unread]).toEqual([[], 1])
  })

  test('inbox-kept: for 90 days', async () => {
    await notify('old')
    const [old] = (await list()).notifications
    server.clock.advance(KEPT_MS)
    expect(await list()).toEqual({ notifications: [], unread: 0, next: null })
    await notify('new')
    expect(messages(await list())).toEqual(['new'])
    const rows = await server.database.db.selectFrom('notifications').select('id').execute()
    expect(rows.map(({ id }) => id)).not.toContain(old.id)
  })

  test.each(['?unread=maybe', '?limit=0', '?after=nonsense'])('inbox: %s is refused', async (query) => {
    expect(await bob.get(`${INBOX}${query}`)).toMatchObject({ status: 400, body: { code: 'bad_message' } })
  })

  test('inbox: who has not signed in has none', async () => {
    const answer = await bob.get(INBOX, { headers: { 'x-test-person': '0' } })
    expect(answer).toMatchObject({ status: 401, body: { code: 'unauthenticated' } })
  })

  test('mail-choice: e-mail is on until it is turned off', async () => {
    const url = `${INBOX}/preferences`
    expect((await bob.get(url)).body).toEqual({ email: true })
    expect(await bob.patch(url, { email: false })).toMatchObject({ status: 200, body: { email: false } })
    expect([(await bob.get(url)).body, (await alice.get(url)).body]).toEqual([
      { email: false },
      { email: true },
    ])
    expect(await bob.patch(url, { email: 'no' })).toMatchObject({ status: 400, body: { path: 'email' } })
    expect((await bob.patch(url, { email: true })).body).toEqual({ email: true })
  })

  const unsubscribe = (method: 'GET' | 'POST', token: string, payload?: string) =>
    server.app.inject({
      method,
      url: `/collaboration/unsubscribe?token=${token}`,
      ...(payload !== undefined && {
        payload,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      }),
    })
  const wants = () => wantsEmail(server.database.db, bob.id)
  const sendToken = (token: string) =>
    storeUnsubscribeToken(server.database.db, { token, userId: bob.id, now: server.clock.now() })

  test('unsubscribe-click: opening the link changes nothing, and shows a button', async () => {
    await sendToken('secret-token')
    const page = await unsubscribe('GET', 'secret-token')
    expect([page.statusCode, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
    expect(page.body).toContain('<form method="post"><button>')
    expect(page.body).not.toMatch(/<script|style=|secret-token/)
    expect(page.headers['content-security-policy']).toContain("form-action 'self'")
    expect(page.headers['referrer-policy']).toBe('no-referrer')
    expect(await wants()).toBe(true)
  })

  test.each([
    ['the button', ''],
    ['a mail program', 'List-Unsubscribe=One-Click'],
    ['nothing at all', undefined],
  ])('unsubscribe-click: a POST by %s turns mails off, without signing in', async (_who, payload) => {
    await sendToken('secret-token')
    expect((await unsubscribe('POST', 'secret-token', payload)).statusCode).toBe(200)
    expect(await wants()).toBe(false)
    expect((await unsubscribe('POST', 'secret-token', payload)).statusCode).toBe(200)
  })

  test('unsubscribe-token: one that is wrong, missing or too old changes nothing', async () => {
    await sendToken('secret-token')
    for (const token of ['', 'secret-toke', '%00', 'x'.repeat(300)]) {
      expect((await unsubscribe('POST', token)).statusCode).toBe(404)
    }
    server.clock.advance(TOKEN_KEPT_MS)
    expect((await unsubscribe('POST', 'secret-token')).statusCode).toBe(404)
    expect(await wants()).toBe(true)
  })

  test('unsubscribe-token: stored as a hash, and logged nowhere', async () => {
    await sendToken('secret-token')
    await unsubscribe('POST', 'secret-token')
    const rows = await server.database.db.selectFrom('unsubscribe_tokens').selectAll().execute()
    expect(rows).toHaveLength(1)
    expect(JSON.stringify(rows)).not.toContain('secret-token')
    expect(server.logged.join('')).toContain('/collaboration/unsubscribe')
    expect(server.logged.join('')).not.toContain('secret-token')
  })
})

import { afterEach, expect, test } from 'vitest'
import { storeTicket } from '../db/repositories/tickets.ts'
import { describeEachDatabase } from '../db/testing.ts'
import {
  bearer,
  cookieOf,
  type HouseOptions,
  openTestHouse,
  PASSWORD,
  signUp,
  type TestHouse,
} from './testing.ts'

const houses: TestHouse[] = []
const openHouse = async (options?: HouseOptions): Promise<TestHouse> => {
  const house = await openTestHouse(options)
  houses.push(house)
  return house
}
afterEach(async () => {
  await Promise.all(houses.splice(0).map((house) => house.close()))
})

describeEachDatabase('accounts', (kind) => {
  test('sign-up: answers a token and a cookie, both name the new person', async () => {
    const house = await openHouse({ kind })
    const alice = await signUp(house, 'Alice', 'Alice@Example.com')
    const byToken = await house.fetch('/who', { headers: bearer(alice.token) })
    const byCookie = await house.fetch('/who', { headers: { cookie: alice.cookie, origin: house.url } })
    expect(byToken.body).toMatchObject({
      userId: alice.userId,
      name: 'Alice',
      email: 'alice@example.com',
      guest: false,
      via: 'token',
    })
    expect(byCookie.body).toMatchObject({ userId: alice.userId, via: 'cookie' })
    expect(byToken.body.expiresAt).toBeGreaterThan(Date.now())
    expect(await house.auth.sessionAlive(byToken.body.sessionId)).toBe(true)
  })

  test('sign-in: the right password opens a session, a wrong one says nothing of who exists', async () => {
    const house = await openHouse({ kind })
    const { userId } = await signUp(house, 'Alice', 'alice@example.com')
    const signIn = (email: string, password: string) =>
      house.fetch('/api/auth/sign-in/email', { method: 'POST', json: { email, password } })
    const right = await signIn('alice@example.com', PASSWORD)
    expect(Number(right.body.user.id)).toBe(userId)
    const wrong = await signIn('alice@example.com', 'another password')
    const nobody = await signIn('nobody@example.com', PASSWORD)
    expect(wrong.status).toBe(401)
    expect(wrong.body.message).toBe('The address or the password is wrong')
    expect(nobody.body).toEqual(wrong.body)
  })

  test('sign-out: ends the session, its tokens and whoever listens', async () => {
    const house = await openHouse({ kind })
    const alice = await signUp(house)
    const { body: jwt } = await house.fetch('/api/auth/token', { headers: bearer(alice.token) })
    const { body: who } = await house.fetch('/who', { headers: bearer(jwt.token) })
    const ended: string[] = []
    house.auth.onSessionEnded((sessionId) => ended.push(sessionId))
    const out = await house.fetch('/api/auth/sign-out', {
      method: 'POST',
      json: {},
      headers: { cookie: alice.cookie, origin: house.url },
    })
    expect(out.status).toBe(200)
    expect(ended).toEqual([who.sessionId])
    expect(await house.auth.sessionAlive(who.sessionId)).toBe(false)
    for (const token of [alice.token, jwt.token]) {
      expect((await house.fetch('/who', { headers: bearer(token) })).status).toBe(401)
    }
  })

  test('sessions: a person sees all of theirs and ends the others', async () => {
    const house = await openHouse({ kind })
    const alice = await signUp(house, 'Alice', 'alice@example.com')
    const json = { email: 'alice@example.com', password: PASSWORD }
    const phone = (await house.fetch('/api/auth/sign-in/email', { method: 'POST', json })).body.token
    const ended: string[] = []
    const stop = house.auth.onSessionEnded((sessionId) => ended.push(sessionId))
    const list = await house.fetch('/api/auth/list-sessions', { headers: bearer(alice.token) })
    expect(list.body).toHaveLength(2)
    const post = { method: 'POST', json: {}, headers: bearer(alice.token) }
    expect((await house.fetch('/api/auth/revoke-other-sessions', post)).status).toBe(200)
    expect((await house.fetch('/who', { headers: bearer(phone) })).status).toBe(401)
    expect((await house.fetch('/who', { headers: bearer(alice.token) })).status).toBe(200)
    expect(ended).toHaveLength(1)
    stop()
    expect((await house.fetch('/api/auth/revoke-sessions', post)).status).toBe(200)
    expect((await house.fetch('/who', { headers: bearer(alice.token) })).status).toBe(401)
    expect(ended).toHaveLength(1)
  })

  test('sessions: one whose time is over names nobody', async () => {
    const house = await openHouse({ kind })
    const { token } = await signUp(house)
    const { sessionId } = await house.auth.verifyToken(token)
    house.pass(8 * 24 * 3_600_000)
    expect(await house.auth.sessionAlive(sessionId ?? '')).toBe(false)
    expect((await house.fetch('/who', { headers: bearer(token) })).status).toBe(401)
  })

  test('owner: of two first sign-ups at once exactly one owns the house', async () => {
    const house = await openHouse({ kind })
    const people = await Promise.all([signUp(house), signUp(house), signUp(house)])
    const { owner_id } = await house.database.db.selectFrom('house').selectAll().executeTakeFirstOrThrow()
    expect(people.map(({ userId }) => userId)).toContain(owner_id)
    expect(owner_id).toBe(Math.min(...people.map(({ userId }) => userId)))
  })

  test('owner: in a house by invitation the second of two first sign-ups is refused and leaves no person', async () => {
    const house = await openHouse({ kind, environment: { SIGN_UP: 'invited' } })
    const answers = await Promise.all(
      ['a@example.com', 'b@example.com'].map((email) =>
        house.fetch('/api/auth/sign-up/email', {
          method: 'POST',
          json: { name: 'A', email, password: PASSWORD },
        }),
      ),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 403])
    expect(answers.find(({ status }) => status === 403)?.body).toMatchObject({
      code: 'forbidden',
      detail: expect.stringContaining('by invitation alone'),
    })
    expect(await house.database.db.selectFrom('users').selectAll().execute()).toHaveLength(1)
  })

  test('ids: the highest one is not used again after its person is gone', async () => {
    const house = await openHouse({ kind })
    await signUp(house)
    const last = await signUp(house)
    await house.database.db.deleteFrom('users').where('id', '=', last.userId).execute()
    expect((await signUp(house)).userId).toBeGreaterThan(last.userId)
  })

  test('tickets: work once, for 30 seconds, as long as the session lives', async () => {
    const house = await openHouse({ kind })
    const { userId, token } = await signUp(house)
    const { sessionId } = await house.auth.verifyToken(token)
    const use = (ticket: string) => house.auth.identifyUpgrade({ headers: {}, url: `/x?ticket=${ticket}` })
    const refused = expect.objectContaining({ code: 'unauthenticated' })
    const issue = (ticket: string, issuedBy: string | null) => issueTicket(house, ticket, userId, issuedBy)

    await issue('first', sessionId)
    expect(await use('first')).toMatchObject({ userId, via: 'ticket', sessionId })
    await expect(use('first')).rejects.toEqual(refused)
    await expect(use('never-issued')).rejects.toEqual(refused)

    await issue('late', sessionId)
    house.pass(30_000)
    await expect(use('late')).rejects.toEqual(refused)

    await issue('signed-out', sessionId)
    await house.fetch('/api/auth/revoke-sessions', { method: 'POST', json: {}, headers: bearer(token) })
    await expect(use('signed-out')).rejects.toEqual(refused)
  })

  test('tickets: of ten sockets that bring the same one at once, one gets in', async () => {
    const house = await openHouse({ kind })
    const { userId } = await signUp(house)
    await issueTicket(house, 'shared', userId, null)
    const uses = Array.from({ length: 10 }, () =>
      house.auth.identifyUpgrade({ headers: {}, url: '/x?ticket=shared' }),
    )
    const settled = await Promise.allSettled(uses)
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  test('half-made: an address whose sign-up was cut off can be used again a minute later', async () => {
    const house = await openHouse({ kind })
    await signUp(house)
    const at = new Date()
    await house.database.db
      .insertInto('users')
      .values({
        name: 'Cut',
        email: 'cut@example.com',
        email_verified: false,
        created_at: at,
        updated_at: at,
      })
      .execute()
    await expect(signUp(house, 'Cut', 'cut@example.com')).rejects.toThrow('There already is an account')
    house.pass(61_000)
    await signUp(house, 'Cut', 'cut@example.com')
  })
})

test.each(['/api/auth/sign-up/email', '/api/auth/guest/account'])(
  'half-made: nobody is removed by %s with the address that stands for a host application’s person',
  async (path) => {
    const house = await openHouse()
    const { token } = await signUp(house)
    const identity = { iss: 'https://host.example', sub: '7', name: 'Hal' }
    const { userId } = await house.auth.foreignPerson(identity)
    const { email } = await house.database.db
      .selectFrom('users')
      .select('email')
      .where('id', '=', userId)
      .executeTakeFirstOrThrow()
    house.pass(61_000)
    for (const written of [email, email.toUpperCase()]) {
      const json = { name: 'Eve', email: written, password: PASSWORD }
      const headers = path.includes('guest') ? bearer(token) : {}
      expect(await house.fetch(path, { method: 'POST', json, headers })).toMatchObject({
        status: 400,
        body: { detail: 'Nobody can have an address that ends in .invalid' },
      })
    }
    expect((await house.auth.foreignPerson(identity)).userId).toBe(userId)
  },
)

test('furnishing: happens once for each person, however many requests come at once', async () => {
  const house = await openHouse()
  const { token, userId } = await signUp(house)
  await Promise.all([1, 2, 3].map(() => house.fetch('/who', { headers: bearer(token) })))
  expect(house.made).toEqual([userId])
})

test('furnishing: a failure leaves the account usable and is repeated when its person comes back', async () => {
  let broken = true
  const house = await openHouse({
    onPersonMade: async () => {
      if (broken) throw new Error('no room for a project')
    },
  })
  const { token, userId } = await signUp(house)
  expect((await house.fetch('/who', { headers: bearer(token) })).status).toBe(200)
  expect(house.made).toEqual([userId, userId])
  expect(house.logged()).toContain('no room for a project')
  broken = false
  await house.fetch('/who', { headers: bearer(token) })
  await house.fetch('/who', { headers: bearer(token) })
  expect(house.made).toEqual([userId, userId, userId])
})

test.each([
  [{ password: 'short' }, 400, 'The password is too short: take at least 8 characters'],
  [{ password: 'x'.repeat(129) }, 400, 'The password is too long: take at most 128 characters'],
  [{ email: 'nowhere' }, 400, expect.stringContaining('email')],
  [{ email: 'x@foreign.invalid' }, 400, 'Nobody can have an address that ends in .invalid'],
  [{ name: '   ' }, 400, 'A name must have 1 to 80 characters, not only spaces'],
  [{ name: 'x\u0000' }, 400, 'A name must have 1 to 80 characters, not only spaces'],
  [{ email: 'taken@example.com' }, 422, expect.stringContaining('There already is an account')],
])('sign-up: says what is wrong with %j', async (wrong, status, message) => {
  const house = await openHouse()
  await signUp(house, 'Taken', 'taken@example.com')
  const json = { name: 'Alice', email: 'alice@example.com', password: PASSWORD, ...wrong }
  const answer = await house.fetch('/api/auth/sign-up/email', { method: 'POST', json })
  expect(answer.status).toBe(status)
  expect(answer.body.message ?? answer.body.detail).toEqual(message)
})

test('sign-up: nobody names themselves a guest or a verified address', async () => {
  const house = await openHouse()
  const json = {
    name: 'A',
    email: 'a@example.com',
    password: PASSWORD,
    guest: true,
    emailVerified: true,
    id: '99',
  }
  await house.fetch('/api/auth/sign-up/email', { method: 'POST', json })
  const rows = await house.database.db.selectFrom('users').selectAll().execute()
  expect(rows).toMatchObject([{ id: 1, guest: false, email_verified: false }])
})

test('log: no password, token, cookie or address of people stands in it', async () => {
  const house = await openHouse()
  const link = await house.auth.setupLink()
  const alice = await signUp(house, 'Alice', 'secret.address@example.com')
  const { body: jwt } = await house.fetch('/api/auth/token', { headers: bearer(alice.token) })
  const json = { email: 'secret.address@example.com', password: 'wrong password' }
  await house.fetch('/api/auth/sign-in/email', { method: 'POST', json })
  await house.fetch('/api/auth/sign-up/email', { method: 'POST', json: { ...json, name: 'Again' } })
  await house.fetch(`/who?token=${alice.token}`, { headers: { origin: 'http://evil.example' } })
  await house.fetch('/api/auth/sign-out', {
    method: 'POST',
    headers: { cookie: alice.cookie, origin: 'null' },
  })
  const log = house.logged()
  // The log is really written to.
  expect(log).toContain('Server listening')
  const secrets = [
    PASSWORD,
    'wrong password',
    alice.token,
    jwt.token,
    'secret.address',
    link?.split('#')[1] ?? '#',
  ]
  for (const secret of secrets) expect(log).not.toContain(secret)
})

test('database: what it says where it is away reaches whoever answers, not a refusal of the person', async () => {
  const house = await openHouse()
  const { token } = await signUp(house)
  await house.database.db.schema.dropTable('sessions').execute()
  await expect(house.auth.verifyToken(token)).rejects.toMatchObject({ code: 'SQLITE_ERROR' })
})

test('cookie: can be read by no script, and sent only to this site', async () => {
  const house = await openHouse()
  const json = { name: 'A', email: 'a@example.com', password: PASSWORD }
  const answer = await house.fetch('/api/auth/sign-up/email', { method: 'POST', json })
  expect(cookieOf(answer)).toMatch(/^storyweave\.session_token=/)
  const [cookie] = answer.headers.getSetCookie()
  expect(cookie).toMatch(/; HttpOnly/i)
  expect(cookie).toMatch(/; SameSite=Lax/i)
})

function issueTicket(
  { database }: TestHouse,
  ticket: string,
  userId: number,
  sessionId: string | null,
): Promise<void> {
  const now = Date.now()
  const holder = { userId, sessionId, sessionExpiresAt: null }
  return storeTicket(database.db, { ticket, holder, expiresAt: now + 30_000, now })
}

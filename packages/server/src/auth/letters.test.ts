import { afterEach, beforeEach, expect, test } from 'vitest'
import { describeEachDatabase } from '../db/testing.ts'
import type { AccountLetters } from './account-letters.ts'
import { bearer, openTestHouse, PASSWORD, signUp, type TestHouse } from './testing.ts'

interface Sent {
  readonly kind: 'verification' | 'reset'
  readonly to: string
  readonly name: string
  readonly link: string
}

const NEW_PASSWORD = 'another long password'

describeEachDatabase('letters of sign-in', (kind) => {
  let house: TestHouse
  const sent: Sent[] = []
  const letters: AccountLetters = {
    sendVerification: async (to, name, link) => void sent.push({ kind: 'verification', to, name, link }),
    sendPasswordReset: async (to, name, link) => void sent.push({ kind: 'reset', to, name, link }),
  }

  beforeEach(async () => {
    sent.length = 0
    house = await openTestHouse({ kind, letters })
  })
  afterEach(() => house.close())

  const post = (path: string, json: object) => house.fetch(`/api/auth${path}`, { method: 'POST', json })
  const signIn = async (email: string, password: string) =>
    (await post('/sign-in/email', { email, password })).status
  const isVerified = async (userId: number) => {
    const { database } = house
    const row = await database.db
      .selectFrom('users')
      .select('email_verified')
      .where('id', '=', userId)
      .executeTakeFirstOrThrow()
    return row.email_verified
  }
  const open = (link: string) => fetch(link.replace(house.config.baseUrl, house.url), { redirect: 'manual' })
  const askForReset = (email: string) => post('/request-password-reset', { email })
  const tokenOf = ({ link }: Sent) => link.split('#')[1] ?? ''

  test('letter-verification: sign-up sends a link that proves the address, and no other does', async () => {
    const alice = await signUp(house, 'Alice', 'Alice@Example.com')
    expect(sent).toMatchObject([{ kind: 'verification', to: 'alice@example.com', name: 'Alice' }])
    const link = sent[0]?.link ?? ''
    expect(link.startsWith(`${house.config.baseUrl}/api/auth/verify-email?token=`)).toBe(true)
    expect(await isVerified(alice.userId)).toBe(false)
    await open(link.replace(/token=.{8}/, 'token=AAAAAAAA'))
    expect(await isVerified(alice.userId)).toBe(false)
    expect((await open(link)).status).toBe(302)
    expect(await isVerified(alice.userId)).toBe(true)
  })

  test('letter-reset: a link gives a new password, once, and ends every session', async () => {
    const alice = await signUp(house, 'Alice', 'alice@example.com')
    const ended: string[] = []
    house.auth.onSessionEnded((id) => ended.push(id))
    expect((await askForReset('alice@example.com')).status).toBe(200)
    const letter = sent.at(-1) as Sent
    expect(letter).toMatchObject({ kind: 'reset', to: 'alice@example.com', name: 'Alice' })
    expect(letter.link).toMatch(/\/reset-password#\w+$/)
    const reset = () => post('/reset-password', { token: tokenOf(letter), newPassword: NEW_PASSWORD })
    expect((await reset()).status).toBe(200)
    expect(await signIn('alice@example.com', PASSWORD)).toBe(401)
    expect(await signIn('alice@example.com', NEW_PASSWORD)).toBe(200)
    expect((await house.fetch('/who', { headers: bearer(alice.token) })).status).toBe(401)
    expect(ended).toHaveLength(1)
    expect((await reset()).status).toBe(400)
  })

  test('letter-reset: its token is kept as a hash', async () => {
    await signUp(house, 'Alice', 'alice@example.com')
    await askForReset('alice@example.com')
    const kept = await house.database.db.selectFrom('verifications').selectAll().execute()
    expect(kept).toHaveLength(1)
    expect(JSON.stringify(kept)).not.toContain(tokenOf(sent.at(-1) as Sent))
  })

  test('letter-unknown: who asks for an address that nobody has, or nobody can have, hears the same', async () => {
    await signUp(house, 'Alice', 'alice@example.com')
    const at = new Date()
    await house.database.db
      .insertInto('users')
      .values({
        name: 'G',
        email: 'g@guest.invalid',
        email_verified: false,
        guest: true,
        created_at: at,
        updated_at: at,
      })
      .execute()
    const known = await askForReset('alice@example.com')
    sent.length = 0
    for (const email of ['nobody@example.com', 'g@guest.invalid']) {
      const answer = await askForReset(email)
      expect([answer.status, answer.body]).toEqual([known.status, known.body])
    }
    expect(sent).toEqual([])
  })

  test('letter-rate: nobody’s inbox is filled through this house', async () => {
    await signUp(house, 'Alice', 'alice@example.com')
    const statuses: number[] = []
    for (let n = 0; n < 7; n++) {
      // Past the limit by address of the asker, which is a minute's.
      house.pass(61_000)
      statuses.push((await askForReset('Alice@example.com')).status)
    }
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429])
    expect(sent.filter(({ kind: one }) => one === 'reset')).toHaveLength(5)
  })

  test('letter-none: without a mail server nothing is verified, and no password reset', async () => {
    const silent = await openTestHouse({ kind })
    try {
      await signUp(silent, 'Alice', 'alice@example.com')
      const json = { email: 'alice@example.com' }
      const answer = await silent.fetch('/api/auth/request-password-reset', { method: 'POST', json })
      expect(answer.status).toBe(400)
    } finally {
      await silent.close()
    }
  })
})

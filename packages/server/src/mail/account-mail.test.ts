import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openTestHouse, signUp, type TestHouse } from '../auth/testing.ts'
import { describeEachDatabase, type TemporaryDatabase, temporaryDatabase } from '../db/testing.ts'
import { openPostOffice, type PostOffice, StandingTime, type TestMail, testMail } from './testing.ts'

describeEachDatabase('mail of accounts', (kind) => {
  let database: TemporaryDatabase
  let office: PostOffice
  let mail: TestMail
  let house: TestHouse

  beforeEach(async () => {
    database = await temporaryDatabase({ kind })
    office = await openPostOffice()
    mail = testMail(database, { url: office.url, time: new StandingTime(), random: randomBytes })
    house = await openTestHouse({ database, letters: mail.queue })
  })
  afterEach(async () => {
    await house.close()
    await mail.desk.stop()
    await office.close()
    await database.close()
  })

  const linkIn = (text: string | undefined) => /http\S+/.exec(text ?? '')?.[0] ?? ''

  test('mail-account: the letter of a sign-up leads to a verified address', async () => {
    const alice = await signUp(house, 'Alice', 'alice@example.com')
    await mail.desk.sendDue()
    expect(office.received.map(({ to }) => to)).toEqual([['alice@example.com']])
    expect(office.received[0]?.headers.has('list-unsubscribe')).toBe(false)
    const { pathname, search } = new URL(linkIn(office.received[0]?.text))
    expect((await fetch(`${house.url}${pathname}${search}`, { redirect: 'manual' })).status).toBe(302)
    const row = await database.db
      .selectFrom('users')
      .select('email_verified')
      .where('id', '=', alice.userId)
      .executeTakeFirstOrThrow()
    expect(row.email_verified).toBe(true)
  })

  test('mail-account: the letter of a forgotten password leads to a new one', async () => {
    await signUp(house, 'Alice', 'alice@example.com')
    const post = (path: string, json: object) => house.fetch(`/api/auth${path}`, { method: 'POST', json })
    await post('/request-password-reset', { email: 'alice@example.com' })
    await mail.desk.sendDue()
    const letter = office.received.find(({ headers }) => headers.get('subject')?.includes('password'))
    const token = new URL(linkIn(letter?.text)).hash.slice(1)
    const newPassword = 'another long password'
    expect((await post('/reset-password', { token, newPassword })).status).toBe(200)
    const signIn = await post('/sign-in/email', { email: 'alice@example.com', password: newPassword })
    expect(signIn.status).toBe(200)
  })
})

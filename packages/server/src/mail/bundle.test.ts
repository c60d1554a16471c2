import { expect, test } from 'vitest'
import { revokeRole } from '../db/repositories/permissions.ts'
import { transact } from '../db/repositories/queries.ts'
import { chooseEmail, unsubscribe } from '../db/repositories/unsubscribe.ts'
import { describeEachDatabase } from '../db/testing.ts'
import { mailHouse } from './testing-house.ts'

const MINUTE_MS = 60_000

describeEachDatabase('bundles of notifications', (kind) => {
  const house = mailHouse(kind)
  const { addPerson, notify, openOffice, queued, read, sendAfter, subjects } = house

  test('mail-bundle: what came within five minutes is one mail, that names the story', async () => {
    await notify('Alice mentioned you')
    await sendAfter(4 * MINUTE_MS)
    await notify('Alice replied to you', house.bob, house.story.storyId, 7)
    expect(house.office.received).toEqual([])
    await sendAfter(MINUTE_MS)
    expect(subjects()).toEqual(['“The Lighthouse”: 2 things that concern you'])
    const [received] = house.office.received
    expect([received?.from, received?.to]).toEqual(['room@write.example', ['bob@example.com']])
    expect(received?.headers.get('from')).toBe('The house <room@write.example>')
    for (const body of [received?.text, received?.html]) {
      expect(body).toContain('Alice mentioned you')
      expect(body).toContain('Alice replied to you')
      expect(body).toContain(`https://write.example/stories/${house.story.storyId}/beats/7`)
    }
  })

  test('mail-apart: the next one of the same story comes 15 minutes after it at the earliest', async () => {
    await notify('one')
    await sendAfter(5 * MINUTE_MS)
    await notify('two')
    await sendAfter(5 * MINUTE_MS)
    await notify('three')
    await sendAfter(10 * MINUTE_MS - 1)
    expect(subjects()).toEqual(['“The Lighthouse”: one'])
    await sendAfter(1)
    expect(subjects()).toEqual(['“The Lighthouse”: one', '“The Lighthouse”: 2 things that concern you'])
    await sendAfter(60 * MINUTE_MS)
    expect(house.office.received).toHaveLength(2)
  })

  test('mail-apart: another story or another person does not wait for it', async () => {
    const carol = await addPerson('Carol', 'carol@example.com')
    await notify('one')
    await sendAfter(5 * MINUTE_MS)
    await notify('two', carol)
    await sendAfter(5 * MINUTE_MS)
    expect(house.office.received.map(({ to }) => to[0])).toEqual(['bob@example.com', 'carol@example.com'])
  })

  test('mail-unread: nothing that was read in the house', async () => {
    await read(await notify('one'))
    await sendAfter(5 * MINUTE_MS)
    expect(house.office.received).toEqual([])
    await notify('two')
    await read(await notify('three'))
    await sendAfter(15 * MINUTE_MS)
    expect(subjects()).toEqual(['“The Lighthouse”: two'])
  })

  test('mail-unread: what was mailed once is not mailed again, unread as it is', async () => {
    await notify('one')
    await sendAfter(5 * MINUTE_MS)
    await notify('two')
    await sendAfter(15 * MINUTE_MS)
    expect(subjects()).toEqual(['“The Lighthouse”: one', '“The Lighthouse”: two'])
  })

  const changeBob = (changes: { email_verified?: boolean; guest?: boolean; emptied_at?: number }) =>
    house.database.db.updateTable('users').set(changes).where('id', '=', house.bob).execute()

  test.each<[string, () => Promise<unknown>]>([
    ['has not proven the address', () => changeBob({ email_verified: false })],
    ['is a guest', () => changeBob({ guest: true })],
    ['has left the house', () => changeBob({ emptied_at: 1 })],
    ['turned it off', () => chooseEmail(house.database.db, house.bob, false)],
    [
      'lost the story',
      () => transact(house.database.db, (trx) => revokeRole(trx, house.story.storyId, house.bob)),
    ],
  ])('mail-wanted: nothing for who %s', async (_who, become) => {
    await notify('one')
    await become()
    await sendAfter(5 * MINUTE_MS)
    await sendAfter(60 * MINUTE_MS)
    expect(house.office.received).toEqual([])
    expect(await queued()).toMatchObject([{ due_at: null, claimed_until: null, sent_at: null }])
  })

  test('mail-unsubscribe: one click, which needs no sign-in, is in every bundle', async () => {
    await notify('one')
    await sendAfter(5 * MINUTE_MS)
    const [received] = house.office.received
    const link = /^<(.*)>$/.exec(received?.headers.get('list-unsubscribe') ?? '')?.[1] ?? ''
    expect(link).toMatch(/^https:\/\/write\.example\/collaboration\/unsubscribe\?token=[\w-]{43}$/)
    expect(received?.headers.get('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click')
    for (const body of [received?.text, received?.html]) expect(body).toContain(link)
    const token = new URL(link).searchParams.get('token') ?? ''
    expect(await unsubscribe(house.database.db, token, house.time.now())).toBe(true)
    await notify('two')
    await sendAfter(15 * MINUTE_MS)
    expect(house.office.received).toHaveLength(1)
  })

  test('mail-bundle: what comes while a bundle is on its way goes into the next one', async () => {
    let arrival: Promise<unknown> | undefined
    await openOffice({
      refuse: () => {
        arrival ??= notify('two')
        return undefined
      },
    })
    await notify('one')
    await sendAfter(5 * MINUTE_MS)
    await arrival
    await sendAfter(0)
    expect(subjects()).toEqual(['“The Lighthouse”: one'])
    await sendAfter(15 * MINUTE_MS)
    expect(subjects()).toEqual(['“The Lighthouse”: one', '“The Lighthouse”: two'])
  })
})

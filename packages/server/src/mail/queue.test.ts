import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { transact } from '../db/repositories/queries.ts'
import { describeEachDatabase } from '../db/testing.ts'
import { openPostOffice } from './testing.ts'
import { LINK, mailHouse } from './testing-house.ts'

const MINUTE_MS = 60_000

describeEachDatabase('the queue of mails', (kind) => {
  const house = mailHouse(kind)
  const { invite, makeMail, notify, openOffice, queued, sendAfter, subjects } = house

  test('mail-harmless: script and line breaks in every text are no more than text', async () => {
    const evil = `<script>alert("1")</script>'&\r\nBcc: all@example.com`
    await house.database.db.updateTable('stories').set({ title: evil }).execute()
    await notify(evil)
    await house.mail.queue.sendInvitation(
      'carol@example.com',
      { storyTitle: evil, inviterName: evil, role: 'viewer' },
      `${LINK}"><script>`,
    )
    await house.mail.queue.sendVerification('dave@example.com', evil, LINK)
    await house.mail.queue.sendPasswordReset('erin@example.com', evil, LINK)
    await sendAfter(5 * MINUTE_MS)
    expect(house.office.received).toHaveLength(4)
    for (const { headers, html, to } of house.office.received) {
      expect(html).not.toMatch(/<script|<\/script/)
      expect(html).toMatch(/&lt;script&gt;/)
      expect([to.length, headers.has('bcc')]).toEqual([1, false])
    }
    expect(subjects()[0]).toMatch(/^.{0,140}$/u)
  })

  test('mail-harmless: an address is one address', async () => {
    await invite('carol@example.com, mallory@example.com')
    await invite('carol@example.com\r\nRCPT TO:<mallory@example.com>')
    await sendAfter(0)
    expect(house.office.received.flatMap(({ to }) => to)).not.toContain('mallory@example.com')
  })

  test('mail-sealed: a letter waits where nobody without the house’s secret can read it', async () => {
    await invite('carol@example.com')
    const waiting = JSON.stringify(await queued())
    expect(waiting).toContain('"letter":"')
    for (const word of ['carol', 'the-token', 'Dune']) expect(waiting).not.toContain(word)
    await sendAfter(0)
    expect(house.office.received[0]?.text).toContain(LINK)
    expect(await queued()).toEqual([])
  })

  test('mail-sealed: one of another secret is let go, and said in the log', async () => {
    await invite('carol@example.com')
    const other = makeMail({ secret: 'another house’s secret, just as long' })
    await sendAfter(0, other.desk)
    expect(other.noted).toEqual([expect.stringContaining('mail_unreadable')])
    expect([house.office.received, await queued()]).toEqual([[], []])
  })

  test('mail-transaction: a letter queued in a change that fails is never sent', async () => {
    const failing = transact(house.database.db, async (trx) => {
      const words = { storyTitle: 'Dune', inviterName: 'Alice', role: 'editor' } as const
      await house.mail.queue.sendInvitation('carol@example.com', words, LINK, { trx })
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    await sendAfter(0)
    expect(house.office.received).toEqual([])
  })

  test('mail-retry: with the mail server down nothing is lost', async () => {
    await notify('one')
    await invite('carol@example.com')
    await house.office.close()
    for (let n = 0; n < 6; n++) await sendAfter(MINUTE_MS)
    expect(house.mail.noted.filter((line) => line.startsWith('mail_failed')).length).toBeGreaterThan(3)
    expect(await queued()).toHaveLength(2)
    const again = await openPostOffice({ port: Number(new URL(house.office.url).port) })
    house.closeLater(again)
    // One at a time, as each is due.
    for (let n = 0; n < 60; n++) await sendAfter(MINUTE_MS)
    expect(again.received.map(({ to }) => to[0]).toSorted()).toEqual(['bob@example.com', 'carol@example.com'])
    expect(await queued()).toMatchObject([{ user_id: house.bob, attempts: 0, due_at: null }])
  })

  test('mail-retry: the longer the mail server is down, the more rarely it is asked', async () => {
    await invite('carol@example.com')
    await house.office.close()
    const asked: number[] = []
    for (let minute = 0; minute < 200; minute++) {
      const before = house.mail.noted.length
      await house.mail.desk.sendDue()
      if (house.mail.noted.length > before) asked.push(minute)
      house.time.pass(MINUTE_MS)
    }
    expect(asked).toEqual([0, 1, 3, 7, 15, 31, 63, 123, 183])
  })

  test('mail-retry: a new start goes on with what is queued', async () => {
    await invite('carol@example.com')
    await house.mail.desk.stop()
    await house.mail.desk.sendDue()
    expect(house.office.received).toEqual([])
    await makeMail().desk.sendDue()
    expect(house.office.received).toHaveLength(1)
  })

  test('mail-retry: a letter whose link has ended is not sent any more', async () => {
    await house.mail.queue.sendPasswordReset('carol@example.com', 'Carol', LINK)
    await sendAfter(60 * MINUTE_MS)
    expect([house.office.received, await queued()]).toEqual([[], []])
    expect(house.mail.noted).toEqual([expect.stringContaining('mail_expired')])
  })

  test('mail-secrets: wrong credentials are said in the log, without any secret', async () => {
    house.mail = makeMail({ url: house.office.url.replace('a%20pass%25word', 'hunter2') })
    await invite('carol@example.com')
    await sendAfter(0)
    expect(house.mail.noted).toEqual([expect.stringContaining('"code":"EAUTH"')])
    expect(house.mail.noted[0]).toContain('535')
    expect(house.mail.noted.join('')).not.toMatch(/hunter2|carol|the-token|a pass%word/)
    const right = makeMail()
    await sendAfter(MINUTE_MS, right.desk)
    expect(house.office.received).toHaveLength(1)
  })

  test('mail-refused: a letter that is refused for good does not hold up the others', async () => {
    await openOffice({
      refuse: (to) => (to.startsWith('carol') ? { code: 550, message: `No ${to} here` } : undefined),
    })
    await invite('carol@example.com')
    await invite('dave@example.com')
    await sendAfter(0)
    expect(house.office.received.map(({ to }) => to)).toEqual([['dave@example.com']])
    expect(await queued()).toEqual([])
    expect(house.mail.noted.join('')).toContain('550')
    expect(house.mail.noted.join('')).not.toContain('carol')
  })

  test('mail-refused: one that is refused for now is tried again, and the others are not held up', async () => {
    let isGrey = true
    await openOffice({
      refuse: (to) => (isGrey && to.startsWith('carol') ? { code: 450, message: 'Later' } : undefined),
    })
    await invite('carol@example.com')
    await invite('dave@example.com')
    await sendAfter(0)
    isGrey = false
    await sendAfter(MINUTE_MS)
    expect(house.office.received.map(({ to }) => to[0])).toEqual(['dave@example.com', 'carol@example.com'])
  })

  test('mail-once: desks of several nodes send each mail once', async () => {
    for (let n = 0; n < 12; n++) await invite(`person-${n}@example.com`)
    const nodes = [house.database, await house.database.another(), await house.database.another()]
    const desks = nodes.map(({ db }) => makeMail({ db }).desk)
    // A desk whose claim another one won looks again later.
    for (let round = 0; round < 12; round++) await Promise.all(desks.map((desk) => desk.sendDue()))
    const receivers = house.office.received.flatMap(({ to }) => to)
    expect(receivers).toHaveLength(12)
    expect(new Set(receivers).size).toBe(12)
  })

  test('mail-once: where the server’s answer was lost, the repeat is known by its Message-ID', async () => {
    let hangsUp = true
    await openOffice({ hangUp: () => hangsUp })
    await invite('carol@example.com')
    await sendAfter(0)
    hangsUp = false
    await sendAfter(MINUTE_MS)
    const ids = house.office.received.map(({ headers }) => headers.get('message-id'))
    expect(ids).toHaveLength(2)
    expect(ids[0]).toMatch(/^<storyweave\.[0-9a-f]{32}@write\.example>$/)
    expect(ids[1]).toBe(ids[0])
    expect(await queued()).toEqual([])
  })

  test.runIf(kind === 'sqlite')(
    'mail-once: what was sent and could not be written down is written down first, and not sent again',
    async () => {
      const { db } = house.database
      await sql`create trigger full_disk before delete on mails begin select raise(abort, 'full'); end`.execute(
        db,
      )
      await invite('carol@example.com')
      await expect(sendAfter(0)).rejects.toThrow('full')
      await expect(sendAfter(60 * MINUTE_MS)).rejects.toThrow('full')
      await sql`drop trigger full_disk`.execute(db)
      await sendAfter(0)
      expect(house.office.received).toHaveLength(1)
      expect(await queued()).toEqual([])
    },
  )

  test('mail-once: the claim of a desk that died ends after a while', async () => {
    await invite('carol@example.com')
    await house.database.db
      .updateTable('mails')
      .set({ claimed_until: house.time.now() + 10 * MINUTE_MS })
      .execute()
    await sendAfter(9 * MINUTE_MS)
    expect(house.office.received).toEqual([])
    await sendAfter(MINUTE_MS)
    expect(house.office.received).toHaveLength(1)
  })

  test('mail-desk: looks at the queue again and again until it is stopped', async () => {
    house.mail.desk.start()
    await invite('carol@example.com')
    for (const look of house.time.planned) {
      house.time.planned.delete(look)
      look()
      break
    }
    // The same run: it resolves when that one has sent what is due.
    await house.mail.desk.sendDue()
    expect(house.office.received).toHaveLength(1)
    await house.mail.desk.stop()
    expect(house.time.planned.size).toBe(0)
  })

  test('mail-desk: a stop does not wait for a mail server that hangs', async () => {
    let arrived = (): void => undefined
    const arrival = new Promise<void>((resolve) => {
      arrived = resolve
    })
    await openOffice({ silent: () => arrived() })
    await invite('carol@example.com')
    const sending = house.mail.desk.sendDue()
    await arrival
    const stopped = house.mail.desk.stop()
    for (const giveUp of house.time.planned) giveUp()
    await stopped
    expect(await queued()).toMatchObject([{ attempts: 0, claimed_until: expect.any(Number) }])
    house.office.hangUp()
    await sending
    expect(await queued()).toMatchObject([{ attempts: 1 }])
  })
})

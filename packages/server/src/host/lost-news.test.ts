import type { Notification } from '@storyweave/protocol'
import { expect, test } from 'vitest'
import { LostNews } from './lost-news.ts'
import { SimulatedTimers } from './testing.ts'

/** One person's inbox, of which this node is told little. */
class Inbox {
  readonly timers = new SimulatedTimers()
  isHere = true
  readonly stored: number[] = []
  readonly told: number[] = []
  readonly notes: string[] = []
  isFailing = false
  isAway = false
  readonly lost = new LostNews({
    timers: this.timers,
    source: {
      notificationsAfter: async (userIds, id = 0) => {
        if (this.isFailing) throw new Error('The database is away.')
        const news = this.stored.filter((one) => one > id).map((one) => this.#newsOf(one))
        return { last: Math.max(0, ...this.stored), news: userIds.length === 0 ? [] : news }
      },
    },
    userIds: () => (this.isHere ? [1] : []),
    tell: ({ notification }) => this.told.push(notification.id),
    isDatabaseAway: () => this.isAway,
    note: (event) => this.notes.push(event),
  })

  #newsOf(id: number) {
    return { userId: 1, notification: { id } as Notification }
  }
}

test('node-news: what another node has stored is told within a second, once', async () => {
  const inbox = new Inbox()
  inbox.stored.push(1, 2)
  await inbox.timers.pass(1_000)
  expect(inbox.told).toEqual([])
  inbox.stored.push(3)
  await inbox.timers.pass(3_000)
  expect(inbox.told).toEqual([3])
})

test('node-news: what was told by its message is not told again', async () => {
  const inbox = new Inbox()
  await inbox.timers.pass(1_000)
  expect(inbox.lost.isNews(4)).toBe(true)
  expect(inbox.lost.isNews(4)).toBe(false)
  inbox.stored.push(4)
  await inbox.timers.pass(2_000)
  expect(inbox.told).toEqual([])
})

test('node-news: who comes is not told what was there before they came', async () => {
  const inbox = new Inbox()
  inbox.isHere = false
  inbox.stored.push(1, 2)
  await inbox.timers.pass(5_000)
  inbox.isHere = true
  await inbox.timers.pass(3_000)
  expect(inbox.told).toEqual([])
  inbox.stored.push(3)
  await inbox.timers.pass(1_000)
  expect(inbox.told).toEqual([3])
})

test('node-news: nor who comes again what has come while they were away', async () => {
  const inbox = new Inbox()
  await inbox.timers.pass(1_000)
  inbox.isHere = false
  await inbox.timers.pass(1_000)
  inbox.stored.push(1)
  await inbox.timers.pass(1_000)
  inbox.isHere = true
  await inbox.timers.pass(3_000)
  expect(inbox.told).toEqual([])
})

test('node-news: who comes is told what has come between that and the next look', async () => {
  const inbox = new Inbox()
  inbox.isHere = false
  inbox.stored.push(1)
  await inbox.timers.pass(1_500)
  inbox.isHere = true
  inbox.stored.push(2)
  await inbox.timers.pass(3_000)
  expect(inbox.told).toEqual([2])
})

test('node-news: one whose id is lower and whose commit came later is found', async () => {
  const inbox = new Inbox()
  await inbox.timers.pass(1_000)
  inbox.stored.push(9)
  await inbox.timers.pass(1_000)
  inbox.stored.push(8)
  await inbox.timers.pass(1_000)
  expect(inbox.told).toEqual([9, 8])
})

test('node-news: goes on after the database was away, and ends', async () => {
  const inbox = new Inbox()
  await inbox.timers.pass(1_000)
  inbox.isFailing = true
  await inbox.timers.pass(1_000)
  expect(inbox.notes).toEqual(['lost_news_failed'])
  inbox.isAway = true
  await inbox.timers.pass(5_000)
  expect(inbox.notes).toHaveLength(1)
  ;[inbox.isFailing, inbox.isAway] = [false, false]
  inbox.stored.push(1)
  await inbox.timers.pass(1_000)
  expect(inbox.told).toEqual([1])
  inbox.lost.end()
  expect(inbox.timers.isIdle).toBe(true)
})

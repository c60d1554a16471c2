import type { Role } from '@storyweave/protocol'
import { beforeEach, expect, test } from 'vitest'
import { RightsWatch, type Standings } from './rights-watch.ts'
import { settled } from './testing.ts'

type Roles = Readonly<Record<number, Role>>

const standingsAs = (roles: Roles): Standings =>
  new Map(
    Object.entries(roles).map(([userId, role]) => [Number(userId), { role, name: 'Somebody', guest: false }]),
  )

/** Questions that the test answers by hand, in whatever order it likes. */
class Questions {
  readonly open: { userIds: readonly number[]; answer: (standings: Standings) => void; fail: () => void }[] =
    []
  readonly here = new Set([1, 2])
  readonly roles: [number, Role | undefined][] = []
  readonly again: (() => void)[] = []
  deleted = 0
  readonly watch = new RightsWatch({
    room: {
      userIds: this.here,
      setStanding: (userId, standing) => this.roles.push([userId, standing?.role]),
      storyDeleted: () => {
        this.deleted += 1
      },
    },
    timers: {
      now: () => 0,
      after: (_ms, call) => {
        this.again.push(call)
        return () => undefined
      },
    },
    standingsOf: (userIds) =>
      new Promise((answer, reject) => {
        this.open.push({ userIds, answer, fail: () => reject(new Error('away')) })
      }),
    failed: () => undefined,
  })

  /** The question that is out, about these people. */
  async next(userIds: readonly number[]) {
    await settled()
    const [question, ...more] = this.open.splice(0)
    expect(more).toEqual([])
    expect(question?.userIds).toEqual(userIds)
    return {
      answer: (roles: Roles | undefined) => question?.answer(roles && standingsAs(roles)),
      fail: () => question?.fail(),
    }
  }

  async nothing() {
    await settled()
    expect(this.open).toEqual([])
  }
}

let questions: Questions
beforeEach(() => {
  questions = new Questions()
})

test('rights: a person is asked about once at a time, and again where something changed meanwhile', async () => {
  questions.watch.askOne(1)
  const first = await questions.next([1])
  questions.watch.askOne(1)
  await questions.nothing()
  first.answer({ 1: 'editor' })
  const second = await questions.next([1])
  second.answer({ 1: 'viewer' })
  await questions.nothing()
  expect(questions.roles).toEqual([
    [1, 'editor'],
    [1, 'viewer'],
  ])
})

test('role-changes: everyone who is named while a question is out is in the next one', async () => {
  questions.watch.askAll()
  const first = await questions.next([1, 2])
  questions.here.add(3).add(4)
  questions.watch.askOne(3)
  questions.watch.askOne(4)
  first.answer({ 1: 'editor' })
  const second = await questions.next([3, 4])
  second.answer({ 3: 'viewer', 4: 'owner' })
  await questions.nothing()
  expect(questions.roles).toEqual([
    [1, 'editor'],
    [2, undefined],
    [3, 'viewer'],
    [4, 'owner'],
  ])
})

test('rights: what can not be answered now is asked again, of everyone who is there by then', async () => {
  questions.watch.askAll()
  const failing = await questions.next([1, 2])
  questions.here.add(3)
  questions.watch.askOne(3)
  failing.fail()
  await questions.nothing()
  questions.again.shift()?.()
  const again = await questions.next([1, 2, 3])
  again.answer({ 1: 'viewer', 3: 'editor' })
  await questions.nothing()
  expect(questions.roles).toEqual([
    [1, 'viewer'],
    [2, undefined],
    [3, 'editor'],
  ])
})

test('story-deleted: ends its room, and nobody is told that their rights are gone', async () => {
  questions.watch.askAll()
  const question = await questions.next([1, 2])
  question.answer(undefined)
  await questions.nothing()
  expect([questions.deleted, questions.roles]).toEqual([1, []])
})

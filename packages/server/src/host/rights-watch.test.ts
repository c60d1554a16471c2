import type { Role } from '@storyweave/protocol'
import { expect, test } from 'vitest'
import type { Standing } from '../room/ports.ts'
import { RightsWatch } from './rights-watch.ts'

const standingAs = (role: Role | undefined): Standing | undefined =>
  role === undefined ? undefined : { role, name: 'Somebody', guest: false }

/** Questions that the test answers by hand, in whatever order it likes. */
class Questions {
  readonly open: { userId: number; answer: (role: Role | undefined) => void; fail: () => void }[] = []
  readonly roles: [number, Role | undefined][] = []
  readonly again: (() => void)[] = []
  lives = true
  deleted = 0
  readonly watch = new RightsWatch({
    room: {
      userIds: new Set([1, 2]),
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
    standingOf: (userId) =>
      new Promise((resolve, reject) => {
        const answer = (role: Role | undefined) => resolve(standingAs(role))
        this.open.push({ userId, answer, fail: () => reject(new Error('away')) })
      }),
    storyLives: async () => this.lives,
    failed: () => undefined,
  })

  async next() {
    for (let turn = 0; turn < 10; turn++) await Promise.resolve()
    const question = this.open.shift()
    if (question === undefined) throw new Error('Nothing was asked.')
    return question
  }
}

test('rights: one person is asked about at a time, and again where something changed meanwhile', async () => {
  const questions = new Questions()
  questions.watch.askOne(1)
  const first = await questions.next()
  questions.watch.askOne(1)
  expect(questions.open).toEqual([])
  first.answer('editor')
  const second = await questions.next()
  second.answer('viewer')
  await expect(questions.next()).rejects.toThrow('Nothing was asked.')
  expect(questions.roles).toEqual([
    [1, 'editor'],
    [1, 'viewer'],
  ])
})

test('rights: what can not be answered now is asked again', async () => {
  const questions = new Questions()
  questions.watch.askAll()
  const failing = await questions.next()
  failing.fail()
  await expect(questions.next()).rejects.toThrow('Nothing was asked.')
  questions.again.shift()?.()
  for (const role of ['viewer', undefined] as const) (await questions.next()).answer(role)
  await expect(questions.next()).rejects.toThrow('Nothing was asked.')
  expect(new Map(questions.roles)).toEqual(
    new Map([
      [1, undefined],
      [2, 'viewer'],
    ]),
  )
})

test('rights: a deleted story ends its room', async () => {
  const questions = new Questions()
  questions.lives = false
  questions.watch.askAll()
  await expect(questions.next()).rejects.toThrow('Nothing was asked.')
  expect(questions.deleted).toBe(1)
})

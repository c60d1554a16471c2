import { expect, test } from 'vitest'
import { InTurn } from './in-turn.ts'

test('chat-in-turn: tasks of one key are done in their order, those of another do not wait for them', async () => {
  const turns = new InTurn<string>()
  const done: string[] = []
  const first = Promise.withResolvers<void>()
  const slow = turns.run('ann', async () => {
    await first.promise
    return done.push('ann 1')
  })
  const quick = turns.run('ann', async () => done.push('ann 2'))
  await turns.run('bea', async () => done.push('bea 1'))
  expect(done).toEqual(['bea 1'])
  first.resolve()
  expect(await Promise.all([slow, quick])).toEqual([2, 3])
  expect(done).toEqual(['bea 1', 'ann 1', 'ann 2'])
})

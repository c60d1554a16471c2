import { expect, test } from 'vitest'
import { SessionWatch } from './session-watch.ts'
import { SimulatedTimers } from './testing.ts'

function watch() {
  const timers = new SimulatedTimers()
  const state = { isDeaf: false, isFailing: false, ended: ['2'] }
  const told: string[] = []
  const asked: (readonly string[])[] = []
  const notes: string[] = []
  const sessions = new SessionWatch({
    after: (ms, call) => timers.after(ms, call),
    sessionIds: () => new Set(['1', '2']),
    endedAmong: async (ids) => {
      asked.push(ids)
      if (state.isFailing) throw new Error('The database is away.')
      return state.ended
    },
    ended: (id) => told.push(id),
    isDeaf: () => state.isDeaf,
    note: (event) => notes.push(event),
  })
  return { timers, state, told, asked, notes, sessions }
}

test('signed-out: on another node is found within a second while nodes are not heard, else now and then', async () => {
  const { timers, state, told, asked } = watch()
  await timers.pass(14_000)
  expect(asked).toEqual([])
  await timers.pass(1_000)
  expect([asked.length, told]).toEqual([1, ['2']])
  state.isDeaf = true
  await timers.pass(2_000)
  expect(asked).toHaveLength(3)
})

test('signed-out: is asked for again where it could not be read', async () => {
  const { timers, state, told, notes, sessions } = watch()
  ;[state.isDeaf, state.isFailing] = [true, true]
  await timers.pass(1_000)
  expect([told, notes]).toEqual([[], ['session_watch_failed']])
  state.isFailing = false
  await timers.pass(1_000)
  expect(told).toEqual(['2'])
  sessions.stop()
  expect(timers.isIdle).toBe(true)
})

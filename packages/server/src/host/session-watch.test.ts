import { expect, test } from 'vitest'
import { SessionWatch } from './session-watch.ts'
import { SimulatedTimers } from './testing.ts'

function watch() {
  const timers = new SimulatedTimers()
  const state = { isFailing: false, open: ['1', '2'], ended: ['2'] }
  const told: string[] = []
  const asked: (readonly string[])[] = []
  const notes: string[] = []
  const sessions = new SessionWatch({
    after: (ms, call) => timers.after(ms, call),
    sessionIds: () => new Set(state.open),
    endedAmong: async (ids) => {
      asked.push(ids)
      if (state.isFailing) throw new Error('The database is away.')
      return state.ended
    },
    ended: (id) => told.push(id),
    note: (event) => notes.push(event),
  })
  return { timers, state, told, asked, notes, sessions }
}

test('node-sessions: an end on another node that nobody told of is found within a second', async () => {
  const { timers, state, told, asked } = watch()
  state.ended = []
  await timers.pass(1_000)
  expect([asked, told]).toEqual([[['1', '2']], []])
  state.ended = ['2']
  await timers.pass(1_000)
  expect(told).toEqual(['2'])
  await timers.pass(2_000)
  expect(asked).toHaveLength(4)
})

test('node-sessions: nothing is asked where no socket is of a session', async () => {
  const { timers, state, asked } = watch()
  state.open = []
  await timers.pass(3_000)
  expect(asked).toEqual([])
})

test('node-sessions: is asked for again where it could not be read', async () => {
  const { timers, state, told, notes, sessions } = watch()
  state.isFailing = true
  await timers.pass(1_000)
  expect([told, notes]).toEqual([[], ['session_watch_failed']])
  state.isFailing = false
  await timers.pass(1_000)
  expect(told).toEqual(['2'])
  sessions.stop()
  expect(timers.isIdle).toBe(true)
})

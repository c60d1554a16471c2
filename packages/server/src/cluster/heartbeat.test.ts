import { expect, it } from 'vitest'
import { SimulatedTimers } from '../host/testing.ts'
import { Heartbeat } from './heartbeat.ts'

function watched() {
  const timers = new SimulatedTimers()
  const happened: string[] = []
  const heartbeat = new Heartbeat({
    timers,
    beat: () => happened.push('beat'),
    missed: () => happened.push('missed'),
  })
  return { timers, happened, heartbeat }
}

it('beats on while beats come back', async () => {
  const { timers, happened, heartbeat } = watched()
  const first = heartbeat.start()
  for (let n = 0; n < 10; n++) {
    heartbeat.heard()
    await timers.pass(2000)
  }
  await first
  expect(happened).toEqual(Array(11).fill('beat'))
})

it('a server that dies right after a beat is missed within five seconds', async () => {
  const { timers, happened, heartbeat } = watched()
  heartbeat.start()
  heartbeat.heard()
  await timers.pass(5000)
  expect(happened).toEqual(['beat', 'beat', 'missed'])
})

it('is not missed for what was only not read yet', async () => {
  const { timers, happened, heartbeat } = watched()
  // The time is over, and what has arrived is read only then: before it is judged.
  timers.after(3000, () => timers.after(0, () => heartbeat.heard()))
  heartbeat.start()
  await timers.pass(3000)
  expect(happened).toEqual(['beat'])
})

it('stopped, it is silent', async () => {
  const { timers, happened, heartbeat } = watched()
  heartbeat.start()
  heartbeat.stop()
  heartbeat.heard()
  await timers.pass(10_000)
  expect(happened).toEqual(['beat'])
  expect(timers.isIdle).toBe(true)
})

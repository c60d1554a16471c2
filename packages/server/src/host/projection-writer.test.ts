import { expect, test } from 'vitest'
import type { Projection } from '../room/ports.ts'
import { ProjectionWriter } from './projection-writer.ts'
import { SimulatedTimers } from './testing.ts'

const projection = (beatId: number, seq: number, ...keys: string[]): Projection => ({
  beatId,
  seq,
  card: { title: `${beatId} at ${seq}`, goal: '', conflict: '', outcome: '' },
  scenes: keys.map((key) => ({ key, plainText: `${key} at ${seq}`, wordCount: 3 })),
})

function writerTo(timers: SimulatedTimers) {
  const written: (readonly Projection[])[] = []
  const state = { isAway: false, failures: 0 }
  const writer = new ProjectionWriter({
    log: {
      project: async (batch) => {
        if (state.isAway) throw new Error('The database is away.')
        written.push(batch)
      },
    },
    timers,
    failed: () => {
      state.failures += 1
    },
  })
  return { writer, written, state }
}

test('projections-together: those of 250 ms are written at once, of one beat the newest', async () => {
  const timers = new SimulatedTimers()
  const { writer, written } = writerTo(timers)
  for (const seq of [1, 2, 3]) writer.take(projection(1, seq))
  writer.take(projection(2, 7))
  await timers.pass(249)
  expect(written).toEqual([])
  await timers.pass(1)
  expect(written).toEqual([[projection(1, 3), projection(2, 7)]])
  expect(timers.isIdle).toBe(true)
})

test('projections-together: a scene that only an older one has described is not lost', async () => {
  const timers = new SimulatedTimers()
  const { writer, written } = writerTo(timers)
  writer.take(projection(1, 1, 'a', 'b'))
  writer.take(projection(1, 2, 'b', 'c'))
  await writer.flush()
  const scenes = written[0]?.[0]?.scenes.map(({ plainText }) => plainText)
  expect(scenes?.toSorted()).toEqual(['a at 1', 'b at 2', 'c at 2'])
  expect(written[0]?.[0]?.seq).toBe(2)
})

test('projections-retried: what can’t be written is written later, behind nothing newer', async () => {
  const timers = new SimulatedTimers()
  const { writer, written, state } = writerTo(timers)
  state.isAway = true
  writer.take(projection(1, 1, 'a'))
  writer.take(projection(2, 1, 'x'))
  await timers.pass(250)
  writer.take(projection(1, 2, 'b'))
  await timers.pass(500)
  state.isAway = false
  await timers.pass(2_000)
  expect(state.failures).toBe(1)
  const [batch = []] = written
  expect(written).toHaveLength(1)
  expect(batch.map(({ beatId, seq }) => [beatId, seq]).toSorted()).toEqual([
    [1, 2],
    [2, 1],
  ])
  const first = batch.find(({ beatId }) => beatId === 1)
  expect(first?.scenes.map(({ key }) => key).toSorted()).toEqual(['a', 'b'])
})

test('projections-together: a flush writes what was taken so far and waits for writes under way', async () => {
  const timers = new SimulatedTimers()
  const order: string[] = []
  const writer = new ProjectionWriter({
    log: {
      project: async ([first]) => {
        order.push(`begin ${first?.seq}`)
        await new Promise<void>((resolve) => timers.after(10, resolve))
        order.push(`end ${first?.seq}`)
      },
    },
    timers,
    failed: () => undefined,
  })
  writer.take(projection(1, 1))
  const one = writer.flush()
  writer.take(projection(1, 2))
  const two = writer.flush().then(() => order.push('flushed'))
  await timers.pass(20)
  await Promise.all([one, two])
  expect(order).toEqual(['begin 1', 'end 1', 'begin 2', 'end 2', 'flushed'])
})

import { describe, expect, it } from 'vitest'
import { type Defer, InProcessHub } from './in-process-bus.ts'
import { loneBus } from './lone-bus.ts'
import { describeBus, type Fleet } from './testing-contract.ts'
import { listen, read, write } from './testing-inbox.ts'

async function fleet(): Promise<Fleet> {
  const hub = new InProcessHub({ defer: (task) => setImmediate(task) })
  const buses: ReturnType<InProcessHub['join']>[] = []
  return {
    open: async (nodeId) => {
      const bus = hub.join(nodeId)
      buses.push(bus)
      return bus
    },
    settled: async () => undefined,
    cut: async () => {
      for (const bus of buses) bus.cut()
    },
    mend: async () => {
      for (const bus of buses) bus.mend()
    },
    close: async () => {
      await Promise.all(buses.map((bus) => bus.close()))
    },
  }
}

describeBus('a bus in one process', fleet)

describe('a hub in a simulation', () => {
  function simulated() {
    const tasks: { readonly run: () => void; readonly to: string }[] = []
    const defer: Defer = (run, { to }) => tasks.push({ run, to })
    const hub = new InProcessHub({ defer })
    return { tasks, one: hub.join('one'), other: hub.join('other') }
  }

  it('delivers when the task runs, and not before', () => {
    const { tasks, one, other } = simulated()
    const { heard } = listen(other, 'story:1')
    one.publish('story:1', write('hello'))
    expect(heard).toEqual([])
    expect(tasks.map(({ to }) => to)).toEqual(['other'])
    for (const { run } of tasks) run()
    expect(read(heard)).toEqual(['one: hello'])
  })

  it('loses what no task delivers, and what comes too late, and counts the gaps', () => {
    const { tasks, one, other } = simulated()
    const { heard } = listen(other, 'story:1')
    for (const word of ['a', 'b', 'c', 'd', 'e']) one.publish('story:1', write(word))
    const [a, , c, d, e] = tasks
    for (const task of [a, d, c, e]) task?.run()
    expect(read(heard)).toEqual(['one: a', 'one: d', 'one: e'])
    expect(other.counts).toMatchObject({ received: 3, gaps: 1 })
  })

  it('channels overtake each other', () => {
    const { tasks, one, other } = simulated()
    const inboxes = [listen(other, 'story:1'), listen(other, 'story:2')]
    one.publish('story:1', write('first'))
    one.publish('story:2', write('second'))
    for (const { run } of tasks.toReversed()) run()
    expect(inboxes.map(({ heard }) => read(heard))).toEqual([['one: first'], ['one: second']])
  })

  it('what is under way to a node that is cut off is lost', () => {
    const { tasks, one, other } = simulated()
    const { heard } = listen(other, 'story:1')
    one.publish('story:1', write('lost'))
    other.cut()
    other.mend()
    for (const { run } of tasks) run()
    expect(heard).toEqual([])
  })
})

describe('a lone node', () => {
  it('carries nothing, and is never up', async () => {
    const { heard } = listen(loneBus, 'story:1')
    loneBus.publish('story:1', write('hello'))
    expect(loneBus.isUp).toBe(false)
    expect(heard).toEqual([])
    expect(loneBus.counts).toMatchObject({ published: 0, dropped: 0 })
    await loneBus.close()
  })
})

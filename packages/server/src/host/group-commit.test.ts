import { expect, test } from 'vitest'
import type { AppendResult, AppendRow } from '../room/ports.ts'
import type { CommitPace } from './commit-pace.ts'
import { GroupCommit } from './group-commit.ts'
import { SimulatedTimers, settled } from './testing.ts'

const row = (counter: number, bytes = 1): AppendRow => ({
  ...{ storyId: 1, beatId: 1, userId: 1, newClients: [], at: 0 },
  bytes: new Uint8Array(bytes),
  counter,
})

/** A log whose commits take `takesMs`, and fail while it is away. */
function commitsTo(timers: SimulatedTimers, takesMs = 0, pace?: CommitPace) {
  const batches: { at: number; counters: number[] }[] = []
  const state = { isAway: false, aways: [] as boolean[], answered: [] as number[], begins: () => {} }
  const appendBatch = async (rows: readonly AppendRow[]): Promise<AppendResult[]> => {
    const at = timers.now()
    if (takesMs > 0) await new Promise<void>((resolve) => timers.after(takesMs, resolve))
    if (state.isAway) throw new Error('The database is away.')
    batches.push({ at, counters: rows.map(({ counter }) => counter) })
    return rows.map(({ counter }) => ({ ok: true, seq: counter }))
  }
  const commits = new GroupCommit({
    log: { appendBatch },
    timers,
    pace,
    begins: () => state.begins(),
    answered: (rows) => state.answered.push(...rows.map(({ counter }) => counter)),
    away: (isAway) => state.aways.push(isAway),
  })
  return { commits, batches, state }
}

test('group-commit: when it is quiet nothing waits', async () => {
  const timers = new SimulatedTimers()
  const { commits, batches } = commitsTo(timers)
  for (let n = 1; n <= 3; n++) {
    commits.append(row(n))
    await timers.pass(0)
    await timers.pass(50)
  }
  expect(batches.map(({ counters }) => counters)).toEqual([[1], [2], [3]])
  expect(timers.isIdle).toBe(true)
})

test('group-commit: a commit that is not answered for 10 s is late, until it is', async () => {
  const timers = new SimulatedTimers()
  const { commits, state } = commitsTo(timers, 12_000)
  commits.append(row(1))
  await timers.pass(9_000)
  expect(commits.isLate).toBe(false)
  await timers.pass(2_000)
  expect([commits.isLate, commits.isAway, state.aways]).toEqual([true, false, []])
  await timers.pass(2_000)
  expect([commits.isLate, state.answered]).toEqual([false, [1]])
})

test('group-commit: what arrives in one turn is one transaction, of all documents', async () => {
  const timers = new SimulatedTimers()
  const { commits, batches } = commitsTo(timers)
  for (let n = 1; n <= 40; n++) commits.append({ ...row(n), beatId: n % 7 })
  await timers.pass(0)
  expect(batches.map(({ counters }) => counters.length)).toEqual([40])
})

test('group-commit: under load there are a hundred commits a second at most, and every row goes in order', async () => {
  const timers = new SimulatedTimers()
  const { commits, batches } = commitsTo(timers, 2)
  const start = timers.now()
  for (let n = 1; n <= 3_000; n++) {
    commits.append(row(n))
    if (n % 3 === 0) await timers.pass(1)
  }
  await timers.pass(100)
  const inFirstSecond = batches.filter(({ at }) => at < start + 1_000)
  expect(inFirstSecond.length).toBeGreaterThan(90)
  expect(inFirstSecond.length).toBeLessThanOrEqual(100)
  expect(batches.flatMap(({ counters }) => counters)).toEqual(Array.from({ length: 3_000 }, (_, n) => n + 1))
})

test.each([
  [1, 20],
  [4, 32],
  [10, 50],
])(
  'group-commit: with a pace by rows, and a row each %i ms, commits follow each other after %i ms',
  async (rowEveryMs, commitEveryMs) => {
    const timers = new SimulatedTimers()
    const pace = { leastMs: 20, mostMs: 50, worthRows: 8, graceMs: 0 }
    const { commits, batches } = commitsTo(timers, 3, pace)
    for (let n = 1; n <= 200; n++) {
      commits.append(row(n))
      await timers.pass(rowEveryMs)
    }
    const waits = batches.slice(2).map(({ at }, index) => at - (batches[index + 1]?.at ?? 0))
    const usual = waits.toSorted((a, b) => a - b)[Math.floor(waits.length / 2)]
    expect(usual).toBe(commitEveryMs)
    expect(Math.max(...waits)).toBeLessThanOrEqual(50)
  },
)

test('group-commit: one that is due begins with the next row, or when none comes', async () => {
  const timers = new SimulatedTimers()
  const pace = { leastMs: 20, mostMs: 20, worthRows: 1, graceMs: 8 }
  const { commits, batches } = commitsTo(timers, 0, pace)
  const start = timers.now()
  for (const [n, ms] of [0, 5, 19, 4, 3, 28].entries()) {
    await timers.pass(ms)
    commits.append(row(n))
    await timers.pass(0)
  }
  await timers.pass(100)
  expect(batches.map(({ at, counters }) => [at - start, counters])).toEqual([
    [0, [0]],
    [24, [1, 2]],
    [52, [3, 4]],
    [80, [5]],
  ])
})

test('group-commit: who is to wait for a commit appends when it begins; when one is due or under way nobody is', async () => {
  const timers = new SimulatedTimers()
  const { commits, batches, state } = commitsTo(timers, 3)
  expect(commits.expect()).toBe(false)
  commits.append(row(1))
  expect(commits.expect()).toBe(false)
  await timers.pass(1)
  expect(commits.expect()).toBe(false)
  await timers.pass(5)
  state.begins = () => commits.append(row(2))
  expect([commits.expect(), commits.expect()]).toEqual([true, true])
  await timers.pass(3)
  expect(batches).toHaveLength(1)
  const start = batches[0]?.at ?? 0
  await timers.pass(10)
  expect(batches.slice(1)).toEqual([{ at: start + 10, counters: [2] }])
})

test('group-commit: where nothing was appended in the end there is no commit, and nothing left to wait for', async () => {
  const timers = new SimulatedTimers()
  const { commits, batches } = commitsTo(timers)
  commits.append(row(1))
  await timers.pass(1)
  expect(commits.expect()).toBe(true)
  let isDrained = false
  const drained = commits.drained().then(() => {
    isDrained = true
  })
  await timers.pass(8)
  expect(isDrained).toBe(false)
  await timers.pass(1)
  await drained
  expect([batches.length, timers.isIdle]).toEqual([1, true])
  commits.append(row(2))
  await timers.pass(0)
  expect(batches).toHaveLength(2)
})

test('group-commit: where whoever was to append fails, what else there is goes into the commit', async () => {
  const timers = new SimulatedTimers()
  const { commits, batches, state } = commitsTo(timers)
  commits.append(row(1))
  await timers.pass(1)
  state.begins = () => {
    commits.append(row(2))
    throw new Error('It could not.')
  }
  commits.expect()
  await expect(timers.pass(10)).rejects.toThrow('It could not.')
  state.begins = () => {}
  await settled()
  expect(batches.map(({ counters }) => counters)).toEqual([[1], [2]])
  commits.append(row(3))
  await timers.pass(20)
  expect(batches).toHaveLength(3)
})

test('group-commit: a clock that is put back makes nobody wait', async () => {
  const timers = new SimulatedTimers()
  const { commits, batches } = commitsTo(timers)
  commits.append(row(1))
  await timers.pass(1)
  timers.putBack(3_600_000)
  commits.append(row(2))
  await timers.pass(10)
  expect(batches).toHaveLength(2)
})

test('group-commit: with a pace by rows nothing waits when it is quiet', async () => {
  const timers = new SimulatedTimers()
  const { commits, batches } = commitsTo(timers, 0, { leastMs: 20, mostMs: 50, worthRows: 8, graceMs: 0 })
  for (let n = 1; n <= 3; n++) {
    commits.append(row(n))
    await timers.pass(0)
    expect(batches).toHaveLength(n)
    await timers.pass(50)
  }
})

test('group-commit: a transaction takes 2,000 rows or 8 MiB at most, and a larger row alone', async () => {
  const timers = new SimulatedTimers()
  const { commits, batches } = commitsTo(timers)
  const MiB = 1024 * 1024
  for (let n = 1; n <= 2_001; n++) commits.append(row(n))
  for (let n = 1; n <= 3; n++) commits.append(row(3_000 + n, 4 * MiB))
  commits.append(row(4_000, 16 * MiB))
  await timers.pass(1_000)
  expect(batches.map(({ counters }) => counters.length)).toEqual([2_000, 2, 2, 1])
})

test('unavailable: a batch that fails is tried again unchanged, with growing delay, and nothing is reordered', async () => {
  const timers = new SimulatedTimers()
  const { commits, batches, state } = commitsTo(timers)
  state.isAway = true
  commits.append(row(1))
  await timers.pass(0)
  expect([commits.isAway, state.aways]).toEqual([true, [true]])
  const delays: (number | undefined)[] = []
  for (let n = 2; n <= 10; n++) {
    commits.append(row(n))
    delays.push(timers.nextIn)
    await timers.pass(timers.nextIn ?? 0)
  }
  expect(delays).toEqual([100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000, 5_000])
  expect([state.answered, state.aways]).toEqual([[], [true]])
  state.isAway = false
  await timers.pass(5_000)
  await timers.pass(100)
  expect(batches.map(({ counters }) => counters)).toEqual([[1], [2, 3, 4, 5, 6, 7, 8, 9, 10]])
  expect(state.answered).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  expect([commits.isAway, state.aways]).toEqual([false, [true, false]])
})

test('drained: resolves at once where nothing waits, else when the last row is answered', async () => {
  const timers = new SimulatedTimers()
  const { commits, state } = commitsTo(timers, 5)
  await commits.drained()
  let isDrained = false
  commits.append(row(1))
  const drained = commits.drained().then(() => {
    isDrained = true
  })
  state.isAway = true
  await timers.pass(50)
  commits.append(row(2))
  state.isAway = false
  await timers.pass(62)
  expect([isDrained, state.answered]).toEqual([false, [1]])
  await timers.pass(20)
  await drained
  expect(state.answered).toEqual([1, 2])
})

test('drained: rows that answers lead to are waited for, too', async () => {
  const timers = new SimulatedTimers()
  let left = 3
  const counters: number[] = []
  const commits: GroupCommit = new GroupCommit({
    log: { appendBatch: async (rows) => rows.map(({ counter }) => ({ ok: true, seq: counter })) },
    timers,
    answered: (rows) => {
      counters.push(...rows.map(({ counter }) => counter))
      left -= 1
      if (left > 0) commits.append(row(left))
    },
    away: () => undefined,
  })
  commits.append(row(9))
  const drained = commits.drained()
  await timers.pass(100)
  await drained
  await settled()
  expect(counters).toEqual([9, 2, 1])
})

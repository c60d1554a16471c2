import { parseArgs } from 'node:util'
import { summaryOf } from './summary.ts'
import { torture } from './torture.ts'

// `npm run torture -- cluster` starts this, once PostgreSQL, Redis and HAProxy were found.

const USAGE = 'npm run torture -- cluster [--minutes 10] [--writers 100] [--seed N]'
/** What stays away in a run of ten minutes or more; shorter runs shrink it with them. */
const OUTAGE_MS = 30_000
const OUTAGES_OF_A_RUN = 20
const TOGETHER = 17

// It leads the group of everything that it has started.
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => process.kill(-process.pid, 'SIGKILL'))

const numbers = readNumbers()
const runMs = numbers.minutes * 60_000
const started = performance.now()
const say = (line: string) => {
  const at = Math.round((performance.now() - started) / 1000)
  process.stdout.write(`${String(at).padStart(5)} s  ${line}\n`)
}
say(`seed ${numbers.seed}`)
const result = await torture({
  ...{ seed: numbers.seed, nodes: 3, writers: numbers.writers, together: TOGETHER, beats: 4, say },
  actEveryMs: 1_000,
  outageMs: Math.min(OUTAGE_MS, runMs / OUTAGES_OF_A_RUN),
  fates: { forMs: runMs },
})
process.stdout.write(`${summaryOf(result, numbers.seed)}\n`)
process.exitCode = result.faults.length === 0 ? 0 : 1

function readNumbers(): { minutes: number; writers: number; seed: number } {
  const text = { type: 'string' } as const
  const { values } = parseArgs({ options: { minutes: text, writers: text, seed: text } })
  const read = (name: 'minutes' | 'writers' | 'seed', otherwise: number): number => {
    const number = Number(values[name] ?? otherwise)
    if (number > 0) return number
    process.stderr.write(`--${name} must be a number above 0.\n${USAGE}\n`)
    process.exit(2)
  }
  return {
    minutes: read('minutes', 10),
    writers: read('writers', 100),
    seed: read('seed', Math.floor(Math.random() * 2 ** 31) + 1),
  }
}

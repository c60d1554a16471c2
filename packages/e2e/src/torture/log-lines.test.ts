import { expect, test } from 'vitest'
import { readLog } from './log-lines.ts'

const line = (msg: string, more = {}) => JSON.stringify({ level: 50, from: 'better-auth', msg, ...more })

const WITHOUT_WHY = line('Failed to query fallback join for model users:')
const LEFT = 'The database did not take what was left in time. It is lost.'

test('a line that PostgreSQL’s absence explains is expected where it was away, and nowhere else', () => {
  for (const [text, as] of [
    [WITHOUT_WHY, 'Failed to query fallback join for model users:'],
    [LEFT, 'left behind'],
  ] as const) {
    expect(readLog(text, true)).toEqual({ counts: new Map([[as, 1]]), unexpected: [] })
    expect(readLog(text, false).unexpected).toEqual([text])
  }
})

test('what is never to be said is told, whatever was away and whoever says it', () => {
  const lines = [
    line('heads_failed', { err: { stack: 'TypeError: x is not a function' } }),
    'no JSON at all',
    line('never said before'),
  ]
  expect(readLog(lines.join('\n'), true).unexpected).toEqual(lines)
  expect(readLog(line('never said before', { err: 'connect ECONNREFUSED' }), false).unexpected).toEqual([])
})

import { describe, expect, it } from 'vitest'
import { checkRoomClock } from './room-clock.mjs'
import { scratchRepository } from './scratch-repository.mjs'

function complaints(line, path = 'packages/server/src/room/a.ts') {
  const empty = { 'packages/server/src/room/b.ts': '', 'packages/server/src/access/b.ts': '' }
  return checkRoomClock(scratchRepository({ ...empty, [path]: `// first line\n${line}\n` }))
}

describe('the room has no clock, no chance and nothing to wait for', () => {
  it.each([
    ['const at = Date.now()', 'the clock (Date)'],
    ['const at = new Date()', 'the clock (Date)'],
    ['const at = Date()', 'the clock (Date)'],
    ['const { now } = Date', 'the clock (Date)'],
    ["const at = Date['now']()", 'the clock (Date)'],
    ['const at = performance.now()', 'performance'],
    ['const die = Math.random()', 'Math.random'],
    ['const { random } = Math', 'Math.random'],
    ['setTimeout(close, 10)', 'setTimeout'],
    ['setInterval(close, 10)', 'setInterval'],
    ['const later = queueMicrotask', 'queueMicrotask'],
    ['globalThis.setTimeout(close, 10)', 'globalThis'],
    ['export const done = Promise.resolve()', 'Promise'],
    ['export function f(done: Promise<void>) {}', 'Promise'],
    ['export async function f() {}', 'an async function'],
    ['export const f = async () => 1', 'an async function'],
    ['await other', 'await'],
    ['export const z = 1; for await (const x of y) keep(x)', 'for await'],
    ["const lazy = import('./b.ts')", 'import()'],
    ["import * as time from 'lib0/time'", 'lib0/time'],
    ["import { uuidv4 } from 'lib0/random'", 'lib0/random'],
  ])('refuses %s', (line, what) => {
    const found = complaints(line)
    expect(found).toHaveLength(1)
    expect(found[0]).toContain(`packages/server/src/room/a.ts:2 uses ${what}.`)
  })

  it.each([
    'const shown = new Date(at)',
    'const at = Date.parse(text)',
    'const most = Math.max(1, 2)',
    'const moment = clock.performance.now',
    'const port = { setTimeout: 1 }',
    'function f(at: Date) {}',
    'class Room { Promise = 1 }',
  ])('allows %s', (line) => {
    expect(complaints(line)).toEqual([])
  })

  it('holds access to it as well', () => {
    expect(complaints('const at = Date.now()', 'packages/server/src/access/a.ts')).toHaveLength(1)
  })

  it('lets the ports name the promises of others, and make none', () => {
    const ports = 'packages/server/src/room/ports.ts'
    expect(complaints('export interface Log { load(): Promise<void> }', ports)).toEqual([])
    expect(complaints('export const done = Promise.resolve()', ports)).toHaveLength(1)
  })

  it('leaves tests alone', () => {
    expect(complaints('const at = Date.now()', 'packages/server/src/room/a.test.ts')).toEqual([])
  })
})

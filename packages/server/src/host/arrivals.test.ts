import type { ClientFrame } from '@storyweave/protocol'
import { beforeEach, expect, test } from 'vitest'
import { Arrivals } from './arrivals.ts'

const KEY = 'beat/1'
const UPDATE: ClientFrame = { type: 'update', key: KEY, update: new Uint8Array() }
const AWARENESS: ClientFrame = { type: 'awareness', key: KEY, update: new Uint8Array() }
const STEP1: ClientFrame = { type: 'step1', key: KEY, stateVector: new Uint8Array() }

let isExpecting: boolean
let taken: string[]
let arrivals: Arrivals
beforeEach(() => {
  isExpecting = true
  taken = []
  arrivals = new Arrivals({ expect: () => isExpecting })
})

const comes = (from: string, frame: ClientFrame, name: string, bytes = 10) =>
  arrivals.frame(from, { frame, bytes }, () => taken.push(name))

test('arrivals: updates wait for the commit, and are taken in as they came', () => {
  comes('a', UPDATE, 'a1')
  comes('b', UPDATE, 'b1')
  comes('a', UPDATE, 'a2')
  expect(taken).toEqual([])
  arrivals.takeIn()
  expect(taken).toEqual(['a1', 'b1', 'a2'])
  arrivals.takeIn()
  expect(taken).toHaveLength(3)
})

test('arrivals: where no commit is to be waited for an update is taken in at once, behind those that wait', () => {
  comes('a', UPDATE, 'a1')
  isExpecting = false
  comes('b', UPDATE, 'b1')
  expect(taken).toEqual(['a1', 'b1'])
})

test('arrivals: what else a socket sends is behind its updates, and waits for nobody else’s', () => {
  comes('a', UPDATE, 'a1')
  comes('b', STEP1, 'b asks')
  arrivals.behind('b', () => taken.push('b speaks'))
  expect(taken).toEqual(['b asks', 'b speaks'])
  comes('a', STEP1, 'a asks')
  comes('a', UPDATE, 'a2')
  arrivals.behind('a', () => taken.push('a leaves'))
  expect(taken.slice(2)).toEqual(['a1', 'a asks', 'a2', 'a leaves'])
})

test('arrivals: a caret waits behind its own socket’s updates alone', () => {
  comes('b', UPDATE, 'b1')
  comes('a', AWARENESS, 'a moves')
  expect(taken).toEqual(['a moves'])
  comes('b', AWARENESS, 'b moves')
  expect(taken).toHaveLength(1)
  arrivals.takeIn()
  expect(taken).toEqual(['a moves', 'b1', 'b moves'])
})

test.each([
  [500, 10],
  [4, 300_000],
])('arrivals: %i frames of %i bytes do not wait', (count, bytes) => {
  for (let n = 1; n < count; n++) comes(`socket ${n}`, UPDATE, '', bytes)
  expect(taken).toHaveLength(0)
  comes('last', UPDATE, '', bytes)
  expect(taken).toHaveLength(count)
  comes('next', UPDATE, '', bytes)
  expect(taken).toHaveLength(count)
})

test('arrivals: one that fails does not cost the others their turn', () => {
  arrivals.frame('a', { frame: UPDATE, bytes: 10 }, () => {
    throw new Error('This one fails.')
  })
  comes('b', UPDATE, 'b1')
  expect(() => arrivals.takeIn()).toThrow('This one fails.')
  expect(taken).toEqual(['b1'])
  arrivals.takeIn()
})

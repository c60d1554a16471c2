import type { Thread } from '@storyweave/client'
import type { Outline } from '@storyweave/protocol'
import { expect, test } from 'vitest'
import { comment, thread } from './testing.tsx'
import { groupThreads, matches } from './thread-groups.ts'

const anchor = { start: 'AA==', end: 'AA==', before: '', after: '' }

const passage = (id: number, scene_id: number) => thread(id, { scene_id, anchor, quote: 'words' })

const scene = (id: number) => ({ id, key: `key${id}`, title: null, word_count: 0 })
const BEATS = [
  { id: 1, beat_index: 0, act: null, title: 'One', scenes: [scene(10), scene(11)] },
  { id: 2, beat_index: 1, act: null, title: 'Two', scenes: [] },
  { id: 3, beat_index: 2, act: null, title: 'Three', scenes: [] },
] as unknown as Outline

const ids = (threads: readonly Thread[]) => threads.map(({ first }) => first.id)

test('of the open beat in the order of its text: on the beat, then scene by scene and passage by passage', () => {
  const threads = [passage(1, 11), passage(2, 10), thread(3, { scene_id: 10 }), thread(4), passage(5, 10)]
  const order = new Map([
    [10, [5, 2]],
    [11, [1]],
  ])
  const { here, elsewhere } = groupThreads(threads, { beats: BEATS, beatId: 1, order })
  expect(ids(here)).toEqual([4, 3, 5, 2, 1])
  expect(elsewhere).toEqual([])
})

test('a passage whose place is not known yet comes last in its scene', () => {
  const order = new Map([[10, [3]]])
  const { here } = groupThreads([passage(1, 11), passage(2, 10), passage(3, 10)], {
    beats: BEATS,
    beatId: 1,
    order,
  })
  expect(ids(here)).toEqual([3, 2, 1])
})

test('others by beat in the story’s order; what lost its text or its beat stands apart', () => {
  const threads = [
    thread(1, { beat_id: 3 }),
    thread(2, { beat_id: 2 }),
    thread(3, { detached: true }),
    thread(4, { beat_id: 99 }),
  ]
  const groups = groupThreads(threads, { beats: BEATS, beatId: 1, order: new Map() })
  expect(groups.here).toEqual([])
  expect(groups.elsewhere.map(({ beat, threads: of }) => [beat.title, ids(of)])).toEqual([
    ['Two', [2]],
    ['Three', [1]],
  ])
  expect(ids(groups.detached)).toEqual([3, 4])
})

test('filters: open and resolved by the thread, mine and mentions by any comment in it', () => {
  const mine = thread(1, { user_id: 2 }, [comment(2, { user_id: 7 })])
  const named = thread(3, { resolved: true }, [comment(4, { mentions: [7] })])
  expect(matches(mine, 'open', 7)).toBe(true)
  expect(matches(mine, 'mine', 7)).toBe(true)
  expect(matches(mine, 'mentions', 7)).toBe(false)
  expect(matches(named, 'open', 7)).toBe(false)
  expect(matches(named, 'resolved', 7)).toBe(true)
  expect(matches(named, 'mentions', 7)).toBe(true)
  expect(matches(named, 'mine', 7)).toBe(false)
})

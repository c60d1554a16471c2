import { describe, expect, test } from 'vitest'
import { applyStoryEvent, type Outline } from './outline.ts'
import type { StoryEvent } from './server-messages.ts'
import type { BeatSummary, SceneSummary } from './story.ts'

const by = { story_seq: 1, user_id: 1, user_name: 'One', timestamp: '2026-01-05T09:00:00.000Z' }
const scene = (id: number, title: string | null = null): SceneSummary => ({
  ...{ id, key: `key-of-${id}`.padEnd(12, '0'), title, word_count: 0 },
})
const beat = (id: number, beat_index: number, ...scenes: SceneSummary[]): BeatSummary => ({
  ...{ id, beat_index, act: null, title: `Beat ${id}`, scenes },
})

const OUTLINE: Outline = [beat(1, 0, scene(11), scene(12)), beat(2, 1), beat(3, 2, scene(31))]

const after = (...events: readonly StoryEvent[]) => events.reduce(applyStoryEvent, OUTLINE)
const order = (outline: Outline) => outline.map(({ id, beat_index }) => [id, beat_index])
const scenes = (outline: Outline) => outline.map((each) => each.scenes.map(({ id }) => id))

describe('applyStoryEvent', () => {
  test('a beat that is made or restored stands at its place, and those behind it move', () => {
    for (const type of ['beat_created', 'beat_restored'] as const) {
      const moved = after({ type, beat: beat(4, 1), ...by })
      expect(order(moved)).toEqual([
        [1, 0],
        [4, 1],
        [2, 2],
        [3, 3],
      ])
    }
    expect(order(after({ type: 'beat_created', beat: beat(4, 99), ...by }))[3]).toEqual([4, 3])
  })

  test('a beat that is told twice is there once', () => {
    const event: StoryEvent = { type: 'beat_created', beat: beat(4, 0), ...by }
    expect(after(event, event)).toEqual(after(event))
  })

  test('a beat that is deleted is gone with its scenes', () => {
    const left = after({ type: 'beat_deleted', beat_id: 1, ...by })
    expect(order(left)).toEqual([
      [2, 0],
      [3, 1],
    ])
    expect(scenes(left)).toEqual([[], [31]])
  })

  test('a new order brings acts, and keeps titles and scenes', () => {
    const beats = [3, 1, 2].map((id) => ({ id, act: id === 3 ? 'One' : null }))
    const reordered = after({ type: 'beats_reordered', beats, ...by })
    expect(order(reordered)).toEqual([
      [3, 0],
      [1, 1],
      [2, 2],
    ])
    expect(reordered.map(({ act }) => act)).toEqual(['One', null, null])
    expect(scenes(reordered)).toEqual([[31], [11, 12], []])
  })

  test('a scene stands behind the one named, or first', () => {
    const at = (after_scene_id: number | null): StoryEvent => ({
      ...{ type: 'scene_created', beat_id: 1, scene: scene(13), after_scene_id, ...by },
    })
    expect(scenes(after(at(11)))[0]).toEqual([11, 13, 12])
    expect(scenes(after(at(12)))[0]).toEqual([11, 12, 13])
    expect(scenes(after(at(null)))[0]).toEqual([13, 11, 12])
    expect(after(at(12), at(12))).toEqual(after(at(12)))
  })

  test('a scene moves within its beat and to another, and is never in two', () => {
    const move = (beat_id: number, after_scene_id: number | null): StoryEvent => ({
      ...{ type: 'scene_moved', from_beat_id: 1, beat_id, scene: scene(11, 'Moved'), after_scene_id, ...by },
    })
    expect(scenes(after(move(1, 12)))).toEqual([[12, 11], [], [31]])
    const moved = after(move(3, 31))
    expect(scenes(moved)).toEqual([[12], [], [31, 11]])
    expect(moved[2]?.scenes[1]?.title).toBe('Moved')
  })

  test('a scene is deleted, restored, named anew', () => {
    const deleted: StoryEvent = { type: 'scene_deleted', beat_id: 1, scene_id: 11, ...by }
    expect(scenes(after(deleted))[0]).toEqual([12])
    const restored: StoryEvent = {
      ...{ type: 'scene_restored', beat_id: 1, scene: scene(11), after_scene_id: null, ...by },
    }
    expect(after(deleted, restored)).toEqual(OUTLINE)
    const named = after({ type: 'scene_changed', beat_id: 1, scene: scene(12, 'Name'), ...by })
    expect(named[0]?.scenes.map(({ title }) => title)).toEqual([null, 'Name'])
  })

  test('an event about what is not there changes nothing, and the outline given is left as it was', () => {
    const before = JSON.parse(JSON.stringify(OUTLINE)) as Outline
    const unknown: readonly StoryEvent[] = [
      { type: 'beat_deleted', beat_id: 9, ...by },
      { type: 'scene_deleted', beat_id: 9, scene_id: 99, ...by },
      { type: 'scene_changed', beat_id: 9, scene: scene(99), ...by },
      { type: 'scene_created', beat_id: 9, scene: scene(99), after_scene_id: null, ...by },
    ]
    expect(after(...unknown)).toEqual(before)
    after({ type: 'beat_deleted', beat_id: 1, ...by })
    expect(OUTLINE).toEqual(before)
  })
})

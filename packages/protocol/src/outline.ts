import type { StoryEvent } from './server-messages.ts'
import type { BeatSummary, SceneSummary } from './story.ts'

/** A story's structure as `initial_state` tells it; both sides keep it up to date with `applyStoryEvent`. */
export type Outline = readonly BeatSummary[]

/**
 * The outline after one durable event. Pure: the given outline is left as it is.
 * An event about a beat or scene that the outline does not have changes nothing.
 */
export function applyStoryEvent(outline: Outline, event: StoryEvent): Outline {
  switch (event.type) {
    case 'beat_created':
    case 'beat_restored':
      return insertBeat(outline, event.beat)
    case 'beat_deleted':
      return numbered(outline.filter((beat) => beat.id !== event.beat_id))
    case 'beats_reordered':
      return reordered(outline, event.beats)
    case 'scene_created':
    case 'scene_restored':
      return insertScene(outline, event.beat_id, event.scene, event.after_scene_id)
    case 'scene_moved':
      return insertScene(
        withoutScene(outline, event.scene.id),
        event.beat_id,
        event.scene,
        event.after_scene_id,
      )
    case 'scene_deleted':
      return withoutScene(outline, event.scene_id)
    case 'scene_changed':
      return outline.map((beat) =>
        beat.id === event.beat_id
          ? {
              ...beat,
              scenes: beat.scenes.map((scene) => (scene.id === event.scene.id ? event.scene : scene)),
            }
          : beat,
      )
    case 'story_changed':
    case 'chat':
    case 'comment':
      return outline
  }
}

function numbered(beats: readonly BeatSummary[]): Outline {
  return beats.map((beat, index) => (beat.beat_index === index ? beat : { ...beat, beat_index: index }))
}

function insertBeat(outline: Outline, beat: BeatSummary): Outline {
  const others = outline.filter(({ id }) => id !== beat.id)
  return numbered(others.toSpliced(beat.beat_index, 0, beat))
}

function reordered(outline: Outline, order: readonly { id: number; act: string | null }[]): Outline {
  const byId = new Map(outline.map((beat) => [beat.id, beat]))
  const beats = order.flatMap(({ id, act }) => {
    const beat = byId.get(id)
    return beat === undefined ? [] : [beat.act === act ? beat : { ...beat, act }]
  })
  return numbered(beats)
}

function withoutScene(outline: Outline, sceneId: number): Outline {
  return outline.map((beat) =>
    beat.scenes.some(({ id }) => id === sceneId)
      ? { ...beat, scenes: beat.scenes.filter(({ id }) => id !== sceneId) }
      : beat,
  )
}

function insertScene(outline: Outline, beatId: number, scene: SceneSummary, after: number | null): Outline {
  return outline.map((beat) => {
    if (beat.id !== beatId) return beat
    const others = beat.scenes.filter(({ id }) => id !== scene.id)
    const place = after === null ? 0 : others.findIndex(({ id }) => id === after) + 1
    return { ...beat, scenes: others.toSpliced(place, 0, scene) }
  })
}

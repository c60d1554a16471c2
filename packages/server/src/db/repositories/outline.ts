import type { BeatSummary, SceneSummary } from '@storyweave/protocol'
import type { BeatRow, SceneRow } from '../schema.ts'
import { presentSceneSummary } from './present.ts'
import type { Queries } from './queries.ts'

/** A story's living beats and scenes in their order: (position, id), byte by byte. */

type OrderedScene = Pick<SceneRow, 'id' | 'beat_id' | 'key' | 'title' | 'word_count'>

/** The living beats with their living scenes. */
export async function readOutline(db: Queries, storyId: number): Promise<readonly BeatSummary[]> {
  const beats = await db
    .selectFrom('beats')
    .select(['id', 'act', 'title'])
    .where('story_id', '=', storyId)
    .where('deleted_at', 'is', null)
    .orderBy('position')
    .orderBy('id')
    .execute()
  const scenes = await db
    .selectFrom('scenes')
    .innerJoin('beats', 'beats.id', 'scenes.beat_id')
    .select(['scenes.id', 'scenes.beat_id', 'scenes.key', 'scenes.title', 'scenes.word_count'])
    .where('beats.story_id', '=', storyId)
    .where('beats.deleted_at', 'is', null)
    .where('scenes.deleted_at', 'is', null)
    .orderBy('scenes.position')
    .orderBy('scenes.id')
    .execute()
  const byBeat = Map.groupBy(scenes, (scene) => scene.beat_id)
  return beats.map((beat, index) => presentBeatSummary(beat, index, byBeat.get(beat.id) ?? []))
}

export const presentBeatSummary = (
  beat: Pick<BeatRow, 'id' | 'act' | 'title'>,
  index: number,
  scenes: readonly OrderedScene[],
): BeatSummary => ({
  id: beat.id,
  beat_index: index,
  act: beat.act,
  title: beat.title,
  scenes: scenes.map(presentSceneSummary),
})

/** The living beats' ids and acts, in order. */
export const readBeatOrder = (
  db: Queries,
  storyId: number,
): Promise<{ id: number; act: string | null; position: string }[]> =>
  db
    .selectFrom('beats')
    .select(['id', 'act', 'position'])
    .where('story_id', '=', storyId)
    .where('deleted_at', 'is', null)
    .orderBy('position')
    .orderBy('id')
    .execute()

/** The living scenes of these beats, in order within each. */
export async function readScenesOf(
  db: Queries,
  beatIds: readonly number[],
): Promise<ReadonlyMap<number, SceneSummary[]>> {
  if (beatIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('scenes')
    .select(['id', 'beat_id', 'key', 'title', 'word_count'])
    .where('beat_id', 'in', beatIds)
    .where('deleted_at', 'is', null)
    .orderBy('position')
    .orderBy('id')
    .execute()
  const byBeat = Map.groupBy(rows, (row) => row.beat_id)
  return new Map([...byBeat].map(([beatId, scenes]) => [beatId, scenes.map(presentSceneSummary)]))
}

/** The living scene before this one in its beat; null where it is the first. */
export async function sceneBefore(db: Queries, beatId: number, sceneId: number): Promise<number | null> {
  const scenes = (await readScenesOf(db, [beatId])).get(beatId) ?? []
  return scenes[scenes.findIndex(({ id }) => id === sceneId) - 1]?.id ?? null
}

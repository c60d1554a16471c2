import { appendInTransaction } from '../db/log/append.ts'
import { insertBeat } from '../db/repositories/beats.ts'
import { firstPositions } from '../db/repositories/order.ts'
import type { Trx } from '../db/repositories/queries.ts'
import { insertScenes } from '../db/repositories/scenes.ts'
import { insertStory, type NewStoryRow } from '../db/repositories/stories.ts'
import type { StoryRow } from '../db/schema.ts'
import type { SeededBeat } from './story-plan.ts'

export interface Planting {
  readonly story: NewStoryRow
  readonly beats: readonly SeededBeat[]
  /** Who wrote it. */
  readonly authorId: number
}

/** Writes a whole story, its beats, scenes and documents, within one transaction. Nobody can be in its room yet. */
export async function plantStory(trx: Trx, { story, beats, authorId }: Planting): Promise<StoryRow> {
  const row = await insertStory(trx, story)
  const positions = firstPositions(beats.length)
  for (const [index, beat] of beats.entries()) {
    const position = positions[index] ?? ''
    await plantBeat(trx, beat, { storyId: row.id, position, authorId, at: story.at })
  }
  return row
}

interface BeatPlace {
  readonly storyId: number
  readonly position: string
  readonly authorId: number
  readonly at: number
}

async function plantBeat(trx: Trx, beat: SeededBeat, place: BeatPlace): Promise<void> {
  const { at, authorId: userId } = place
  const { id: beatId } = await insertBeat(trx, { ...place, act: beat.act, card: beat.card })
  const { bytes, clientId } = beat
  const seq = await appendInTransaction(trx, { beatId, bytes, userId, newClients: [clientId], at })
  const positions = firstPositions(beat.scenes.length)
  await insertScenes(
    trx,
    beat.scenes.map((scene, index) => ({ ...scene, beatId, position: positions[index] ?? '', seq, at })),
  )
}

import { insertProject } from '../db/repositories/projects.ts'
import type { Queries, Trx } from '../db/repositories/queries.ts'
import { plantStory } from './plant.ts'
import { SAMPLE_DETAILS } from './sample-story.ts'
import type { SeededBeat } from './story-plan.ts'

/** What furnishing works with. */
export interface Furnisher {
  readonly db: Queries
  /** Milliseconds since 1970 UTC. */
  readonly clock: { now(): number }
  /** A cryptographic source of that many bytes. */
  readonly random: (count: number) => Uint8Array
}

/** A project of one's own, where nobody has named one yet. */
export const FIRST_PROJECT = 'My stories'

export interface Sample {
  readonly userId: number
  readonly beats: readonly SeededBeat[]
  readonly at: number
}

/** A first project with the sample story in it. */
export async function plantSample(trx: Trx, { userId, beats, at }: Sample): Promise<void> {
  const project = await insertProject(trx, { ownerId: userId, name: FIRST_PROJECT, description: null, at })
  const story = { ...SAMPLE_DETAILS, projectId: project.id, at }
  await plantStory(trx, { story, beats, authorId: userId })
}

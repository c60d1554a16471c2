import { insertProject } from '../db/repositories/projects.ts'
import type { Queries, Trx } from '../db/repositories/queries.ts'
import { type SeededThread, seedThreads } from './discussion-plan.ts'
import { plantStory } from './plant.ts'
import { plantDiscussion } from './plant-discussion.ts'
import { SAMPLE_DISCUSSION } from './sample-discussion.ts'
import { SAMPLE_DETAILS, sampleBeats } from './sample-story.ts'
import { type SeededBeat, seedBeats } from './story-plan.ts'

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

/** The sample with its documents, ready to be written. */
export interface Sample {
  readonly beats: readonly SeededBeat[]
  readonly threads: readonly SeededThread[]
}

/** Takes its time: to be called before a transaction begins. */
export function seedSample(random: Furnisher['random']): Sample {
  const beats = seedBeats(sampleBeats(), random)
  return { beats, threads: seedThreads(SAMPLE_DISCUSSION.threads, beats) }
}

export interface SamplePlace {
  readonly userId: number
  readonly at: number
}

/** A first project with the sample story in it, and what its writer has noted beside it. */
export async function plantSample(trx: Trx, sample: Sample, { userId, at }: SamplePlace): Promise<void> {
  const project = await insertProject(trx, { ownerId: userId, name: FIRST_PROJECT, description: null, at })
  const details = { ...SAMPLE_DETAILS, projectId: project.id, at }
  const { beats, threads } = sample
  const { id: storyId } = await plantStory(trx, { story: details, beats, authorId: userId })
  await plantDiscussion(trx, { storyId, threads, chat: SAMPLE_DISCUSSION.chat, authorId: userId, at })
}

import { type Passage, SceneAnchors } from '@storyweave/prose'
import * as Y from 'yjs'
import type { SeededBeat } from './story-plan.ts'

/** What is said about a planned story before it is in the database. */

export interface PlannedThread {
  /** The title of the beat it is on; with `scene`, of its scene; with `words`, of these words of the scene. */
  readonly beat: string
  readonly scene?: string
  readonly words?: string
  /** Its comments, the first one first. */
  readonly notes: readonly string[]
  readonly resolved?: boolean
}

export interface PlannedChatMessage {
  readonly message: string
  /** The beats that it names by `#`, by their places: 1 is the first. */
  readonly beats: readonly number[]
}

export interface PlannedDiscussion {
  readonly threads: readonly PlannedThread[]
  readonly chat: readonly PlannedChatMessage[]
}

/** A thread whose place in the planned story is known. */
export interface SeededThread {
  /** Which of the story's beats, and of that beat's scenes, counted from 0. */
  readonly beat: number
  readonly scene: number | undefined
  readonly passage: Passage | undefined
  readonly notes: readonly string[]
  readonly resolved: boolean
}

/** Finds the threads' places. @throws Error for a place that the story does not have. */
export const seedThreads = (
  threads: readonly PlannedThread[],
  beats: readonly SeededBeat[],
): SeededThread[] => threads.map((thread) => seedThread(thread, beats))

function seedThread(
  { beat: title, scene: sceneTitle, words, notes, resolved = false }: PlannedThread,
  beats: readonly SeededBeat[],
): SeededThread {
  const beat = beats.find(({ card }) => card.title === title)
  if (beat === undefined) throw new Error(`The story has no beat “${title}”`)
  const place = { beat: beats.indexOf(beat), notes, resolved }
  if (sceneTitle === undefined) return { ...place, scene: undefined, passage: undefined }
  const scene = beat.scenes.find((one) => one.title === sceneTitle)
  if (scene === undefined) throw new Error(`“${title}” has no scene “${sceneTitle}”`)
  const passage = words === undefined ? undefined : passageOf(beat, scene.key, words)
  return { ...place, scene: beat.scenes.indexOf(scene), passage }
}

function passageOf({ bytes }: SeededBeat, key: string, words: string): Passage {
  const doc = new Y.Doc()
  Y.applyUpdate(doc, bytes)
  const passage = new SceneAnchors(doc, key).find({ quote: words, before: '', after: '' })
  doc.destroy()
  if (passage === undefined) throw new Error(`“${words}” is not in the scene`)
  return passage
}

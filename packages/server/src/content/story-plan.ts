import { countWords, newSceneKey, plainText, seedBeat } from '@storyweave/prose'
import type { Node } from '@tiptap/pm/model'

/** A whole story before it is in the database: a template, the sample, an imported file. */

export interface PlannedScene {
  readonly title: string | null
  /** Absent: one empty paragraph. */
  readonly doc?: Node
}

export interface PlannedBeat {
  readonly title: string
  readonly goal: string
  readonly conflict: string
  readonly outcome: string
  readonly act: string | null
  readonly scenes: readonly PlannedScene[]
}

/** A beat with its document, ready to be written. */
export interface SeededBeat {
  readonly act: string | null
  readonly card: Readonly<Record<'title' | 'goal' | 'conflict' | 'outcome', string>>
  readonly clientId: number
  /** Yjs update, encoding V1: the whole document. */
  readonly bytes: Uint8Array
  readonly scenes: readonly SeededScene[]
}

export interface SeededScene {
  readonly key: string
  readonly title: string | null
  readonly plainText: string
  readonly wordCount: number
}

/** Every document's first writer; in a new document any id is free. */
const SEED_CLIENT_ID = 1

/** Makes the beats' documents. `random` gives that many cryptographically random bytes. */
export const seedBeats = (
  beats: readonly PlannedBeat[],
  random: (count: number) => Uint8Array,
): SeededBeat[] => beats.map((beat) => seedPlan(beat, random))

export function seedPlan(
  { act, scenes, ...card }: PlannedBeat,
  random: (count: number) => Uint8Array,
): SeededBeat {
  const keyed = scenes.map((scene) => ({ ...scene, key: newSceneKey(random) }))
  return {
    act,
    card,
    clientId: SEED_CLIENT_ID,
    bytes: seedBeat({ card, scenes: keyed }, SEED_CLIENT_ID),
    scenes: keyed.map(({ key, title, doc }) => ({ key, title, ...measure(doc) })),
  }
}

function measure(doc: Node | undefined): { plainText: string; wordCount: number } {
  const text = doc === undefined ? '' : plainText(doc)
  return { plainText: text, wordCount: countWords(text) }
}

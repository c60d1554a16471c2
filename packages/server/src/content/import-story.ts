import { decodeMarkdownFile, type StoryBeat, splitStory } from '@storyweave/prose'
import { type PlannedBeat, type SeededBeat, seedBeats } from './story-plan.ts'

/** A Markdown file as a story that is ready to be written. */
export interface ImportedFile {
  readonly title: string
  /** What stood before the first beat, as Markdown; null if nothing did. */
  readonly premise: string | null
  readonly beats: readonly SeededBeat[]
}

/**
 * Reads a file; `title`, where given, stands above the file's own, and `random` gives that many random bytes.
 * @throws Fault `bad_message` or `too_large` for what can't be imported.
 */
export function readImport(
  file: Uint8Array,
  title: string | undefined,
  random: (count: number) => Uint8Array,
): ImportedFile {
  const story = splitStory(decodeMarkdownFile(file), { fileTitle: title })
  return {
    title: title ?? story.title,
    premise: story.preface === '' ? null : story.preface,
    beats: seedBeats(story.beats.map(plannedBeat), random),
  }
}

const plannedBeat = ({ title, act, scenes }: StoryBeat): PlannedBeat => ({
  title,
  goal: '',
  conflict: '',
  outcome: '',
  act,
  scenes,
})

import { LIMITS } from '@storyweave/protocol'
import type { Node } from '@tiptap/pm/model'
import { parseMarkdown } from './markdown.ts'
import { readBlocks } from './markdown-reader.ts'
import { tokenize } from './markdown-syntax.ts'
import { writeBlocks } from './markdown-writer.ts'
import { documentOf, HEADING_LEVELS, isEmptyDocument, schema } from './schema.ts'
import { type StoryBlock, storyBlocks } from './story-blocks.ts'

/**
 * A scene's own headings stand this much deeper in a story's file, where the first levels divide the story.
 */
const HEADING_OFFSET = HEADING_LEVELS.length
const UNTITLED = 'Untitled'

export interface StoryScene {
  readonly title: string | null
  readonly doc: Node
}

export interface StoryBeat {
  readonly title: string
  readonly act: string | null
  readonly scenes: readonly StoryScene[]
}

export interface WholeStory {
  readonly title: string
  /** Markdown that stands before the first beat: a byline, an epigraph. '' if there is none. */
  readonly preface: string
  /** At least one, with at least one scene each. */
  readonly beats: readonly StoryBeat[]
}

/**
 * Divides a novel's Markdown. The first `#` is its title (without one: `fileTitle`), each `##` begins a beat,
 * and within a beat each `###` (the scene's title) or top-level thematic break a scene. No word is lost:
 *
 * - What stands before the first `##` is the preface; if it is longer than a premise may be, it is a beat of
 *   the story's title.
 * - A `#` after the title names the act of the beats that follow; with text of its own, or no beat, it is a
 *   beat too.
 * - Without any `##`, further `#` begin the beats, and the first one does as well if text follows it;
 *   with a single `#` or none, everything is one beat of the story's title.
 * - A heading deeper than `###`, or longer than a title may be, is a heading within its scene.
 */
export function splitStory(
  markdown: string,
  options: { readonly fileTitle?: string | undefined } = {},
): WholeStory {
  const blocks = storyBlocks(tokenize(markdown))
  const titleAt = titleIndex(blocks)
  const heading = blocks[titleAt]
  const title = (heading?.kind === 'heading' && heading.title) || options.fileTitle?.trim() || UNTITLED
  const { preface, sections } = sectionsOf(blocks.filter((_, index) => index !== titleAt))
  const text = writeBlocks(readProse(preface))
  const beats = sections.map(beatOf)
  if (beats.length > 0 && text.length <= LIMITS.cardFieldChars) return { title, preface: text, beats }
  const opening = beatOf({ title, act: null, blocks: preface })
  return { title, preface: '', beats: [opening, ...beats] }
}

const isHeading = (block: StoryBlock | undefined, level: number): boolean =>
  block?.kind === 'heading' && block.level === level

/** Where the heading stands that is the story's title; -1 if none is. */
function titleIndex(blocks: readonly StoryBlock[]): number {
  const first = blocks.findIndex((block) => isHeading(block, 1))
  const firstBeat = blocks.findIndex((block) => isHeading(block, 2))
  if (firstBeat >= 0) return first < firstBeat ? first : -1
  const another = blocks.findIndex((block, index) => index > first && isHeading(block, 1))
  return another < 0 || another === first + 1 ? first : -1
}

interface Section {
  readonly title: string
  readonly act: string | null
  readonly blocks: StoryBlock[]
}

function sectionsOf(blocks: readonly StoryBlock[]): { preface: StoryBlock[]; sections: Section[] } {
  const preface: StoryBlock[] = []
  const sections: Section[] = []
  const hasBeats = blocks.some((block) => isHeading(block, 2))
  let act: string | null = null
  blocks.forEach((block, index) => {
    if (block.kind !== 'heading' || block.level === 3) (sections.at(-1)?.blocks ?? preface).push(block)
    else {
      if (hasBeats && block.level === 1) act = block.title || null
      const onlyNamesAct = hasBeats && block.level === 1 && isHeading(blocks[index + 1], 2)
      if (!onlyNamesAct) sections.push({ title: block.title, act, blocks: [] })
    }
  })
  return { preface, sections }
}

const readProse = (blocks: readonly StoryBlock[]): Node[] =>
  readBlocks(
    blocks.flatMap(({ tokens }) => tokens),
    HEADING_OFFSET,
  )

function beatOf({ title, act, blocks }: Section): StoryBeat {
  const scenes: { title: string | null; blocks: StoryBlock[] }[] = [{ title: null, blocks: [] }]
  for (const block of blocks) {
    if (block.kind === 'prose') scenes.at(-1)?.blocks.push(block)
    else scenes.push({ title: block.kind === 'heading' ? block.title || null : null, blocks: [] })
  }
  const filled = scenes.filter((scene) => scene.title !== null || scene.blocks.length > 0)
  const kept = filled.length > 0 ? filled : scenes.slice(0, 1)
  return {
    title,
    act,
    scenes: kept.map((scene) => ({ title: scene.title, doc: documentOf(readProse(scene.blocks)) })),
  }
}

/**
 * A story as one Markdown file that `splitStory` reads as the same story. What such a file can't say: that
 * beats after an act have none, an untitled scene without text, and a horizontal rule at a scene's top level,
 * which begins a scene there.
 */
export function joinStory(story: WholeStory): string {
  const parts = [heading(1, story.title), ...parseProse(story.preface)]
  let act: string | null = null
  for (const beat of story.beats) {
    if (beat.act !== null && beat.act !== act) parts.push(heading(1, beat.act))
    act = beat.act
    parts.push(heading(2, beat.title), ...beat.scenes.flatMap(joinScene))
  }
  return `${parts.join('\n\n')}\n`
}

function joinScene({ title, doc }: StoryScene, index: number): string[] {
  const text = isEmptyDocument(doc) ? [] : [writeBlocks(doc.children, HEADING_OFFSET)]
  if (title !== null) return [heading(3, title), ...text]
  const sceneBreak = writeBlocks([schema.nodes.horizontalRule.create()])
  return index > 0 && text.length > 0 ? [sceneBreak, ...text] : text
}

const parseProse = (preface: string): string[] =>
  preface.trim() === '' ? [] : [writeBlocks(parseMarkdown(preface).children, HEADING_OFFSET)]

function heading(level: 1 | 2 | 3, title: string): string {
  const words = title.replace(/[\r\n]+/g, ' ').trim()
  return writeBlocks([schema.nodes.heading.create({ level }, words === '' ? [] : schema.text(words))])
}

import { beforeAll, describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import {
  countWords,
  joinStory,
  parseMarkdown,
  plainText,
  plainTextOfFragment,
  readCard,
  readScene,
  type StoryBeat,
  seedBeat,
  serializeMarkdown,
  splitStory,
  type WholeStory,
} from './index.ts'
import { novel } from './testing/novel.ts'

const { name, markdown } = novel()
const WHOLE_NOVEL_MS = 3_000

const wordsOf = (text: string): string[] => text.match(/[\p{L}\p{N}]+/gu) ?? []
const seeded = (beat: StoryBeat, clientId: number): Y.Doc => {
  const ydoc = new Y.Doc()
  const scenes = beat.scenes.map(({ doc }, index) => ({ key: `scene${index}`, doc }))
  Y.applyUpdate(ydoc, seedBeat({ card: { title: beat.title }, scenes }, clientId))
  return ydoc
}

describe(`a whole novel: ${name}`, () => {
  let story: WholeStory
  beforeAll(() => {
    story = splitStory(markdown)
  })

  test('is 23 beats with their titles, its byline the preface', () => {
    expect(story.title).toBe('Love Among the Chickens')
    expect(story.preface).toBe('*P. G. Wodehouse*')
    expect(story.beats).toHaveLength(23)
    const headings = markdown.match(/^## .*$/gm)?.map((line) => line.slice(3).replaceAll('*', ''))
    expect(story.beats.map(({ title }) => title)).toEqual(headings)
    expect(story.beats[6]?.title).toBe('VII — The Entente Cordiale Is Sealed')
  })

  test('has a scene for each scene break', () => {
    const breaks = markdown.match(/^\* \* \*$/gm)?.length ?? 0
    expect(story.beats.flatMap(({ scenes }) => scenes)).toHaveLength(23 + breaks)
  })

  test('keeps every word, in order', () => {
    const kept = [
      story.title,
      story.preface,
      ...story.beats.flatMap((beat) => [beat.title, ...textsOf(beat)]),
    ]
    const words = wordsOf(kept.join('\n'))
    expect(words.length).toBeGreaterThan(45_000)
    expect(words).toEqual(wordsOf(markdown))
  })

  test('keeps verse: quotes with their hard breaks', () => {
    const broken = story.beats.flatMap(textsOf).join('\n')
    const verses = markdown.match(/^> .*? {3}\n> .*$/gm) ?? []
    expect(verses.length).toBeGreaterThan(0)
    for (const verse of verses) {
      const [first, second] = verse.split('\n').map((line) => line.replace(/^> */, '').trimEnd())
      expect(broken).toContain(`${first}\n${second}`)
    }
  })

  test('survives Yjs, Markdown and its own file', () => {
    for (const [index, beat] of story.beats.entries()) {
      const ydoc = seeded(beat, index + 1)
      expect(readCard(ydoc).title).toBe(beat.title)
      beat.scenes.forEach(({ doc }, at) => {
        expect(readScene(ydoc, `scene${at}`).eq(doc)).toBe(true)
        expect(plainTextOfFragment(ydoc.getXmlFragment(`scene/scene${at}`))).toBe(plainText(doc))
        expect(parseMarkdown(serializeMarkdown(doc)).eq(doc)).toBe(true)
      })
    }
    expect(JSON.stringify(splitStory(joinStory(story)))).toBe(JSON.stringify(story))
  })

  test(`is read, divided and seeded in less than ${WHOLE_NOVEL_MS} ms`, () => {
    const start = performance.now()
    splitStory(markdown).beats.map((beat, index) => seeded(beat, index + 1))
    expect(performance.now() - start).toBeLessThan(WHOLE_NOVEL_MS)
  })

  test('is counted at 10,000 words in 20 ms, at best of five', () => {
    const text = story.beats.flatMap(textsOf).join('\n')
    const words = countWords(text)
    const times = Array.from({ length: 5 }, () => {
      const start = performance.now()
      countWords(text)
      return performance.now() - start
    })
    expect(Math.min(...times)).toBeLessThan((words / 10_000) * 20)
  })
})

const textsOf = (beat: StoryBeat): string[] => beat.scenes.map(({ doc }) => plainText(doc))

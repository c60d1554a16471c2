import { LIMITS } from '@storyweave/protocol'
import type { Node } from '@tiptap/pm/model'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  documentOf,
  joinStory,
  parseMarkdown,
  plainText,
  schema,
  serializeMarkdown,
  splitStory,
  type WholeStory,
} from './index.ts'
import { anyDocument } from './testing/documents.ts'

const SEED = 20_261_123

/** Beats as `act/title: scene | scene`, a scene as `[title] text`. */
const outline = ({ beats }: WholeStory): string[] =>
  beats.map(({ act, title, scenes }) => {
    const texts = scenes.map(
      (scene) => `${scene.title === null ? '' : `[${scene.title}] `}${plainText(scene.doc)}`,
    )
    return `${act === null ? '' : `${act}/`}${title}: ${texts.join(' | ').replaceAll('\n', '¶')}`
  })
const split = (...blocks: string[]): WholeStory => splitStory(blocks.join('\n\n'))

describe('splitStory', () => {
  test('# is the title, ## a beat, * * * and ### a scene', () => {
    const story = split('# T', '## *One* `two`', 'a', '* * *', 'b', '### **Night**', 'c', 'd', '## Two', 'e')
    expect(story.title).toBe('T')
    expect(story.preface).toBe('')
    expect(outline(story)).toEqual(['One `two`: a | b | [Night] c¶d', 'Two: e'])
  })

  test.each(['* * *', '***', '---', '___', '- - -'])('%s divides scenes', (rule) => {
    expect(outline(split('## A', 'a', rule, 'b'))).toEqual(['A: a | b'])
  })

  test('a break makes no scene without text, a title does', () => {
    expect(outline(split('## A', '* * *', 'a', '---', '***', 'b', '* * *'))).toEqual(['A: a | b'])
    expect(outline(split('## A', '* * *', '### B', '### C', 'c'))).toEqual(['A: [B]  | [C] c'])
    expect(outline(split('## A', '## B', '###', 'b'))).toEqual(['A: ', 'B: b'])
  })

  test('what stands before the first beat is the preface', () => {
    const story = split('An epigraph.', '# T', '*A. Writer*', '---', '### Note', 'b', '## One', 'a')
    expect(story.preface).toBe('An epigraph.\n\n*A. Writer*\n\n* * *\n\n# Note\n\nb')
    expect(outline(story)).toEqual(['One: a'])
  })

  test('a preface too long for a premise is a beat of the story’s title', () => {
    const long = 'word '.repeat(LIMITS.cardFieldChars / 5).trim()
    expect(split('# T', long, '## One').preface).toBe(long)
    const longer = split('# T', `${long} more`, '* * *', 'b', '## One')
    expect(longer.preface).toBe('')
    expect(outline(longer)).toEqual([`T: ${long} more | b`, 'One: '])
  })

  test('without ## everything is one beat', () => {
    expect(outline(split('# T', '*A. Writer*', '* * *', 'a'))).toEqual(['T: A. Writer | a'])
    expect(outline(split('# T'))).toEqual(['T: '])
    expect(outline(splitStory('just text', { fileTitle: ' hens ' }))).toEqual(['hens: just text'])
  })

  test('the title is the first #, else the file’s, else Untitled', () => {
    expect(splitStory('# T\n\n## A', { fileTitle: 'f' }).title).toBe('T')
    expect(splitStory('## A', { fileTitle: 'f' }).title).toBe('f')
    expect(splitStory('#\n\n## A', { fileTitle: 'f' }).title).toBe('f')
    expect(splitStory('## A').title).toBe('Untitled')
  })

  test('further # are acts', () => {
    const story = split(
      '# T',
      '# Act I',
      '## One',
      'a',
      '## Two',
      '# Act II',
      'An epigraph.',
      '## Three',
      '# The End',
    )
    expect(story.title).toBe('T')
    expect(outline(story)).toEqual([
      'Act I/One: a',
      'Act I/Two: ',
      'Act II/Act II: An epigraph.',
      'Act II/Three: ',
      'The End/The End: ',
    ])
    expect(split('## One', '# Part').title).toBe('Untitled')
  })

  test('without ## further # are the beats', () => {
    expect(outline(split('# T', '# One', 'a', '# Two', 'b'))).toEqual(['One: a', 'Two: b'])
    expect(outline(split('# One', 'a', '# Two', 'b'))).toEqual(['One: a', 'Two: b'])
  })

  test('underlined headings are headings', () => {
    const story = splitStory('T\n=\n\nOne\n---\n\na\n\n---\n\nb')
    expect([story.title, ...outline(story)]).toEqual(['T', 'One: a | b'])
  })

  test('headings in quotes, lists and code, escaped and deeper ones are text', () => {
    const story = split('## A', '> ## b', '- ## c', '```\n## d\n```', '\\## e', '#### f', '#g', '    ## h')
    expect(outline(story)).toEqual(['A: b¶¶c¶## d¶## e¶f¶#g¶## h'])
  })

  test('line ends of any system', () => {
    const lines = '# T\n\nby\n\n## A\n\na  \nb\n\n* * *\n\nc\n'
    for (const end of ['\r\n', '\r']) {
      expect(JSON.stringify(splitStory(lines.replaceAll('\n', end)))).toBe(JSON.stringify(splitStory(lines)))
    }
  })

  test('a heading too long for a title is a heading within its scene', () => {
    const long = 'word '.repeat(100).trim()
    const story = split(`# ${long}`, '## A', `### ${long}`, 'a')
    expect([story.title, story.preface, ...outline(story)]).toEqual(['Untitled', `# ${long}`, `A: ${long}¶a`])
  })

  test(`keeps every word of any file (seed ${SEED})`, () => {
    const block = fc.constantFrom(
      '# H',
      '## H',
      '### H',
      '#### H',
      '* * *',
      '---',
      'w',
      '*w* w',
      '> ## w',
      '- w',
      '```\nw\n```',
    )
    fc.assert(
      fc.property(fc.array(block, { minLength: 1, maxLength: 14 }), (blocks) => {
        let count = 0
        const markdown = blocks.map((text) => text.replace(/[Hw]/g, () => `w${count++}`)).join('\n\n')
        const story = splitStory(markdown, { fileTitle: 'none' })
        const words = JSON.stringify([
          story.title,
          story.preface,
          story.beats.map(({ act, title, scenes }) => [
            act,
            title,
            scenes.map((scene) => [scene.title, plainText(scene.doc)]),
          ]),
        ]).match(/w\d+/g)
        const expected = Array.from({ length: count }, (_, index) => `w${index}`)
        expect([...new Set(words)].toSorted()).toEqual(expected.toSorted())
      }),
      { seed: SEED, numRuns: 1_500 },
    )
  })
})

describe('joinStory', () => {
  test('is a file that people would write', () => {
    const file =
      '# T\n\n*A. Writer*\n\n# Act I\n\n## One\n\na\n\n* * *\n\nb\n\n' +
      '### Night\n\nc\n\n#### Letter\n\nd\n\n## Two\n'
    expect(joinStory(splitStory(file))).toBe(file)
  })

  test('titles are words, whatever Markdown makes of them', () => {
    const beats = [
      { title: '*1.* # [x](y) \\', act: null, scenes: [{ title: '## - a', doc: documentOf([]) }] },
    ]
    const story = { title: '> T #', preface: '', beats }
    expect(JSON.stringify(splitStory(joinStory(story)))).toBe(JSON.stringify(story))
  })

  test('what a file can’t say costs no word', () => {
    const doc = parseMarkdown('a\n\n* * *\n\nb')
    const scenes = [
      { title: null, doc: documentOf([]) },
      { title: null, doc },
    ]
    const story = { title: 'T', preface: '', beats: [{ title: 'Two\nlines', act: null, scenes }] }
    expect(outline(splitStory(joinStory(story)))).toEqual(['Two lines: a | b'])
  })

  test(`splitStory reads it as the same story (seed ${SEED})`, () => {
    const isRule = ({ type }: Node) => type === schema.nodes.horizontalRule
    const doc = anyDocument.filter(({ children }) => !children.some(isRule))
    const words = fc.constantFrom('One', '*two*', '# 3', '4.', 'a & b', 'Mr.\u00a0H', '“q”', '\\', '')
    const scene = fc.record({ title: words.map((word) => word || 'Night'), doc })
    const firstScene = fc.record({ title: fc.constant(null), doc })
    const beat = fc
      .tuple(words, firstScene, fc.array(scene, { maxLength: 2 }))
      .map(([title, first, rest]) => ({ title, scenes: [first, ...rest] }))
    const story = fc
      .tuple(anyDocument, fc.array(beat, { minLength: 1, maxLength: 3 }), fc.boolean())
      .map(([preface, beats, inActs]) => ({
        title: 'T',
        preface: serializeMarkdown(preface),
        beats: beats.map(({ title, scenes }, index) => ({
          title,
          act: inActs ? `Act ${index >> 1}` : null,
          scenes,
        })),
      }))
    fc.assert(
      fc.property(story, (whole) => {
        expect(JSON.stringify(splitStory(joinStory(whole)))).toBe(JSON.stringify(withoutEmptyFirsts(whole)))
      }),
      { seed: SEED, numRuns: 250 },
    )
  })
})

/** An untitled scene without text is not in a file where another follows it. */
const withoutEmptyFirsts = (story: WholeStory): WholeStory => ({
  ...story,
  beats: story.beats.map(({ title, act, scenes }) => {
    const [first, ...rest] = scenes
    const dropped = rest.length > 0 && first !== undefined && serializeMarkdown(first.doc) === ''
    return { title, act, scenes: dropped ? rest : scenes }
  }),
})

import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { findQuote, type Passage, readAnchor, SceneAnchors } from './anchors.ts'
import { copyScene, replaceScene } from './document.ts'
import { parseMarkdown } from './markdown.ts'
import { schema } from './schema.ts'
import { TestEditor } from './testing/editor.ts'

const KEY = 'aaaaaaaaaaaa'
const OTHER = 'bbbbbbbbbbbb'

const STORY =
  'The keeper lit the lamp at dusk.\n\n' +
  'A ship came in from the *north*, slow and silent, and nobody on the pier said a word.\n\n' +
  'Then the bell rang twice.'

function editorOf(markdown: string): TestEditor {
  const ydoc = new Y.Doc()
  replaceScene(ydoc, KEY, parseMarkdown(markdown))
  return new TestEditor(ydoc, KEY)
}

/** The passage of these words, which stand in one block, as a person selects it. */
function quoteOf(editor: TestEditor, words: string): Passage {
  const from = editor.at(words)
  const { start, end } = editor.select(from, from + words.length)
  const passage = readAnchor(editor.ydoc, KEY, start, end)
  if (passage === undefined) throw new Error('It stands nowhere')
  return passage
}

const fateOf = (editor: TestEditor, passage: Passage, key = KEY) =>
  new SceneAnchors(editor.ydoc, key).follow(passage)

/** What the passage is after it was followed. */
function followed(editor: TestEditor, passage: Passage): Passage | undefined {
  const fate = fateOf(editor, passage)
  if (fate.kind === 'holds') return passage
  return fate.kind === 'moved' ? fate.passage : undefined
}

/** The words between a passage's positions, as the document has them now. */
const heldBy = (editor: TestEditor, { start, end }: Passage) =>
  readAnchor(editor.ydoc, KEY, start, end)?.quote

describe('anchor-quote: what stands between two positions', () => {
  test('is read from the document, with what stands around it', () => {
    const passage = quoteOf(editorOf(STORY), 'slow and silent')
    expect(passage).toMatchObject({
      quote: 'slow and silent',
      before: 'dusk.\nA ship came in from the north, '.slice(-32),
      after: ', and nobody on the pier said a word.'.slice(0, 32),
    })
  })

  test('may reach over marks, hard breaks, blocks and lists', () => {
    const editor = editorOf('One *two*\\\nthree\n\n> four\n\n- five\n- six')
    const { start, end } = editor.select(editor.at('two'), editor.at('six') + 3)
    expect(readAnchor(editor.ydoc, KEY, start, end)?.quote).toBe('two\nthree\nfour\nfive\nsix')
  })

  test('whole blocks count as their text, without the breaks around it', () => {
    const editor = editorOf('One.\n\nTwo.\n\nThree.')
    const fragment = editor.ydoc.getXmlFragment(`scene/${KEY}`)
    const position = (index: number, assoc: number) =>
      Buffer.from(
        Y.encodeRelativePosition(Y.createRelativePositionFromTypeIndex(fragment, index, assoc)),
      ).toString('base64')
    for (const assoc of [0, -1]) {
      expect(readAnchor(editor.ydoc, KEY, position(1, assoc), position(2, assoc))?.quote).toBe('Two.')
      expect(readAnchor(editor.ydoc, KEY, position(0, assoc), position(3, assoc))?.quote).toBe(
        'One.\nTwo.\nThree.',
      )
    }
  })

  test('never splits a character in two, nor what stands around it', () => {
    const editor = editorOf(`🙂${'x'.repeat(31)}a🙂b${'y'.repeat(31)}🙂`)
    const at = editor.at('a🙂b')
    const { start, end } = editor.select(at + 2, at + 4)
    expect(readAnchor(editor.ydoc, KEY, start, end)).toMatchObject({ quote: '🙂b', after: 'y'.repeat(31) })
    const around = editor.select(at, at + 4)
    expect(readAnchor(editor.ydoc, KEY, around.start, around.end)).toMatchObject({ before: 'x'.repeat(31) })
  })

  test('what is typed right before or after it stays outside', () => {
    const editor = editorOf(STORY)
    const passage = quoteOf(editor, 'slow and silent')
    editor.change((tr) => tr.insert(editor.at('slow'), schema.text('very ')))
    editor.change((tr) => tr.insert(editor.at('silent') + 6, schema.text('ly')))
    expect(heldBy(editor, passage)).toBe('slow and silent')
    expect(fateOf(editor, passage)).toEqual({ kind: 'holds' })
  })

  test('is nothing for what is no position, another scene’s, the wrong way round, or empty', () => {
    const editor = editorOf(STORY)
    const { start, end } = quoteOf(editor, 'lamp')
    copyScene(editor.ydoc, KEY, editor.ydoc, OTHER)
    const other = new TestEditor(editor.ydoc, OTHER)
    const there = other.select(other.at('lamp'), other.at('lamp') + 4)
    const foreign = { type: null, tname: 'title', item: null, assoc: 0 } as Y.RelativePosition
    const title = Buffer.from(Y.encodeRelativePosition(foreign)).toString('base64')
    const point = editor.select(editor.at('lamp'), editor.at('lamp'))
    for (const [from, to] of [
      [end, start],
      [start, start],
      [point.start, point.end],
      [there.start, there.end],
      [start, there.end],
      [title, end],
      ['', end],
      ['AA==', end],
      ['AwAA', end],
      ['/////////////w==', end],
      ['not base64 at all', end],
    ] as const) {
      expect(readAnchor(editor.ydoc, KEY, from, to), `${from} to ${to}`).toBeUndefined()
    }
    expect(readAnchor(editor.ydoc, OTHER, there.start, there.end)?.quote).toBe('lamp')
    expect([...editor.ydoc.share.keys()].sort()).toEqual([`scene/${KEY}`, `scene/${OTHER}`])
  })
})

describe('anchor-follow: the passage stays what it was', () => {
  const QUOTE = 'slow and silent'
  const paragraph = (editor: TestEditor, words: string) => {
    const from = editor.at(words)
    return editor.doc.resolve(from)
  }

  const EDITS: Record<string, (editor: TestEditor) => void> = {
    'Enter before it': (editor) => editor.change((tr) => tr.split(editor.at('and nobody'))),
    'Enter right before it': (editor) => editor.change((tr) => tr.split(editor.at(QUOTE))),
    'Enter twice before it': (editor) => {
      editor.change((tr) => tr.split(editor.at('came in')))
      editor.change((tr) => tr.split(editor.at('from the')))
    },
    'joining its paragraph with the one before': (editor) =>
      editor.change((tr) => tr.join(paragraph(editor, QUOTE).before())),
    'joining its paragraph with the one after': (editor) =>
      editor.change((tr) => tr.join(paragraph(editor, QUOTE).after())),
    'making a heading of it': (editor) =>
      editor.change((tr) => {
        const at = editor.at(QUOTE)
        tr.setBlockType(at, at, schema.nodes.heading, { level: 2 })
      }),
    'making a quotation of it': (editor) =>
      editor.change((tr) => {
        const range = paragraph(editor, QUOTE).blockRange()
        if (range) tr.wrap(range, [{ type: schema.nodes.blockquote }])
      }),
    'making a list of it': (editor) =>
      editor.change((tr) => {
        const range = paragraph(editor, QUOTE).blockRange()
        if (range) tr.wrap(range, [{ type: schema.nodes.bulletList }, { type: schema.nodes.listItem }])
      }),
    'making it bold': (editor) =>
      editor.change((tr) => {
        const at = editor.at(QUOTE)
        tr.addMark(at, at + QUOTE.length, schema.marks.bold.create())
      }),
    'cutting its paragraph and putting it in at the end': (editor) => {
      const at = paragraph(editor, QUOTE)
      const cut = at.parent
      editor.change((tr) => tr.delete(at.before(), at.after()))
      editor.change((tr) => tr.insert(editor.doc.content.size, cut))
    },
  }

  for (const [name, edit] of Object.entries(EDITS)) {
    test(name, () => {
      const editor = editorOf(STORY)
      const passage = quoteOf(editor, QUOTE)
      edit(editor)
      const now = followed(editor, passage)
      expect(now?.quote).toBe(QUOTE)
      expect(now && heldBy(editor, now)).toBe(QUOTE)
      expect(now && fateOf(editor, now)).toEqual({ kind: 'holds' })
    })
  }

  test('Enter in the middle of it, and Backspace again', () => {
    const editor = editorOf(STORY)
    const passage = quoteOf(editor, QUOTE)
    editor.change((tr) => tr.split(editor.at('and silent')))
    const broken = followed(editor, passage)
    expect(broken?.quote).toBe('slow \nand silent')
    editor.change((tr) => tr.join(paragraph(editor, 'and silent').before()))
    expect(broken && followed(editor, broken)?.quote).toBe(QUOTE)
  })

  test('a passage over two paragraphs, of which the second becomes a heading', () => {
    const editor = editorOf(STORY)
    const { start, end } = editor.select(editor.at('said a word'), editor.at('the bell') + 8)
    const passage = readAnchor(editor.ydoc, KEY, start, end)
    editor.change((tr) => {
      const at = editor.at('Then the bell')
      tr.setBlockType(at, at, schema.nodes.heading, { level: 1 })
    })
    expect(passage?.quote).toBe('said a word.\nThen the bell')
    expect(passage && followed(editor, passage)?.quote).toBe(passage?.quote)
  })

  test('a short passage that comes again: the one that was meant, by what stands around it', () => {
    const editor = editorOf('He said nothing. She said much. He said it again.\n\nThey said so.')
    const at = editor.at('said it')
    const { start, end } = editor.select(at, at + 4)
    const passage = readAnchor(editor.ydoc, KEY, start, end)
    editor.change((tr) => tr.split(editor.at('He said it')))
    const now = passage && followed(editor, passage)
    expect(now).toMatchObject({ quote: 'said', after: ' it again.\nThey said so.' })
  })

  test('an only word in an only paragraph is found again after Enter', () => {
    const editor = editorOf('Hello')
    const passage = quoteOf(editor, 'Hello')
    editor.change((tr) => tr.split(1))
    expect(followed(editor, passage)?.quote).toBe('Hello')
  })
})

describe('anchor-edited: the passage itself was changed', () => {
  test('a word in the middle: it is what stands there now', () => {
    const editor = editorOf(STORY)
    const passage = quoteOf(editor, 'slow and silent')
    const at = editor.at('and silent')
    editor.change((tr) => tr.replaceWith(at, at + 3, schema.text('but not')))
    expect(followed(editor, passage)).toMatchObject({ quote: 'slow but not silent' })
  })

  test('its beginning and its end are deleted: what is left of it', () => {
    const editor = editorOf(STORY)
    const passage = quoteOf(editor, 'nobody on the pier said a word')
    editor.change((tr) => tr.delete(editor.at('nobody on'), editor.at('pier')))
    editor.change((tr) => tr.delete(editor.at(' a word.'), editor.at('word.') + 4))
    expect(followed(editor, passage)?.quote).toBe('pier said')
  })

  test('it grew beyond what a passage may be: as much of it as may', () => {
    const editor = editorOf(STORY)
    const passage = quoteOf(editor, 'slow and silent')
    editor.change((tr) => tr.insert(editor.at('and silent'), schema.text('x'.repeat(1_500))))
    const now = followed(editor, passage)
    expect(now?.quote).toBe(`slow ${'x'.repeat(995)}`)
    expect(now && fateOf(editor, now)).toEqual({ kind: 'holds' })
  })
})

describe('anchor-lost: the passage is gone', () => {
  const without = (words: string, edit: (editor: TestEditor) => void, quote = words) => {
    const editor = editorOf(STORY)
    const passage = quoteOf(editor, quote)
    edit(editor)
    return { editor, passage, fate: fateOf(editor, passage) }
  }
  const remove = (editor: TestEditor, words: string) => {
    const at = editor.at(words)
    editor.change((tr) => tr.delete(at, at + words.length))
  }

  test('deleted, and back again when it was written again', () => {
    const { editor, passage, fate } = without('slow and silent', (one) => remove(one, 'slow and silent'))
    expect(fate).toEqual({ kind: 'lost' })
    editor.change((tr) => tr.insert(editor.at(', and nobody'), schema.text('slow and silent')))
    expect(followed(editor, passage)?.quote).toBe('slow and silent')
  })

  test('wholly replaced by other words', () => {
    const { fate } = without('slow and silent', (editor) => {
      const at = editor.at('slow and silent')
      editor.change((tr) => tr.replaceWith(at, at + 15, schema.text('quick')))
    })
    expect(fate).toEqual({ kind: 'lost' })
  })

  test('a word that also stands elsewhere does not jump there', () => {
    const { fate } = without('the', (editor) => remove(editor, 'the lamp'), 'the')
    expect(fate).toEqual({ kind: 'lost' })
  })

  test('in another document it is found by its words alone', () => {
    const editor = editorOf(STORY)
    const passage = quoteOf(editor, 'slow and silent')
    const ydoc = new Y.Doc()
    copyScene(editor.ydoc, KEY, ydoc, OTHER)
    expect(readAnchor(ydoc, OTHER, passage.start, passage.end)).toBeUndefined()
    expect(findQuote(ydoc, OTHER, passage)).toMatchObject({ quote: passage.quote, before: passage.before })
  })
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { type Passage, readAnchor, SceneAnchors } from './anchors.ts'
import { readSceneText } from './anchors-text.ts'
import { replaceScene } from './document.ts'
import { parseMarkdown } from './markdown.ts'
import { schema } from './schema.ts'
import { anyDocument } from './testing/documents.ts'
import { TestEditor } from './testing/editor.ts'

const SEED = 20_261_124
const KEY = 'aaaaaaaaaaaa'

const fateOf = (editor: TestEditor, passage: Passage) => new SceneAnchors(editor.ydoc, KEY).follow(passage)
const heldBy = (editor: TestEditor, { start, end }: Passage) =>
  readAnchor(editor.ydoc, KEY, start, end)?.quote

test(`anchor-follow: after any edits the passage holds its words, or is lost (seed ${SEED})`, () => {
  const fates = { holds: 0, moved: 0, lost: 0 }
  const place = fc.double({ min: 0, max: 1, noNaN: true })
  const edit = fc.record({
    kind: fc.constantFrom('split', 'join', 'type', 'delete', 'heading', 'wrap', 'replace', 'other'),
    from: place,
    to: place,
  })
  fc.assert(
    fc.property(anyDocument, place, place, fc.array(edit, { maxLength: 6 }), (doc, one, two, edits) => {
      const ydoc = new Y.Doc()
      replaceScene(ydoc, KEY, doc)
      const editor = new TestEditor(ydoc, KEY)
      let passage = anyPassage(editor, one, two)
      for (const { kind, from, to } of edits) {
        apply(editor, kind, from, to)
        if (passage === undefined) continue
        const fate = fateOf(editor, passage)
        fates[fate.kind]++
        if (fate.kind === 'lost') continue
        if (fate.kind === 'moved') passage = fate.passage
        expect(heldBy(editor, passage)).toBe(passage.quote)
        expect(passage.quote.trim()).not.toBe('')
        expect(fateOf(editor, passage)).toEqual({ kind: 'holds' })
      }
    }),
    { seed: SEED, numRuns: 1_500 },
  )
  for (const count of Object.values(fates)) expect(count).toBeGreaterThan(50)
})

function anyPassage(editor: TestEditor, one: number, two: number): Passage | undefined {
  const { text } = readSceneText(editor.ydoc.getXmlFragment(`scene/${KEY}`))
  const [from, to] = inOrder(Math.floor(one * text.length), Math.ceil(two * text.length))
  return new SceneAnchors(editor.ydoc, KEY).find({
    quote: text.slice(from, to),
    before: text.slice(Math.max(from - 32, 0), from),
    after: text.slice(to, to + 32),
  })
}

const inOrder = (a: number, b: number): [number, number] => (a < b ? [a, b] : [b, a])

function apply(editor: TestEditor, kind: string, from: number, to: number): void {
  const { size } = editor.doc.content
  const [start, end] = inOrder(Math.floor(from * size), Math.ceil(to * size))
  try {
    if (kind === 'other') {
      // Somebody else writes into the same scene by Markdown.
      replaceScene(
        editor.ydoc,
        KEY,
        editor.doc.copy(editor.doc.content.append(parseMarkdown('More.').content)),
      )
      editor.refresh()
      return
    }
    editor.change((tr) => {
      if (kind === 'split') tr.split(start)
      if (kind === 'join') tr.join(start)
      if (kind === 'type') tr.replaceWith(start, start, schema.text('ab c'))
      if (kind === 'replace') tr.replaceWith(start, Math.min(end, start + 5), schema.text('🙂xyz'))
      if (kind === 'delete') tr.delete(start, end)
      if (kind === 'heading') tr.setBlockType(start, end, schema.nodes.heading, { level: 2 })
      const range = kind === 'wrap' ? tr.doc.resolve(start).blockRange() : null
      if (range) tr.wrap(range, [{ type: schema.nodes.blockquote }])
      tr.doc.check()
    })
  } catch (error) {
    // Not every change is possible at every place; ProseMirror says so before anything is written.
    if (!(error instanceof RangeError) && !/transform|structure|wrap|split/i.test(String(error))) throw error
  }
}

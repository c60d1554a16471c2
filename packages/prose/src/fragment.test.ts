import { yXmlFragmentToProseMirrorRootNode } from '@tiptap/y-tiptap'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { readFragment } from './fragment.ts'
import { plainTextOfFragment } from './fragment-text.ts'
import { writeFragment } from './fragment-write.ts'
import { parseMarkdown, serializeMarkdown } from './markdown.ts'
import { MAX_DEPTH, schema } from './schema.ts'
import { anyDocument } from './testing/documents.ts'
import { anyTrees, plant } from './testing/trees.ts'
import { plainText } from './text.ts'

const SEED = 20_261_123

function fragmentIn(write: (fragment: Y.XmlFragment, ydoc: Y.Doc) => void): Y.XmlFragment {
  const ydoc = new Y.Doc()
  const fragment = ydoc.getXmlFragment('scene')
  write(fragment, ydoc)
  return fragment
}
const withMarkdown = (markdown: string) =>
  fragmentIn((fragment, ydoc) => writeFragment(ydoc, fragment, parseMarkdown(markdown)))

describe('a fragment', () => {
  test(`holds any document (seed ${SEED})`, () => {
    fc.assert(
      fc.property(anyDocument, (doc) => {
        const fragment = fragmentIn((empty, ydoc) => writeFragment(ydoc, empty, doc))
        expect(readFragment(fragment).eq(doc)).toBe(true)
        expect(plainTextOfFragment(fragment)).toBe(plainText(doc))
      }),
      { seed: SEED, numRuns: 500 },
    )
  })

  test(`reads as the editor's own binding reads it (seed ${SEED})`, () => {
    fc.assert(
      fc.property(anyDocument, (doc) => {
        const fragment = fragmentIn((empty, ydoc) => writeFragment(ydoc, empty, doc))
        const read = readFragment(fragment)
        expect(yXmlFragmentToProseMirrorRootNode(fragment, schema).toJSON()).toEqual(read.toJSON())
      }),
      { seed: SEED, numRuns: 300 },
    )
  })

  test(`of any tree is read as a valid document with all its text, and not changed (seed ${SEED})`, () => {
    fc.assert(
      fc.property(anyTrees, (trees) => {
        const fragment = fragmentIn((empty) => plant(empty, trees))
        const before = Y.encodeStateAsUpdate(fragment.doc as Y.Doc)
        const doc = readFragment(fragment)
        doc.check()
        expect(plainTextOfFragment(fragment)).toBe(plainText(doc))
        expect(lettersOf(plainText(doc))).toBe(lettersOf(JSON.stringify(trees.map(wordsOf))))
        expect(Y.encodeStateAsUpdate(fragment.doc as Y.Doc)).toEqual(before)
      }),
      { seed: SEED, numRuns: 1_500 },
    )
  })

  test(`of any tree becomes any document (seed ${SEED})`, () => {
    fc.assert(
      fc.property(anyTrees, anyDocument, anyDocument, (trees, first, second) => {
        const fragment = fragmentIn((empty) => plant(empty, trees))
        for (const doc of [first, second]) {
          writeFragment(fragment.doc as Y.Doc, fragment, doc)
          expect(readFragment(fragment).eq(doc)).toBe(true)
        }
      }),
      { seed: SEED, numRuns: 500 },
    )
  })

  test('links elsewhere than to http, https and mailto are read as their words', () => {
    const trees = [{ words: 'a', marks: { link: { href: 'javascript:alert(1)' } } }]
    const fragment = fragmentIn((empty) =>
      plant(empty, [{ name: 'paragraph', attributes: {}, children: trees }]),
    )
    expect(readFragment(fragment).toString()).toBe('doc(paragraph("a"))')
  })

  test('however deep is read, and its text found', () => {
    for (const names of [['blockquote'], ['bulletList', 'listItem'], ['paragraph'], ['unknown']]) {
      const fragment = fragmentIn((root) => {
        let inner: Y.XmlFragment = root
        for (let depth = 0; depth < 1_000; depth++) {
          const element = new Y.XmlElement(names[depth % names.length])
          inner.push([element])
          inner = element
        }
        inner.push([new Y.XmlText('the end')])
      })
      const doc = readFragment(fragment)
      doc.check()
      expect(plainText(doc)).toMatch(/the end$/)
      expect(plainTextOfFragment(fragment)).toBe(plainText(doc))
      expect(parseMarkdown(serializeMarkdown(doc)).eq(doc)).toBe(true)
      expect(depthOf(doc.toString())).toBeLessThanOrEqual(MAX_DEPTH + 3)
    }
  })
})

describe('writeFragment', () => {
  test('leaves alone what stays, wherever it moves', () => {
    const kept = Array.from({ length: 20 }, (_, index) => `Paragraph ${index} stays.`)
    const fragment = withMarkdown(['Old end one.', ...kept, 'Old end two.'].join('\n\n'))
    const before = fragment.toArray().slice(1, -1)
    const added = ['New one.', 'New two.', 'New three.', ...kept, 'New end.']
    writeFragment(fragment.doc as Y.Doc, fragment, parseMarkdown(added.join('\n\n')))
    expect(plainTextOfFragment(fragment)).toBe(added.join('\n'))
    expect(fragment.toArray().slice(3, -1)).toEqual(before)
  })

  test('the same document again changes nothing', () => {
    const fragment = withMarkdown('# a\n\n> b *c*\n\n- d')
    const before = Y.encodeStateAsUpdate(fragment.doc as Y.Doc)
    writeFragment(fragment.doc as Y.Doc, fragment, parseMarkdown('# a\n\n> b *c*\n\n- d'))
    expect(Y.encodeStateAsUpdate(fragment.doc as Y.Doc)).toEqual(before)
  })
})

type Tree = Parameters<typeof plant>[1][number]
const wordsOf = (tree: Tree): unknown => ('words' in tree ? tree.words : tree.children.map(wordsOf))
const lettersOf = (text: string): string => text.replace(/\\n|[^abc🙂]/gu, '')

function depthOf(shape: string): number {
  let depth = 0
  let deepest = 0
  for (const character of shape) {
    if (character === '(') deepest = Math.max(deepest, ++depth)
    else if (character === ')') depth--
  }
  return deepest
}

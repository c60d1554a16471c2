import fc from 'fast-check'
import * as Y from 'yjs'

/** Yjs trees as no editor makes them, but merging or another version of the schema may. */

type Tree = { readonly words: string; readonly marks: Record<string, unknown> } | Element
interface Element {
  readonly name: string
  readonly attributes: Readonly<Record<string, string | number>>
  readonly children: readonly Tree[]
}

const NAMES = [
  'paragraph',
  'paragraph',
  'heading',
  'blockquote',
  'bulletList',
  'orderedList',
  'listItem',
  'listItem',
  'hardBreak',
  'horizontalRule',
  'codeBlock',
  'stageDirection',
]
const MARKS = [
  {},
  { bold: {} },
  { italic: {}, strike: {} },
  { code: {} },
  { bold: null },
  { link: { href: 'http://x', title: null } },
  { link: { href: 'javascript:x' } },
  { link: 'http://x' },
]
const ATTRIBUTES = [
  {},
  { level: 2 },
  { level: 9 },
  { level: 'x' },
  { start: 3 },
  { start: 'x', type: 'a' },
  { other: 1 },
]

const { tree } = fc.letrec<{ tree: Tree; element: Tree; words: Tree }>((tie) => ({
  tree: fc.oneof({ depthSize: 'medium' }, tie('words'), tie('element')),
  words: fc.record({
    words: fc.constantFrom('', 'a', 'b c', ' ', '\n', '🙂'),
    marks: fc.constantFrom(...MARKS),
  }),
  element: fc.record({
    name: fc.constantFrom(...NAMES),
    attributes: fc.constantFrom(...ATTRIBUTES),
    children: fc.array(tie('tree'), { maxLength: 4 }),
  }),
}))

export const anyTrees: fc.Arbitrary<Tree[]> = fc.array(tree, { maxLength: 6 })

/** Puts trees at the end of a fragment. */
export function plant(fragment: Y.XmlFragment, trees: readonly Tree[]): void {
  fragment.push(trees.map(grow))
}

function grow(tree: Tree): Y.XmlElement | Y.XmlText {
  if ('words' in tree) {
    const text = new Y.XmlText()
    if (tree.words !== '') text.insert(0, tree.words, tree.marks)
    return text
  }
  const element = new Y.XmlElement<Record<string, string | number>>(tree.name)
  for (const [name, value] of Object.entries(tree.attributes)) element.setAttribute(name, value)
  element.insert(0, tree.children.map(grow))
  return element as Y.XmlElement
}

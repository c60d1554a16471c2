import type { Mark, Node } from '@tiptap/pm/model'
import fc from 'fast-check'
import { documentOf, HEADING_LEVELS, schema } from '../schema.ts'

/** Documents of the schema for property tests: with everything that Markdown and Yjs find hard. */

const { nodes, marks } = schema

/** Pieces that mean something to Markdown, spaces of all kinds, words of several languages. */
const SPICE = [
  '*',
  '**',
  '***',
  '_',
  '__',
  '~',
  '~~',
  '`',
  '```',
  '#',
  '# ',
  '##',
  '>',
  '> ',
  '-',
  '- ',
  '+ ',
  '---',
  '===',
  '=',
  '1. ',
  '23) ',
  '1986.',
  '\\',
  '\\\\',
  '[',
  ']',
  '](',
  '[a](b)',
  '![',
  '!',
  '<',
  '<br>',
  '<b>',
  '&',
  '&amp;',
  '&#65;',
  '|',
  ':',
  '"',
  '“',
  '”',
  '—',
  '…',
  "'",
  '’',
  '(',
  ')',
  '$',
  '^',
  ' ',
  '  ',
  '\t',
  '\u00a0',
  '\u3000',
  '\u2028',
  '\n',
  '\r',
  '🙂',
  '👩‍👩‍👧',
  'é',
  'e\u0301',
  '漢字',
  'а',
  '𝒳',
  'word',
  'a',
  'b',
  '0',
  'http://a.b/c',
  'a@b.c',
]
const text = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...SPICE) },
      fc.string({ unit: 'grapheme', maxLength: 5 }),
    ),
    {
      minLength: 1,
      maxLength: 6,
    },
  )
  .map((parts) => parts.join('').replace(/[^\P{Cc}\t\n\r]|\p{Noncharacter_Code_Point}/gu, '¤'))
  .filter((joined) => joined !== '')

const address = fc
  .tuple(
    fc.constantFrom('http://', 'https://', 'mailto:', 'HTTPS://'),
    fc.array(
      fc.constantFrom(
        'a',
        '/',
        '(',
        ')',
        '<',
        '>',
        '\\',
        ' ',
        '"',
        '&amp;',
        '&',
        '%20',
        'é',
        '*',
        '_',
        '#',
        ']',
      ),
      {
        maxLength: 6,
      },
    ),
  )
  .map(([scheme, rest]) => scheme + rest.join(''))
const link = fc
  .tuple(
    address,
    fc.option(fc.constantFrom('t', 'a "b"', 'c\\', '&lt;', ' x ', 'two\n\nlines'), { nil: null }),
  )
  .map(([href, title]) => marks.link.create({ href, title }))

const markSet = fc
  .tuple(
    fc.option(link, { freq: 6, nil: undefined }),
    ...([marks.bold, marks.italic, marks.strike] as const).map((type) =>
      fc.option(fc.constant(type.create()), { freq: 1, nil: undefined }),
    ),
  )
  .map((set) => set.filter((mark): mark is Mark => mark !== undefined))

const inline = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(text, markSet).map(([words, set]) => schema.text(words, set)) },
  { weight: 1, arbitrary: fc.constant(null).map(() => nodes.hardBreak.create()) },
)
const inlineContent = fc.array(inline, { maxLength: 6 })

const paragraph = inlineContent.map((content) => nodes.paragraph.create(null, content))
const heading = fc
  .tuple(fc.constantFrom(...HEADING_LEVELS), inlineContent)
  .map(([level, content]) => nodes.heading.create({ level }, content))
const rule = fc.constant(null).map(() => nodes.horizontalRule.create())

const { block } = fc.letrec<{ block: Node; blocks: Node[]; item: Node; items: Node[] }>((tie) => ({
  block: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 5, arbitrary: paragraph },
    { weight: 1, arbitrary: heading },
    { weight: 1, arbitrary: rule },
    { weight: 1, arbitrary: tie('blocks').map((content) => nodes.blockquote.create(null, content)) },
    { weight: 1, arbitrary: tie('items').map((content) => nodes.bulletList.create(null, content)) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom(1, 0, 9, 1986, 999_999_999), tie('items'))
        .map(([start, content]) => nodes.orderedList.create({ start }, content)),
    },
  ),
  blocks: fc.array(tie('block'), { minLength: 1, maxLength: 3 }),
  item: fc
    .tuple(paragraph, fc.array(tie('block'), { maxLength: 2 }))
    .map(([first, rest]) => nodes.listItem.create(null, [first, ...rest])),
  items: fc.array(tie('item'), { minLength: 1, maxLength: 3 }),
}))

/** Any document that the editor can hold. */
export const anyDocument: fc.Arbitrary<Node> = fc.array(block, { maxLength: 6 }).map(documentOf)

import type { Node } from '@tiptap/pm/model'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseMarkdown, plainText, serializeMarkdown } from './index.ts'
import { documentOf, MAX_DEPTH, schema } from './schema.ts'
import { anyDocument } from './testing/documents.ts'

const SEED = 20_261_123
const { nodes, marks } = schema

const paragraph = (...content: Node[]): Node => nodes.paragraph.create(null, content)
const text = (words: string, ...names: ('bold' | 'italic' | 'strike')[]): Node =>
  schema.text(
    words,
    names.map((name) => marks[name].create()),
  )
const shape = (markdown: string): string => parseMarkdown(markdown).toString()
const linksOf = (markdown: string): unknown[] => {
  const hrefs: unknown[] = []
  parseMarkdown(markdown).descendants((node) => {
    for (const mark of node.marks) if (mark.type === marks.link) hrefs.push(mark.attrs['href'])
  })
  return hrefs
}

describe('serializeMarkdown and parseMarkdown', () => {
  test(`any document survives both (seed ${SEED})`, () => {
    fc.assert(
      fc.property(anyDocument, (doc) => {
        doc.check()
        expect(parseMarkdown(serializeMarkdown(doc)).eq(doc)).toBe(true)
      }),
      { seed: SEED, numRuns: 2_000 },
    )
  })

  test(`reading any text gives a valid document that survives (seed ${SEED})`, () => {
    const line = fc.constantFrom(
      '# ',
      '> ',
      '- ',
      '1. ',
      '```',
      '    ',
      '\t',
      '* * *',
      '---',
      'a',
      '**b',
      '[c](d)',
      '<br>',
      '',
    )
    const markdown = fc.array(
      fc.array(line, { maxLength: 4 }).map((parts) => parts.join('')),
      { maxLength: 8 },
    )
    fc.assert(
      fc.property(markdown, (lines) => {
        const doc = parseMarkdown(lines.join('\n'))
        doc.check()
        expect(parseMarkdown(serializeMarkdown(doc)).eq(doc)).toBe(true)
      }),
      { seed: SEED, numRuns: 1_000 },
    )
  })

  test('an empty document is an empty text', () => {
    const empty = documentOf([])
    expect(serializeMarkdown(empty)).toBe('')
    expect(parseMarkdown('').eq(empty)).toBe(true)
    expect(parseMarkdown(' \n\t\n').eq(empty)).toBe(true)
    expect(serializeMarkdown(documentOf([nodes.heading.create({ level: 2 })]))).toBe('##')
  })

  test('empty paragraphs and breaks at an end are <br>', () => {
    expect(serializeMarkdown(documentOf([paragraph(), paragraph()]))).toBe('<br>\n\n<br>')
    expect(serializeMarkdown(documentOf([paragraph(text('a'), nodes.hardBreak.create())]))).toBe('a<br>')
  })

  test('prose that needs no escape is written as it is', () => {
    const prose = 'A “gentleman”, said Mrs. Medley—meditatively… (with 3.5 voices!) & more: half-hour.'
    expect(serializeMarkdown(parseMarkdown(prose))).toBe(prose)
    const marked = 'Thank *you*, **sir**, ***no*** ~~more~~ [here](https://example.com/?a=1&b=2 "T").'
    expect(serializeMarkdown(parseMarkdown(marked))).toBe(marked)
    const blocks = '> a\\\n> b\n\n* * *\n\n- one\n- two\n\n3. three\n4. four\n\n### deep'
    expect(serializeMarkdown(parseMarkdown(blocks))).toBe(blocks)
  })

  test('marks that touch, at spaces, beside words and within words survive', () => {
    const cases = [
      [text('a', 'bold'), text('b', 'italic'), text('c', 'bold')],
      [text('a', 'bold'), text('b', 'bold', 'italic'), text('c', 'italic')],
      [text('word'), text('“q”', 'italic'), text('word')],
      [text('a '), text(' b ', 'bold'), text(' c')],
      [text('in'), text('fix', 'bold', 'strike'), text('ed')],
      [text('*', 'italic'), text('_', 'bold'), text('~~', 'strike')],
    ]
    for (const content of cases) {
      const doc = documentOf([paragraph(...content)])
      expect(parseMarkdown(serializeMarkdown(doc)).eq(doc)).toBe(true)
    }
  })
})

describe('parseMarkdown', () => {
  test('both hard breaks, and line ends of any system', () => {
    const expected = 'doc(blockquote(paragraph("one", hardBreak, "two", hardBreak, "three four")))'
    expect(shape('> one  \n> two\\\n> three\n> four')).toBe(expected)
    expect(shape('> one  \r\n> two\\\r\n> three\r\n> four')).toBe(expected)
    expect(shape('> one<br>\n> two<BR />three\n> four')).toBe(expected)
  })

  test.each(['* * *', '***', '---', '___'])('%s is a horizontal rule', (rule) => {
    expect(shape(`a\n\n${rule}\n\nb`)).toBe('doc(paragraph("a"), horizontalRule, paragraph("b"))')
  })

  test('HTML is text', () => {
    expect(plainText(parseMarkdown('<script>alert(1)</script>\n\na <b>bold</b> word'))).toBe(
      '<script>alert(1)</script>\na <b>bold</b> word',
    )
  })

  test('code is text and loses nothing', () => {
    expect(shape('```js now\nlet a  = 1\n\n## no heading\n```')).toBe(
      'doc(paragraph("js now", hardBreak, "let a  = 1", hardBreak, hardBreak, "## no heading"))',
    )
    expect(shape('    indented *prose*\n\nand `a_b` here')).toBe(
      'doc(paragraph("indented ", italic("prose")), paragraph("and `a_b` here"))',
    )
  })

  test('what looks like a definition keeps its words', () => {
    expect(plainText(parseMarkdown('[note]: words "and more"\n\nsee [note]'))).toBe(
      '[note]: words "and more"\nsee [note]',
    )
  })

  test('links are http, https or mailto, or only their words', () => {
    expect(linksOf('[a](http://x) [b](HTTPS://y/ä) <c@d.org>')).toEqual([
      'http://x',
      'HTTPS://y/ä',
      'mailto:c@d.org',
    ])
    for (const href of [
      'javascript:alert(1)',
      'JaVaScRiPt:x',
      'data:text/html,x',
      'file:///etc',
      'b.md',
      '//x',
      '',
      '#y',
    ]) {
      expect(linksOf(`some [*words*](<${href}>) here`)).toEqual([])
      expect(plainText(parseMarkdown(`some [*words*](<${href}>) here`))).toBe('some words here')
    }
    expect(linksOf('[a](<java&#10;script:x>) [b](<http://a&#10;b>)')).toEqual([])
  })

  test('a picture is its description, linked', () => {
    expect(linksOf('![a *hen*](https://x/hen.png)')).toEqual(['https://x/hen.png', 'https://x/hen.png'])
    expect(plainText(parseMarkdown('![a *hen*](hen.png) ![](other.png)'))).toBe('a hen other.png')
  })

  test('a list item always begins with a paragraph', () => {
    expect(shape('- # a\n- > b\n-\n- - c')).toBe(
      'doc(bulletList(listItem(paragraph, heading("a")), listItem(paragraph, blockquote(paragraph("b"))), ' +
        'listItem(paragraph), listItem(paragraph, bulletList(listItem(paragraph("c"))))))',
    )
  })

  test('headings deeper than the schema’s are its deepest', () => {
    const levels = parseMarkdown('# a\n\n## b\n\n### c\n\n#### d\n\n###### e').children.map(
      ({ attrs }) => attrs['level'],
    )
    expect(levels).toEqual([1, 2, 3, 3, 3])
  })

  test('nesting without end ends, and keeps its words', () => {
    for (const marker of ['> ', '- ', '1. ']) {
      const doc = parseMarkdown(`${marker.repeat(MAX_DEPTH * 3)}the end`)
      doc.check()
      expect(plainText(doc)).toContain('the end')
      expect(parseMarkdown(serializeMarkdown(doc)).eq(doc)).toBe(true)
    }
  })
})

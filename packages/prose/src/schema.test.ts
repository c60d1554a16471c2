import { expect, test } from 'vitest'
import { documentOf, isEmptyDocument, SCHEMA_VERSION, schema } from './schema.ts'

/**
 * What version 1 is. A change here needs a new version: editors of the old one delete what they do not know.
 */
const VERSION_1 = {
  nodes: {
    paragraph: { group: 'block', content: 'inline*' },
    blockquote: { group: 'block', content: 'block+', defining: true },
    bulletList: { group: 'block list', content: 'listItem+' },
    doc: { content: 'block+' },
    hardBreak: { group: 'inline', inline: true, selectable: false, linebreakReplacement: true },
    heading: { group: 'block', content: 'inline*', defining: true, attrs: { level: { default: 1 } } },
    horizontalRule: { group: 'block' },
    listItem: { content: 'paragraph block*', defining: true },
    orderedList: {
      group: 'block list',
      content: 'listItem+',
      attrs: { start: { default: 1 }, type: { default: null } },
    },
    text: { group: 'inline' },
  },
  marks: {
    link: {
      inclusive: true,
      attrs: {
        href: { default: null },
        target: { default: '_blank' },
        rel: { default: 'noopener noreferrer nofollow' },
        class: { default: null },
        title: { default: null },
      },
    },
    bold: {},
    italic: {},
    strike: {},
  },
}

test('the schema is what its version says', () => {
  const specs = (types: Readonly<Record<string, { readonly spec: unknown }>>) =>
    Object.fromEntries(Object.entries(types).map(([name, { spec }]) => [name, spec]))
  expect({ nodes: specs(schema.nodes), marks: specs(schema.marks) }).toEqual(VERSION_1)
  expect(Object.keys(schema.marks)).toEqual(Object.keys(VERSION_1.marks))
  expect(SCHEMA_VERSION).toBe(1)
})

test('an empty document is one empty paragraph', () => {
  const empty = documentOf([])
  empty.check()
  expect(empty.toString()).toBe('doc(paragraph)')
  expect(isEmptyDocument(empty)).toBe(true)
  expect(isEmptyDocument(documentOf([schema.nodes.heading.create()]))).toBe(false)
  expect(isEmptyDocument(documentOf([schema.nodes.paragraph.create(null, schema.text(' '))]))).toBe(false)
})

import { type Node, Schema } from '@tiptap/pm/model'

/**
 * The version of the text's schema, kept in every document's `meta`. It grows with every change of the
 * nodes or marks below: an editor of an older version would delete what it does not know.
 */
export const SCHEMA_VERSION = 1

/** Headings within a scene; beats and scenes have titles of their own. */
export const HEADING_LEVELS = [1, 2, 3] as const

/**
 * How deep quotes and lists may stand in one another; a list counts twice, once for its item.
 * Deeper ones are read as their content alone: no stack overflows on a text made to overflow it.
 */
export const MAX_DEPTH = 64

/**
 * Nodes and marks by the names, content and attributes of Tiptap 3.34's StarterKit with `codeBlock`, `code`
 * and `underline` switched off and headings of the levels above, so that an editor made of it has an equal
 * schema. The order of the marks is their rank. How they look in HTML is the editor's affair.
 */
export const schema = new Schema({
  topNode: 'doc',
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
})

/** A document of these blocks; of none, one with a single empty paragraph. */
export const documentOf = (blocks: readonly Node[]): Node =>
  schema.nodes.doc.create(null, blocks.length > 0 ? blocks : [schema.nodes.paragraph.create()])

/** Whether a document is what a new scene holds: one empty paragraph. */
export const isEmptyDocument = (doc: Node): boolean =>
  doc.childCount === 1 && doc.firstChild?.type === schema.nodes.paragraph && doc.firstChild.content.size === 0

import { schema } from '@storyweave/prose'
import { getSchema } from '@tiptap/core'
import type { MarkType, NodeType, Schema } from '@tiptap/pm/model'
import { expect, test } from 'vitest'
import { proseSchema } from './prose-extensions.ts'

const attributes = (type: NodeType | MarkType) =>
  Object.fromEntries(
    Object.entries(type.spec.attrs ?? {}).map(([name, attr]) => [
      name,
      'default' in attr ? [attr.default] : [],
    ]),
  )

/** What decides which documents are valid and how they are edited; how they look in HTML is each side's own. */
const nodeRules = ({ spec, ...type }: NodeType) => ({
  content: spec.content ?? '',
  group: spec.group ?? '',
  inline: type.name === 'text' || (spec.inline ?? false),
  atom: spec.atom ?? false,
  marks: spec.marks,
  selectable: type.name === 'text' || spec.selectable !== false,
  defining: spec.defining ?? false,
  isolating: spec.isolating ?? false,
  code: spec.code ?? false,
  linebreakReplacement: spec.linebreakReplacement ?? false,
})

const markRules = ({ spec }: MarkType) => ({
  inclusive: spec.inclusive ?? true,
  excludes: spec.excludes,
  group: spec.group ?? '',
  spanning: spec.spanning ?? true,
})

const describe = (of: Schema) => ({
  top: of.topNodeType.name,
  nodes: Object.fromEntries(
    Object.values(of.nodes).map((type) => [type.name, { ...nodeRules(type), attrs: attributes(type) }]),
  ),
  marks: Object.values(of.marks).map((type) => ({
    name: type.name,
    ...markRules(type),
    attrs: attributes(type),
  })),
})

test('the editor’s schema equals the server’s: nodes, marks in their rank, attributes and defaults', () => {
  expect(describe(getSchema(proseSchema))).toEqual(describe(schema))
})

test('the first block of a document made from nothing is a paragraph on both sides', () => {
  const made = (of: Schema) => of.topNodeType.createAndFill()?.toJSON()
  expect(made(getSchema(proseSchema))).toEqual(made(schema))
})

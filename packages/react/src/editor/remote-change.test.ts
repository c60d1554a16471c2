import { schema } from '@storyweave/prose'
import type { Node } from '@tiptap/pm/model'
import { EditorState, TextSelection } from '@tiptap/pm/state'
import { expect, test } from 'vitest'
import { asSmallChange } from './remote-change.ts'

type Block = string | { readonly of: 'heading' | 'quote' | 'list'; readonly texts: readonly string[] }

const line = (text: string) => schema.node('paragraph', null, text === '' ? [] : [schema.text(text)])
const page = (...blocks: readonly Block[]): Node => schema.node('doc', null, blocks.map(block))

function block(content: Block): Node {
  if (typeof content === 'string') return line(content)
  const { of, texts } = content
  if (of === 'heading') return schema.node('heading', { level: 2 }, [schema.text(texts.join(' ') || '?')])
  if (of === 'quote') return schema.node('blockquote', null, texts.map(line))
  return schema.node(
    'bulletList',
    null,
    texts.map((text) => schema.node('listItem', null, [line(text)])),
  )
}

const at = (before: Node, caret: number) =>
  EditorState.create({ doc: before, selection: TextSelection.near(before.resolve(caret)) })

/** The change of others from one document to another, as the binding makes it. */
function change(before: EditorState, after: Node, placeOf: (end: 'anchor' | 'head') => number | null) {
  const whole = before.tr.replaceWith(0, before.doc.content.size, after.content)
  return asSmallChange({ state: before, whole, moved: undefined, placeOf })
}
const unknown = () => null

test('a letter elsewhere is one letter: everything else keeps its nodes, and the caret its place', () => {
  const before = page('', 'One.', 'Two.', '')
  const small = change(at(before, 15), page('', 'One!.', 'Two.', ''), unknown)
  expect(small.steps).toHaveLength(1)
  expect(small.doc.child(0)).toBe(before.child(0))
  expect(small.doc.child(2)).toBe(before.child(2))
  expect(small.selection.head).toBe(16)
})

test('an empty paragraph above does not take the caret out of the one it stands in', () => {
  const small = change(at(page('One.', 'Two.', ''), 13), page('One.', '', 'Two.', ''), unknown)
  expect(small.selection.head).toBe(15)
})

test('the caret stands where the shared document has it, before letters that mapping would jump over', () => {
  const before = at(page('aa'), 2)
  expect(change(before, page('axa'), () => 2).selection.head).toBe(2)
  expect(change(before, page('axa'), unknown).selection.head).toBe(3)
})

test('a format chosen for the next letter is kept', () => {
  const before = at(page('One.', 'Two.'), 11)
  const bold = before.apply(before.tr.addStoredMark(schema.mark('bold')))
  expect(change(bold, page('One!', 'Two.'), unknown).storedMarks).toEqual([schema.mark('bold')])
})

test('any document becomes any other', () => {
  const random = numbersFrom(7)
  const texts = ['', 'a', 'aa', 'aab', 'baa', 'One.', 'One. Two.']
  const pick = <Thing>(things: readonly Thing[]): Thing => things[random(things.length)] as Thing
  const some = () => [...Array(1 + random(3))].map(() => pick(texts))
  const anyBlock = (): Block =>
    pick([() => pick(texts), () => ({ of: pick(['heading', 'quote', 'list'] as const), texts: some() })])()
  const anyPage = () => [...Array(1 + random(5))].map(anyBlock)
  for (let round = 0; round < 400; round++) {
    const from = anyPage()
    // Mostly the same, as a change is.
    const to = from.flatMap((same) => (random(3) > 0 ? [same] : pick([[], [anyBlock()], [same, anyBlock()]])))
    const [before, after] = [page(...from), page(...(to.length > 0 ? to : ['']))]
    const small = change(at(before, 1), after, unknown)
    expect(small.doc.toJSON()).toEqual(after.toJSON())
    small.doc.check()
  }
})

/** Numbers below a limit, the same ones at each run. */
function numbersFrom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((state / 2_147_483_648) * below)
  }
}

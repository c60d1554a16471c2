// @vitest-environment happy-dom
import { Editor } from '@tiptap/core'
import { afterEach, expect, test } from 'vitest'
import { Awareness } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { Collaboration } from './collaboration.ts'
import { proseExtensions } from './prose-extensions.ts'

/** Ann's editor on a document, and Ben's copy of it, which changes what the server would carry over. */
function annAndBen(...paragraphs: string[]) {
  const [anns, bens] = [new Y.Doc(), new Y.Doc()]
  const texts = paragraphs.map((words) => {
    const paragraph = new Y.XmlElement('paragraph')
    paragraph.insert(0, [new Y.XmlText(words)])
    return paragraph
  })
  bens.getXmlFragment('prose').insert(0, texts)
  Y.applyUpdate(anns, Y.encodeStateAsUpdate(bens))
  const fragment = anns.getXmlFragment('prose')
  const element = document.createElement('div')
  const awareness = new Awareness(anns)
  const ann = new Editor({
    element,
    injectCSS: false,
    extensions: [...proseExtensions, Collaboration.configure({ fragment, awareness })],
  })
  /** Ben has what Ann wrote, writes at the end of this block's first text, and Ann hears it. */
  const benWrites = (block: number, words: string) => {
    Y.applyUpdate(bens, Y.encodeStateAsUpdate(anns))
    let type: unknown = bens.getXmlFragment('prose').get(block)
    while (type instanceof Y.XmlElement) type = type.get(0)
    if (!(type instanceof Y.XmlText)) throw new Error(`There is no text in block ${block}.`)
    type.insert(type.length, words)
    Y.applyUpdate(anns, Y.encodeStateAsUpdate(bens))
  }
  ended = () => {
    ann.destroy()
    awareness.destroy()
  }
  return { ann, benWrites, undo: () => ann.commands.keyboardShortcut('Mod-z') }
}

let ended = () => {}
afterEach(() => ended())

test.each([
  ['heading', (ann: Editor) => ann.commands.setNode('heading', { level: 2 })],
  ['quote', (ann: Editor) => ann.commands.wrapIn('blockquote')],
  ['list', (ann: Editor) => ann.commands.wrapIn('bulletList')],
])('undo of a %s that I made leaves the words that another has written in it', (_, make) => {
  const { ann, benWrites, undo } = annAndBen('Dawn', 'Noon')
  ann.commands.setTextSelection(2)
  expect(make(ann)).toBe(true)
  benWrites(0, ' over Oran')
  undo()
  expect(ann.getText()).toContain(' over Oran')
  expect(ann.getText()).toContain('Noon')
})

test('undo of a heading that I made, and nobody wrote in, is the paragraph again', () => {
  const { ann, undo } = annAndBen('Dawn')
  ann.commands.setTextSelection(2)
  ann.commands.setNode('heading', { level: 2 })
  undo()
  expect(ann.getHTML()).toBe('<p>Dawn</p>')
})

// @vitest-environment happy-dom
import { Editor } from '@tiptap/core'
import { Document } from '@tiptap/extension-document'
import { Paragraph } from '@tiptap/extension-paragraph'
import { Text } from '@tiptap/extension-text'
import { expect, test } from 'vitest'
import { addressAlone, addressJustTyped, Link } from './link.ts'

test('an address that was just typed is a link, without what ends its sentence', () => {
  expect(addressJustTyped('See https://example.org/a?b=1. ')).toBe('https://example.org/a?b=1')
  expect(addressJustTyped('(http://example.org) ')).toBeUndefined()
  expect(addressJustTyped('See http://example.org) ')).toBe('http://example.org')
  expect(addressJustTyped('See https://example.org')).toBeUndefined()
  expect(addressJustTyped('javascript:alert(1) ')).toBeUndefined()
})

test('an address that was just typed without its scheme is a link where it can be nothing else', () => {
  for (const address of [
    'example.org',
    'Example.org',
    'example.org/',
    'example.org/path?a=1',
    'my-site.example.com',
    'www.example.museum',
    'www.spiegel.de/a',
    'example.de/path',
    'bbc.co.uk',
  ]) {
    expect(addressJustTyped(`See ${address}, `), address).toBe(address)
  }
  expect(addressJustTyped('It is example.org. ')).toBe('example.org')
})

test('a space that was forgotten after a full stop makes no link', () => {
  for (const words of [
    'the end.The',
    'the end.the',
    'la fin.de',
    'it ended.Or/and',
    'yes.No/maybe',
    'notes.md',
    'i.e.',
    'www.',
    '3.50',
    '…com',
    'mara@example.org',
    'example.organ',
    'example.org.The',
    'example.ORG',
    'either.and/or',
  ]) {
    expect(addressJustTyped(`${words} `), words).toBeUndefined()
  }
})

const LINKED = { text: 'example.org/a', marks: [{ type: 'link', attrs: { href: 'https://example.org/a' } }] }

function editorWith(content: string): Editor {
  const editor = new Editor({ extensions: [Document, Paragraph, Text, Link], content })
  editor.commands.focus('end')
  return editor
}

test('a typed address leads over https where it says nothing else, and stands as it was typed', () => {
  const editor = editorWith('<p>See example.org/a</p>')
  const { from, to } = editor.state.selection
  const isTaken = editor.view.someProp('handleTextInput', (handle) =>
    handle(editor.view, from, to, ' ', () => editor.state.tr),
  )
  expect(isTaken).toBe(true)
  expect(editor.getJSON().content?.[0]?.content).toMatchObject([{ text: 'See ' }, LINKED, { text: ' ' }])
  editor.commands.undoInputRule()
  expect(editor.getJSON().content?.[0]?.content).toMatchObject([{ text: 'See example.org/a ' }])
  editor.destroy()
})

test('an address that a line ends with is a link, and Enter begins the next line all the same', () => {
  const editor = editorWith('<p>See example.org/a</p>')
  editor.view.someProp('handleKeyDown', (handle) =>
    handle(editor.view, new KeyboardEvent('keydown', { key: 'Enter' })),
  )
  expect(editor.getJSON().content).toMatchObject([
    { type: 'paragraph', content: [{ text: 'See ' }, LINKED] },
    { type: 'paragraph' },
  ])
  editor.destroy()
})

test('an address that leads somewhere else stays as it was made', () => {
  const editor = editorWith('<p><a href="https://example.com/b">example.org/a</a></p>')
  const { from, to } = editor.state.selection
  editor.view.someProp('handleTextInput', (handle) =>
    handle(editor.view, from, to, ' ', () => editor.state.tr),
  )
  expect(JSON.stringify(editor.getJSON())).not.toContain('https://example.org/a')
  editor.destroy()
})

test('an address that was copied alone makes a link of the selected words', () => {
  expect(addressAlone(' https://example.org/a \n')).toBe('https://example.org/a')
  expect(addressAlone('https://example.org and more')).toBeUndefined()
  expect(addressAlone('Nothing')).toBeUndefined()
})

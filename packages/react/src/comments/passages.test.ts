// @vitest-environment happy-dom
import type { StoryRoomSnapshot } from '@storyweave/client'
import { readAnchor } from '@storyweave/prose'
import type { Comment } from '@storyweave/protocol'
import { Editor } from '@tiptap/core'
import { undo } from '@tiptap/y-tiptap'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Awareness } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { Collaboration } from '../editor/collaboration.ts'
import { proseExtensions } from '../editor/prose-extensions.ts'
import { commentFocusOf } from './focus.ts'
import { keepPassages } from './passage-keeper.ts'
import { commentOnSelection, Passages, threadAt } from './passages.ts'

const KEY = 'abcdefghijkl'
const SCENE = 10
const stops: (() => void)[] = []

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  for (const stop of stops.splice(0).reverse()) stop()
  vi.useRealTimers()
})

type Threads = StoryRoomSnapshot['threads']

class Room {
  #snapshot = { threads: { state: 'ready', threads: [], outgoing: [] } as Threads } as StoryRoomSnapshot
  readonly #listeners = new Set<() => void>()
  readonly getSnapshot = () => this.#snapshot
  readonly openThreads = () => Promise.resolve()
  readonly subscribe = (listener: () => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  tell(...firsts: readonly Comment[]): void {
    const threads = { state: 'ready', threads: firsts.map((first) => ({ first, replies: [] })), outgoing: [] }
    this.#snapshot = { ...this.#snapshot, threads: threads as Threads }
    for (const listener of this.#listeners) listener()
  }
}

/** Two windows at one scene, which have the same text at every moment. */
function pair(...paragraphs: readonly string[]) {
  const docs = [new Y.Doc(), new Y.Doc()] as const
  const [one, other] = docs
  const follow = (from: Y.Doc, to: Y.Doc) =>
    from.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== to) Y.applyUpdate(to, update, from)
    })
  follow(one, other)
  follow(other, one)
  fragmentOf(one).push(
    paragraphs.map((words) => {
      const paragraph = new Y.XmlElement('paragraph')
      paragraph.insert(0, [new Y.XmlText(words)])
      return paragraph
    }),
  )
  return [openWindow(one), openWindow(other)] as const
}

const fragmentOf = (doc: Y.Doc) => doc.getXmlFragment(`scene/${KEY}`)

function openWindow(doc: Y.Doc) {
  const fragment = fragmentOf(doc)
  const element = document.body.appendChild(document.createElement('div'))
  const awareness = new Awareness(doc)
  const editor = new Editor({
    element,
    injectCSS: false,
    extensions: [...proseExtensions, Collaboration.configure({ fragment, awareness }), Passages],
  })
  const room = new Room()
  const went: unknown[] = []
  const said: string[] = []
  const toasts = { say: () => {}, complain: (words: string) => void said.push(words) }
  const keep = keepPassages(editor, {
    room,
    toasts,
    goTo: (place) => void went.push(place),
    strings: undefined,
    beatId: 1,
    sceneId: SCENE,
    sceneKey: KEY,
    fragment,
  })
  stops.push(() => {
    awareness.destroy()
    editor.destroy()
    keep()
    element.remove()
  })
  const focus = commentFocusOf(room)
  const marks = () => [...editor.view.dom.querySelectorAll('mark')].map(({ textContent }) => textContent)
  return { doc, editor, room, focus, went, said, marks }
}

type Window = ReturnType<typeof openWindow>

/** Where the words stand in the editor's text. */
function rangeOf({ editor }: Window, words: string) {
  const { doc } = editor.state
  let from = -1
  doc.descendants((node, at) => {
    const index = node.text?.indexOf(words) ?? -1
    if (index >= 0 && from < 0) from = at + index
  })
  return { from, to: from + words.length }
}

/** A thread on these words as the server tells of it. */
function threadOn(window: Window, id: number, words: string): Comment {
  window.editor.commands.setTextSelection(rangeOf(window, words))
  commentOnSelection(window.editor)
  const { draft } = window.focus.getSnapshot()
  window.focus.endDraft(true)
  if (draft?.anchor === undefined) throw new Error('That is no passage.')
  const read = readAnchor(window.doc, KEY, draft.anchor.start, draft.anchor.end)
  if (read === undefined) throw new Error('The server reads nothing there.')
  const { quote, ...anchor } = read
  return { id, scene_id: SCENE, anchor, quote, detached: false, resolved: false } as Comment
}

const type = ({ editor }: Window, at: number, words: string) => editor.commands.insertContentAt(at, words)

test('a passage stays with its words while both write before it, beside it and in it', () => {
  const [anns, beas] = pair('First.', 'Gulls circle the wreck.')
  const thread = threadOn(anns, 1, 'Gulls')
  for (const { room } of [anns, beas]) room.tell(thread)
  expect([anns.marks(), beas.marks()]).toEqual([['Gulls'], ['Gulls']])
  type(anns, 1, 'The ')
  type(beas, 1, 'Now: ')
  expect([anns.marks(), beas.marks()]).toEqual([['Gulls'], ['Gulls']])
  const { from, to } = rangeOf(beas, 'Gulls')
  type(beas, to, '!')
  type(anns, from, 'Pale ')
  expect([anns.marks(), beas.marks()]).toEqual([['Gulls'], ['Gulls']])
  type(beas, rangeOf(beas, 'Gulls').from + 1, 'x')
  expect([anns.marks(), beas.marks()]).toEqual([['Gxulls'], ['Gxulls']])
})

test('the first word of a scene is a passage like any other', () => {
  const [anns, beas] = pair('Gulls circle.')
  const thread = threadOn(anns, 1, 'Gulls')
  beas.room.tell(thread)
  expect(beas.marks()).toEqual(['Gulls'])
  type(anns, 1, 'Pale ')
  expect(beas.marks()).toEqual(['Gulls'])
})

test('words that are deleted are marked no more, and again when they are back', () => {
  const [anns, beas] = pair('Gulls circle the wreck.')
  const thread = threadOn(anns, 1, 'circle')
  for (const { room } of [anns, beas]) room.tell(thread)
  beas.editor.commands.deleteRange(rangeOf(beas, 'circle'))
  expect([anns.marks(), beas.marks()]).toEqual([[], []])
  undo(beas.editor.state)
  expect(beas.marks()).toEqual(['circle'])
  // In the other window other letters stand there by now: they are found by what they say.
  vi.advanceTimersByTime(500)
  expect(anns.marks()).toEqual(['circle'])
})

test('a detached thread is shown only where its very words stand', () => {
  const [anns] = pair('Gulls circle the wreck.')
  const thread = threadOn(anns, 1, 'circle')
  anns.room.tell({ ...thread, detached: true, quote: 'something else' })
  expect(anns.marks()).toEqual([])
  anns.room.tell({ ...thread, detached: true })
  expect(anns.marks()).toEqual(['circle'])
})

test('open threads are marked, and the one that somebody is at, strongly, also when it is resolved', () => {
  const [anns] = pair('Gulls circle the wreck.')
  const open = threadOn(anns, 1, 'Gulls')
  const resolved = { ...threadOn(anns, 2, 'wreck'), resolved: true }
  anns.room.tell(open, resolved)
  expect(anns.marks()).toEqual(['Gulls'])
  anns.focus.activate(2, 'text')
  expect(anns.marks()).toEqual(['Gulls', 'wreck'])
  expect(anns.editor.view.dom.querySelector('.sw-mark-strong')?.textContent).toBe('wreck')
  expect(anns.focus.getSnapshot().order.get(SCENE)).toEqual([1, 2])
})

test('of passages one in another the shorter one is meant', () => {
  const [anns] = pair('Gulls circle the wreck.')
  anns.room.tell(threadOn(anns, 1, 'Gulls circle the wreck'), threadOn(anns, 2, 'circle'))
  const { from } = rangeOf(anns, 'circle')
  expect(threadAt(anns.editor.state, from + 1)).toBe(2)
  expect(threadAt(anns.editor.state, 2)).toBe(1)
})

test('the shortcut: on a passage to its thread, with nothing selected on the scene, with too much a word about it', () => {
  const [anns] = pair('Gulls circle.', `${'word '.repeat(250)}`)
  anns.room.tell(threadOn(anns, 1, 'Gulls'))
  anns.editor.commands.setTextSelection(2)
  commentOnSelection(anns.editor)
  expect(anns.focus.getSnapshot().active).toEqual({ id: 1, from: 'text', withKeyboard: true })
  expect(anns.went).toEqual([{ beatId: 1, threadId: 1 }])
  anns.editor.commands.setTextSelection(rangeOf(anns, 'circle').from)
  commentOnSelection(anns.editor)
  expect(anns.focus.getSnapshot().draft).toMatchObject({ sceneId: SCENE, anchor: undefined })
  anns.editor.commands.selectAll()
  commentOnSelection(anns.editor)
  expect(anns.said).toHaveLength(1)
})

test('an anchor is made of the selected words without the space around them', () => {
  const [anns] = pair('Gulls circle the wreck.')
  anns.editor.commands.setTextSelection({ from: 6, to: 14 })
  commentOnSelection(anns.editor)
  const { draft } = anns.focus.getSnapshot()
  expect(draft?.quote).toBe('circle')
  const { anchor } = draft ?? {}
  expect(anchor && readAnchor(anns.doc, KEY, anchor.start, anchor.end)?.quote).toBe('circle')
})

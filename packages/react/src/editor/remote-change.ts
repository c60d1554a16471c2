import type { Node } from '@tiptap/pm/model'
import { type EditorState, TextSelection, type Transaction } from '@tiptap/pm/state'
import { ReplaceStep } from '@tiptap/pm/transform'

export interface RemoteChange {
  readonly state: EditorState
  /** The change as the binding makes it. */
  readonly whole: Transaction
  /** Where the caret is now, if the editor's state does not know it yet. */
  readonly moved: TextSelection | undefined
  /** Where an end of the state's selection stands in the new text by the shared document; null where it can't say. */
  readonly placeOf: (end: 'anchor' | 'head') => number | null
}

/**
 * The binding writes every change of others as a new document in place of the old one, and then looks for the place
 * of the caret by comparing words: a paragraph that says the same elsewhere is taken for the writer's own, and what
 * they type next lands there. This is the same change as one step as small as can be, with the caret where the shared
 * document has it; text that did not change keeps its nodes, and so its place on the screen.
 */
export function asSmallChange({ state, whole, moved, placeOf }: RemoteChange): Transaction {
  const small = state.tr
  if (moved !== undefined) small.setSelection(moved)
  addSmallestStep(small, whole.doc)
  if (moved === undefined && state.selection instanceof TextSelection) placeCaret(small, placeOf)
  // Chosen for the next letter, which somebody else's letter is not.
  if (state.storedMarks !== null && moved === undefined) small.setStoredMarks(state.storedMarks)
  return whole.scrolledIntoView ? small.scrollIntoView() : small
}

function placeCaret(change: Transaction, placeOf: RemoteChange['placeOf']): void {
  const { doc, selection } = change
  const anchor = placeOf('anchor') ?? selection.anchor
  const head = placeOf('head') ?? selection.head
  change.setSelection(TextSelection.between(doc.resolve(anchor), doc.resolve(head)))
}

function addSmallestStep(change: Transaction, next: Node): void {
  const { content } = change.doc
  const start = content.findDiffStart(next.content)
  const ends = content.findDiffEnd(next.content)
  if (start === null || ends === null) return
  // Where letters repeat, what is the same from behind reaches over what is the same from the front.
  const overlap = Math.max(0, start - Math.min(ends.a, ends.b))
  const [to, nextTo] = [ends.a + overlap, ends.b + overlap]
  change.step(new ReplaceStep(start, to, next.slice(start, nextTo)))
}

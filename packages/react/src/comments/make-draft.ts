import { makeAnchor } from '@storyweave/client'
import { QUOTE_CHARS } from '@storyweave/prose'
import type { NewAnchor } from '@storyweave/protocol'
import type { EditorState } from '@tiptap/pm/state'
import { absolutePositionToRelativePosition, ySyncPluginKey } from '@tiptap/y-tiptap'
import {
  createAbsolutePositionFromRelativePosition,
  createRelativePositionFromTypeIndex,
  type Doc,
  type RelativePosition,
  type XmlFragment,
  XmlText,
} from 'yjs'

export type Selected =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'too_long' }
  | { readonly kind: 'passage'; readonly anchor: NewAnchor; readonly quote: string }

/** The selected words as a passage that can be commented on. */
export function selectedPassage(state: EditorState, fragment: XmlFragment, sceneKey: string): Selected {
  const { from, to } = withoutSpace(state)
  // Tags count as letters here: this only spares reading a whole book.
  if (to - from > 2 * QUOTE_CHARS) return { kind: 'too_long' }
  const quote = state.doc.textBetween(from, to, '\n', '\n')
  if (quote.trim() === '') return { kind: 'nothing' }
  if (quote.length > QUOTE_CHARS) return { kind: 'too_long' }
  const anchor = anchorOf(state, { from, to }, fragment.doc, sceneKey)
  return anchor === undefined ? { kind: 'nothing' } : { kind: 'passage', anchor, quote }
}

/** Choosing a word with a double click takes the space behind it along. */
function withoutSpace({ doc, selection }: EditorState): { from: number; to: number } {
  const { $from, $to, from, to } = selection
  if (!$from.sameParent($to) || !$from.parent.inlineContent) return { from, to }
  const text = doc.textBetween(from, to, undefined, '\n')
  if (text.trim() === '' || text.length !== to - from) return { from, to }
  return { from: to - text.trimStart().length, to: from + text.trimEnd().length }
}

function anchorOf(
  state: EditorState,
  { from, to }: { readonly from: number; readonly to: number },
  doc: Doc | null,
  sceneKey: string,
): NewAnchor | undefined {
  const sync = ySyncPluginKey.getState(state)
  if (doc === null || !sync?.binding) return undefined
  const [start, end] = [from, to].map(
    (at): RelativePosition => absolutePositionToRelativePosition(at, sync.type, sync.binding.mapping),
  )
  return start && end && makeAnchor(doc, sceneKey, beforeLetter(start, doc), end)
}

/** Held by the letter behind it: what others type right before the passage until the server has it stays outside. */
function beforeLetter(position: RelativePosition, doc: Doc): RelativePosition {
  const place = createAbsolutePositionFromRelativePosition(position, doc)
  return place?.type instanceof XmlText
    ? createRelativePositionFromTypeIndex(place.type, place.index, 0)
    : position
}

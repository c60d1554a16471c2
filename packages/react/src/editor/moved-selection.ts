import { TextSelection } from '@tiptap/pm/state'
import type { EditorView } from '@tiptap/pm/view'

/**
 * Where the caret is on the screen, if it is not where the editor's state has it: a browser tells of a caret that was
 * moved by a key or the mouse only a moment later, and a change of others in that moment would put it back.
 */
export function movedSelection(view: EditorView): TextSelection | undefined {
  const { state } = view
  if (view.composing || !view.hasFocus() || !(state.selection instanceof TextSelection)) return undefined
  const { anchorNode, anchorOffset, focusNode, focusOffset } =
    view.dom.ownerDocument.getSelection() ?? NOWHERE
  if (!isInText(view, anchorNode) || !isInText(view, focusNode)) return undefined
  const anchor = view.posAtDOM(anchorNode, anchorOffset)
  const head = view.posAtDOM(focusNode, focusOffset)
  if (anchor === state.selection.anchor && head === state.selection.head) return undefined
  const [$anchor, $head] = [state.doc.resolve(anchor), state.doc.resolve(head)]
  const isText = $anchor.parent.inlineContent && $head.parent.inlineContent
  return isText ? new TextSelection($anchor, $head) : undefined
}

const NOWHERE = { anchorNode: null, anchorOffset: 0, focusNode: null, focusOffset: 0 }

const isInText = (view: EditorView, node: Node | null): node is Node =>
  node !== null && view.dom.contains(node)

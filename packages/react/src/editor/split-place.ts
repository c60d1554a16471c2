import type { Editor } from '@tiptap/core'

/**
 * How many of a scene's blocks stay before the caret: the block it is in goes with what comes after, save where the
 * caret is at its end. Undefined where one of the two halves would be empty.
 */
export function splitPlace(editor: Editor): number | undefined {
  const { doc, selection } = editor.state
  const { $from } = selection
  const isAtEnd = $from.depth > 0 && $from.parentOffset > 0 && $from.pos === $from.end($from.depth)
  const at = $from.index(0) + (isAtEnd ? 1 : 0)
  return at > 0 && at < doc.childCount ? at : undefined
}

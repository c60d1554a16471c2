import type { Editor } from '@tiptap/core'
import { absolutePositionToRelativePosition, ySyncPluginKey } from '@tiptap/y-tiptap'
import { encodeRelativePosition } from 'yjs'

/** Where the caret is, as a relative position of Yjs in base64: it stays true while others type. */
export function caretPosition(editor: Editor): string | undefined {
  const sync = ySyncPluginKey.getState(editor.state)
  if (!sync?.binding) return undefined
  const relative = absolutePositionToRelativePosition(
    editor.state.selection.head,
    sync.type,
    sync.binding.mapping,
  )
  return btoa(String.fromCharCode(...encodeRelativePosition(relative)))
}

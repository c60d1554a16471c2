import type { Editor } from '@tiptap/core'
import { useCallback, useSyncExternalStore } from 'react'

/** A string made from the editor's state, told anew when it is another one; '' without an editor. */
export function useEditorState(editor: Editor | undefined, read: (editor: Editor) => string): string {
  const subscribe = useCallback(
    (listener: () => void) => {
      editor?.on('transaction', listener)
      return () => {
        editor?.off('transaction', listener)
      }
    },
    [editor],
  )
  const now = () => (editor === undefined || editor.isDestroyed ? '' : read(editor))
  return useSyncExternalStore(subscribe, now, now)
}

import { Editor } from '@tiptap/core'
import { useEffect, useState } from 'react'
import type { Awareness } from 'y-protocols/awareness'
import type { XmlFragment } from 'yjs'
import { Passages } from '../comments/passages.ts'
import { useEvent } from '../hooks/use-event.ts'
import { caretPosition } from './caret-position.ts'
import { Collaboration } from './collaboration.ts'
import { proseExtensions } from './prose-extensions.ts'

export interface SceneEditorOptions {
  readonly fragment: XmlFragment
  readonly awareness: Awareness
  readonly editable: boolean
  /** The editor's name for assistive technology. */
  readonly label: string
  readonly onFocus: (editor: Editor) => void
  /** The caret moved to `position`, a relative position in base64. */
  readonly onCaret: (position: string) => void
  /** Alt+F10, by which editors let one reach their toolbar. */
  readonly onToolbarKey: () => void
}

/**
 * An editor in `host`, made anew for another fragment. It is mounted by hand: Tiptap's own React wrapper adds a
 * plugin afterwards, which makes every plugin's view anew and thereby destroys the undo history.
 */
export function useSceneEditor(host: HTMLElement | null, options: SceneEditorOptions): Editor | undefined {
  const { fragment, awareness, editable, label } = options
  const [editor, setEditor] = useState<Editor>()
  const focused = useEvent(options.onFocus)
  const moved = useEvent((editor: Editor) => {
    const position = editor.isFocused ? caretPosition(editor) : undefined
    if (position !== undefined) options.onCaret(position)
  })
  const toolbarKey = useEvent(options.onToolbarKey)

  useEffect(() => {
    if (host === null) return
    const made = new Editor({
      element: host,
      editable: false,
      injectCSS: false,
      extensions: [...proseExtensions, Collaboration.configure({ fragment, awareness }), Passages],
      editorProps: {
        handleKeyDown: (_view, event) => {
          if (isToolbarKey(event)) toolbarKey()
          return isToolbarKey(event)
        },
      },
      onFocus: ({ editor }) => focused(editor),
      onSelectionUpdate: ({ editor }) => moved(editor),
    })
    setEditor(made)
    return () => {
      setEditor(undefined)
      made.destroy()
    }
  }, [host, fragment, awareness, focused, moved, toolbarKey])

  useEffect(() => {
    if (editor === undefined) return
    const attributes = {
      class: 'sw-prose',
      'aria-label': label,
      'aria-multiline': 'true',
      'aria-readonly': String(!editable),
      // What can't be written in can be read, and commented on, by keyboard too.
      ...(!editable && { tabindex: '0' }),
    }
    editor.setOptions({ editable, editorProps: { ...editor.options.editorProps, attributes } })
  }, [editor, label, editable])

  return editor
}

const isToolbarKey = (event: KeyboardEvent) => event.altKey && event.key === 'F10'

import { Toolbar } from '@base-ui/react/toolbar'
import { type Editor, isMacOS } from '@tiptap/core'
import { Link as LinkIcon, MessageSquareText } from 'lucide-react'
import { type Ref, useState } from 'react'
import { commentOnSelection } from '../comments/passages.ts'
import { useStrings } from '../provider/strings.ts'
import { FORMATS, type Format } from './formats.ts'
import { LinkDialog } from './link-dialog.tsx'
import { editorStrings } from './strings.ts'
import { useEditorState } from './use-editor-state.ts'

interface EditorToolbarProps {
  /** Undefined until one of the scenes was in focus. */
  readonly editor: Editor | undefined
  readonly innerRef: Ref<HTMLDivElement>
}

/** The formats of the text at the caret. One stop for Tab, arrow keys within; Alt+F10 leads here from the text. */
export function EditorToolbar({ editor, innerRef }: EditorToolbarProps) {
  const words = useStrings('editor', editorStrings)
  const [linking, setLinking] = useState(false)
  const usable = editor !== undefined && !editor.isDestroyed
  const active = useEditorState(editor, activeNames).split(' ')
  const on = (name: string) => active.includes(name)
  return (
    <>
      <Toolbar.Root
        ref={innerRef}
        className="sw-toolbar"
        aria-label={words.toolbar}
        disabled={!usable}
        onKeyDown={(event) => {
          if (event.key === 'Escape') editor?.commands.focus()
        }}
      >
        {FORMATS.map((format) => (
          <FormatButton key={format.name} format={format} editor={editor} on={on(format.name)} />
        ))}
        <Toolbar.Button
          className="sw-icon-button"
          aria-label={words.link}
          title={words.link}
          aria-pressed={on('link')}
          onMouseDown={keepFocus}
          onClick={() => setLinking(true)}
        >
          <LinkIcon aria-hidden size={16} />
        </Toolbar.Button>
        <Toolbar.Button
          className="sw-icon-button"
          aria-label={words.comment}
          title={words.withKeys(words.comment, keyNames('Mod+Alt+M'))}
          onMouseDown={keepFocus}
          onClick={() => editor && commentOnSelection(editor)}
        >
          <MessageSquareText aria-hidden size={16} />
        </Toolbar.Button>
      </Toolbar.Root>
      {usable && <LinkDialog editor={editor} open={linking} onOpenChange={setLinking} />}
    </>
  )
}

interface FormatButtonProps {
  readonly format: Format
  readonly editor: Editor | undefined
  readonly on: boolean
}

function FormatButton({ format, editor, on }: FormatButtonProps) {
  const words = useStrings('editor', editorStrings)
  const label = words.format(format.name)
  const title = format.keys === undefined ? label : words.withKeys(label, keyNames(format.keys))
  return (
    <Toolbar.Button
      className="sw-icon-button"
      aria-label={label}
      title={title}
      aria-pressed={format.toggles ? on : undefined}
      onMouseDown={keepFocus}
      onClick={() => editor && format.run(editor)}
    >
      <format.Icon aria-hidden size={16} />
    </Toolbar.Button>
  )
}

/** A press on the toolbar must not take the caret out of the text. */
const keepFocus = (event: { preventDefault(): void }) => event.preventDefault()

const keyNames = (keys: string) => keys.replace('Mod', isMacOS() ? '⌘' : 'Ctrl')

const activeNames = (editor: Editor): string =>
  [
    ...FORMATS.filter((format) => format.isActive(editor)).map(({ name }) => name),
    editor.isActive('link') && 'link',
  ]
    .filter(Boolean)
    .join(' ')

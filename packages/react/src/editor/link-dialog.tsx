import type { Editor } from '@tiptap/core'
import { useState } from 'react'
import { useStrings } from '../provider/strings.ts'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/field.tsx'
import { formTexts } from '../ui/form-texts.ts'
import { Modal } from '../ui/modal.tsx'
import { hrefOf } from './href.ts'
import { editorStrings } from './strings.ts'

interface LinkDialogProps {
  readonly editor: Editor
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
}

export function LinkDialog({ editor, open, onOpenChange }: LinkDialogProps) {
  const words = useStrings('editor', editorStrings)
  return (
    <Modal open={open} onOpenChange={onOpenChange} title={words.link}>
      <LinkForm editor={editor} onDone={() => onOpenChange(false)} />
    </Modal>
  )
}

function LinkForm({ editor, onDone }: { readonly editor: Editor; readonly onDone: () => void }) {
  const words = useStrings('editor', editorStrings)
  const [error, setError] = useState<string>()
  const href: unknown = editor.getAttributes('link')['href']
  const put = (address: string) => {
    const link = hrefOf(address)
    if (link === undefined) {
      setError(words.noAddress)
      return
    }
    linkTo(editor, link, address.trim())
    onDone()
  }
  const remove = () => {
    editor.chain().focus().extendMarkRange('link').unsetLink().run()
    onDone()
  }
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        put(formTexts(event.currentTarget, 'address').address)
      }}
    >
      <TextField
        label={words.address}
        name="address"
        type="url"
        defaultValue={typeof href === 'string' ? href : ''}
        placeholder="https://"
        autoComplete="off"
        error={error}
      />
      <div className="sw-modal-actions">
        {typeof href === 'string' && (
          <Button variant="danger" onClick={remove}>
            {words.removeLink}
          </Button>
        )}
        <Button onClick={onDone}>{words.cancel}</Button>
        <Button type="submit" variant="primary">
          {words.link}
        </Button>
      </div>
    </form>
  )
}

/** Links the selection, the link around the caret, or, where there is neither, puts the address in as its own text. */
function linkTo(editor: Editor, href: string, shown: string): void {
  const chain = editor.chain().focus()
  if (editor.state.selection.empty && !editor.isActive('link')) {
    chain.insertContent({ type: 'text', text: shown, marks: [{ type: 'link', attrs: { href } }] }).run()
  } else {
    chain.extendMarkRange('link').setLink({ href }).run()
  }
}

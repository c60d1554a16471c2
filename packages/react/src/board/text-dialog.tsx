import { LIMITS } from '@storyweave/protocol'
import type { ReactNode } from 'react'
import { useStrings } from '../provider/strings.ts'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/field.tsx'
import { formTexts } from '../ui/form-texts.ts'
import { Modal } from '../ui/modal.tsx'
import { boardStrings } from './strings.ts'

export interface TextDialogProps {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
  readonly title: string
  readonly label: string
  readonly hint?: ReactNode
  readonly action: string
  readonly value?: string
  readonly required?: boolean
  /** The text without spaces around it; not called where it is as it was. */
  readonly onDone: (text: string) => void
}

/** Asks for one line. */
export function TextDialog(props: TextDialogProps) {
  const { open, onOpenChange, title, label, hint, action, value = '', required = false, onDone } = props
  const words = useStrings('board', boardStrings)
  return (
    <Modal open={open} onOpenChange={onOpenChange} title={title}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          const { text } = formTexts(event.currentTarget, 'text')
          onOpenChange(false)
          if (text.trim() !== value) onDone(text.trim())
        }}
      >
        <TextField
          label={label}
          hint={hint}
          name="text"
          defaultValue={value}
          maxLength={LIMITS.titleChars}
          pattern={required ? '.*\\S.*' : undefined}
          required={required}
          autoComplete="off"
        />
        <div className="sw-modal-actions">
          <Button onClick={() => onOpenChange(false)}>{words.cancel}</Button>
          <Button type="submit" variant="primary">
            {action}
          </Button>
        </div>
      </form>
    </Modal>
  )
}

import { LIMITS } from '@storyweave/protocol'
import { Button, formTexts, Modal, TextField } from '@storyweave/react/ui'

interface RenameDialogProps {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
  readonly title: string
  readonly onRename: (title: string) => void
}

export function RenameDialog({ open, onOpenChange, title, onRename }: RenameDialogProps) {
  return (
    <Modal open={open} onOpenChange={onOpenChange} title="Rename beat">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          const next = formTexts(event.currentTarget, 'title').title.trim()
          onOpenChange(false)
          if (next !== title) onRename(next)
        }}
      >
        <TextField
          label="Title"
          name="title"
          defaultValue={title}
          maxLength={LIMITS.titleChars}
          autoComplete="off"
        />
        <div className="sw-modal-actions">
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button type="submit" variant="primary">
            Rename
          </Button>
        </div>
      </form>
    </Modal>
  )
}

import { Button, explain, Modal, Notice, Waiting } from '@storyweave/react/ui'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

export interface BinThing {
  readonly id: number
  readonly title: string
  /** ISO 8601: since when it lies here. */
  readonly updated_at: string
}

interface BinDialogProps {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
  /** What lies in it, in one word: `beats`. */
  readonly what: string
  readonly name: string
  readonly load: () => Promise<readonly BinThing[]>
  readonly restore: (id: number) => Promise<unknown>
}

const DAY = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'long' })

/** What was deleted within 30 days, and the way back. */
export default function BinDialog({ open, onOpenChange, what, name, load, restore }: BinDialogProps) {
  const client = useQueryClient()
  const queryKey = ['bin', name]
  const things = useQuery({ queryKey, queryFn: load, enabled: open, staleTime: 0 })
  const restoring = useMutation({
    mutationFn: restore,
    onSuccess: () => client.invalidateQueries({ queryKey }),
  })
  const error = things.error ?? restoring.error
  return (
    <Modal
      open={open}
      onOpenChange={onOpenChange}
      title={`Deleted ${what}`}
      description="They are kept for 30 days."
    >
      {error !== null && (
        <Notice tone="bad" urgent>
          {explain(error)}
        </Notice>
      )}
      {things.isPending && <Waiting what="Looking…" />}
      {things.data?.length === 0 && <p className="bin-empty">There is nothing here.</p>}
      <ul className="bin">
        {things.data?.map(({ id, title, updated_at }) => (
          <li key={id}>
            <span className="bin-title">{title.trim() || 'Untitled'}</span>
            <span className="bin-when">{DAY.format(new Date(updated_at))}</span>
            <Button
              busy={restoring.isPending && restoring.variables === id}
              onClick={() => restoring.mutate(id)}
            >
              Restore
            </Button>
          </li>
        ))}
      </ul>
      <div className="sw-modal-actions">
        <Button onClick={() => onOpenChange(false)}>Close</Button>
      </div>
    </Modal>
  )
}

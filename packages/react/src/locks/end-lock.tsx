import { useState } from 'react'
import { useCan } from '../hooks/room.ts'
import { useAction } from '../hooks/use-action.ts'
import { useStrings } from '../provider/strings.ts'
import { Button } from '../ui/button.tsx'
import { Modal } from '../ui/modal.tsx'
import { lockStrings } from './strings.ts'

interface EndLockProps {
  /** Whose lock it is. */
  readonly name: string
  readonly onEnd: () => Promise<void>
}

/** The story's owner may end anybody's lock, and is asked before. */
export function EndLock({ name, onEnd }: EndLockProps) {
  const words = useStrings('locks', lockStrings)
  const may = useCan('override_lock')
  const [isAsking, setAsking] = useState(false)
  const { busy, run } = useAction(async () => {
    await onEnd()
    setAsking(false)
  })
  if (!may) return null
  return (
    <>
      <Button variant="danger" onClick={() => setAsking(true)}>
        {words.override}
      </Button>
      <Modal
        open={isAsking}
        onOpenChange={setAsking}
        title={words.overrideTitle(name)}
        description={words.overrideWords(name)}
      >
        <div className="sw-modal-actions">
          <Button onClick={() => setAsking(false)}>{words.overrideNot}</Button>
          <Button variant="danger" busy={busy} onClick={() => run()}>
            {words.overrideDo}
          </Button>
        </div>
      </Modal>
    </>
  )
}

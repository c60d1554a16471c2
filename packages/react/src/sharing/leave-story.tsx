import { useState } from 'react'
import { useAction } from '../hooks/use-action.ts'
import { useRoom } from '../provider/room.ts'
import { useStrings } from '../provider/strings.ts'
import { useWeave } from '../provider/weave.ts'
import { Button } from '../ui/button.tsx'
import { Confirm } from './confirm.tsx'
import { sharingStrings } from './strings.ts'

interface LeaveStoryProps {
  /** Mine. */
  readonly userId: number
  readonly onLeft: (() => void) | undefined
}

export function LeaveStory({ userId, onLeft }: LeaveStoryProps) {
  const words = useStrings('sharing', sharingStrings)
  const { storyId } = useRoom()
  const { rest } = useWeave()
  const [asking, setAsking] = useState(false)
  const leave = useAction(async () => {
    await rest.permissions.remove(storyId, userId)
    onLeft?.()
  })
  if (!asking) {
    return (
      <Button variant="danger" className="sw-share-leave" onClick={() => setAsking(true)}>
        {words.leave}
      </Button>
    )
  }
  return (
    <Confirm
      question={words.leaveQuestion}
      yes={words.leaveYes}
      no={words.stay}
      busy={leave.busy}
      onYes={leave.run}
      onNo={() => setAsking(false)}
    />
  )
}

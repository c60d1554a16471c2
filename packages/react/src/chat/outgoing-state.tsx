import { faultOf, type OutgoingChat } from '@storyweave/client'
import { useExplain } from '../faults/use-explain.ts'
import { useStrings } from '../provider/strings.ts'
import { Button } from '../ui/button.tsx'
import { chatStrings } from './strings.ts'

interface OutgoingStateProps {
  readonly outgoing: OutgoingChat
  readonly offline: boolean
  readonly onRetry: ((clientId: string) => void) | undefined
  readonly onDiscard: ((clientId: string) => void) | undefined
}

/** What becomes of a message that the server does not have yet. */
export function OutgoingState({ outgoing, offline, onRetry, onDiscard }: OutgoingStateProps) {
  const words = useStrings('chat', chatStrings)
  const explain = useExplain()
  const { clientId, state, reason } = outgoing
  if (state === 'pending') {
    return (
      <p className="sw-chat-state" data-state={offline ? 'waiting' : 'sending'}>
        {offline ? words.waiting : words.sending}
      </p>
    )
  }
  return (
    <div className="sw-chat-state" data-state="failed">
      <p role="alert">
        {words.notSent} {reason && explain(faultOf(reason))}
      </p>
      {onRetry !== undefined && <Button onClick={() => onRetry(clientId)}>{words.tryAgain}</Button>}
      {onDiscard !== undefined && <Button onClick={() => onDiscard(clientId)}>{words.discard}</Button>}
    </div>
  )
}

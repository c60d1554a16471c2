import { faultOf, type OutgoingComment } from '@storyweave/client'
import { personColor } from '@storyweave/protocol'
import { RoomMessageText } from '../compose/room-message-text.tsx'
import { useExplain } from '../faults/use-explain.ts'
import { useSelf } from '../hooks/room.ts'
import { useRoom } from '../provider/room.ts'
import { useStrings } from '../provider/strings.ts'
import { useWeave } from '../provider/weave.ts'
import { Button } from '../ui/button.tsx'
import { Face } from '../ui/face.tsx'
import { commentStrings } from './strings.ts'

/** A comment of mine that the server does not have: on its way, or refused, with what can be done about it. */
export function UnsentComment({ outgoing }: { readonly outgoing: OutgoingComment }) {
  const room = useRoom()
  const { me } = useWeave()
  const myId = useSelf()?.user_id
  const words = useStrings('comments', commentStrings)
  const explain = useExplain()
  const { clientId, comment, state, reason } = outgoing
  return (
    <div className="sw-comment" data-state={state}>
      <Face name={me?.name ?? words.you} color={personColor(myId ?? 1)} />
      <div>
        <p className="sw-comment-head">
          <b>{me?.name ?? words.you}</b> <span>{state === 'pending' ? words.pending : ''}</span>
        </p>
        <RoomMessageText text={comment.content} />
        {state === 'failed' && (
          <p className="sw-comment-failed" role="alert">
            {reason && explain(faultOf(reason))}
            <span>
              <Button onClick={() => room.retryMessage(clientId)}>{words.retry}</Button>
              <Button onClick={() => room.discardMessage(clientId)}>{words.discard}</Button>
            </span>
          </p>
        )}
      </div>
    </div>
  )
}

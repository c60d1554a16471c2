import { type ComponentProps, forwardRef } from 'react'
import { useBeats, useSelf } from '../hooks/room.ts'
import { useMembers } from '../people/use-members.ts'
import { useRoomView } from '../provider/room.ts'
import { MessageText } from './message-text.tsx'

export type RoomMessageTextProps = Pick<ComponentProps<'div'>, 'className' | 'id'> & {
  readonly text: string
  readonly mentions?: readonly number[]
  readonly beats?: readonly number[]
}

/** A message's words among the people and beats of the room. */
export const RoomMessageText = forwardRef<HTMLDivElement, RoomMessageTextProps>(
  function RoomMessageText(props, ref) {
    const { goTo, hrefOf } = useRoomView()
    const { members } = useMembers()
    const me = useSelf()
    return (
      <MessageText
        {...props}
        ref={ref}
        people={members}
        outline={useBeats()}
        {...(me && { currentUserId: me.user_id })}
        onGoTo={goTo}
        hrefOf={hrefOf}
      />
    )
  },
)

import { forwardRef } from 'react'
import { useBeats, useSelf } from '../hooks/room.ts'
import { useMembers } from '../people/use-members.ts'
import { Composer, type ComposerProps } from './composer.tsx'
import { useDraft } from './use-draft.ts'

export interface RoomComposerProps
  extends Omit<ComposerProps, 'people' | 'beats' | 'value' | 'onValueChange' | 'defaultValue'> {
  /** By this name the words are kept on this device until they are sent: `chat`, `thread.12`. */
  readonly draft: string
}

/** A composer that completes the people and beats of the room, and keeps what was begun. */
export const RoomComposer = forwardRef<HTMLTextAreaElement, RoomComposerProps>(function RoomComposer(
  { draft, ...props },
  ref,
) {
  const { members } = useMembers()
  const myId = useSelf()?.user_id
  const [text, setText] = useDraft(draft)
  return (
    <Composer
      {...props}
      ref={ref}
      people={members.filter(({ userId }) => userId !== myId)}
      beats={useBeats()}
      value={text}
      onValueChange={setText}
    />
  )
})

import { LIMITS } from '@storyweave/protocol'
import { forwardRef } from 'react'
import { RoomComposer, type RoomComposerProps } from '../compose/room-composer.tsx'

export type CommentComposerProps = Omit<RoomComposerProps, 'maxChars'>

/** A field for a comment: it completes people and beats, and keeps what was begun. */
export const CommentComposer = forwardRef<HTMLTextAreaElement, CommentComposerProps>(
  function CommentComposer(props, ref) {
    return <RoomComposer {...props} ref={ref} maxChars={LIMITS.commentChars} />
  },
)

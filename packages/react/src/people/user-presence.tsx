import type { PresentUser } from '@storyweave/protocol'
import { type ComponentProps, forwardRef, type MouseEvent } from 'react'
import { useStrings } from '../provider/strings.ts'
import { classNames } from '../ui/class-names.ts'
import { Face } from '../ui/face.tsx'
import { peopleStrings } from './strings.ts'

const MAX_FACES = 6

/** As much of somebody who is here as a face needs; what `useWebSocket` and `usePresence` give fits. */
export type ShownUser = Pick<PresentUser, 'user_id' | 'user_name'> &
  Partial<Pick<PresentUser, 'color' | 'idle' | 'beat_id'>>

export interface UserPresenceProps extends ComponentProps<'ul'> {
  readonly users: readonly ShownUser[]
  readonly currentUserId?: number
  /** More than these are told as a number. */
  readonly maxFaces?: number
  /** Where a face leads: to its person. Without it faces are pictures. */
  readonly onGoTo?: (user: ShownUser) => void
  /** Whose face leads on to following them: I have just been led to where they are. */
  readonly followNext?: number | undefined
  /** The same as an address. */
  readonly hrefOf?: (user: ShownUser) => string | undefined
}

/** Who is in the room, as faces; the others first, they are the news. */
export const UserPresence = forwardRef<HTMLUListElement, UserPresenceProps>(function UserPresence(
  { users, currentUserId, maxFaces = MAX_FACES, onGoTo, followNext, hrefOf, className, ...props },
  ref,
) {
  const words = useStrings('people', peopleStrings)
  const isMe = ({ user_id }: ShownUser) => user_id === currentUserId
  const people = [...users.filter((user) => !isMe(user)), ...users.filter(isMe)]
  const hidden = people.slice(maxFaces)
  return (
    <ul aria-label={words.here} {...props} ref={ref} className={classNames('sw-faces', className)}>
      {people.slice(0, maxFaces).map((user) => (
        <li key={user.user_id}>
          <PersonFace
            user={user}
            me={isMe(user)}
            onGoTo={onGoTo}
            follow={user.user_id === followNext}
            href={hrefOf?.(user)}
          />
        </li>
      ))}
      {hidden.length > 0 && (
        <li className="sw-faces-more" title={hidden.map((user) => user.user_name).join(', ')}>
          +{hidden.length}
        </li>
      )}
    </ul>
  )
})

interface PersonFaceProps {
  readonly user: ShownUser
  readonly me: boolean
  readonly onGoTo: ((user: ShownUser) => void) | undefined
  readonly follow: boolean
  readonly href: string | undefined
}

function PersonFace({ user, me, onGoTo, follow, href }: PersonFaceProps) {
  const words = useStrings('people', peopleStrings)
  const label = me ? words.you(user.user_name) : user.user_name
  const face = (
    <Face name={user.user_name} label={label} color={user.color ?? ''} idle={user.idle === true && !me} />
  )
  if (me || onGoTo === undefined || user.beat_id === null) return face
  const go = (event: MouseEvent) => {
    // A new tab or window is what the reader asked for.
    if (event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    onGoTo(user)
  }
  const aim = follow ? words.follow(user.user_name) : words.goTo(user.user_name)
  const props = { className: 'sw-face-link', 'aria-label': aim, onClick: go }
  return href === undefined ? (
    <button type="button" {...props}>
      {face}
    </button>
  ) : (
    <a href={href} {...props}>
      {face}
    </a>
  )
}

import type { PresentUser } from '@storyweave/protocol'
import { Link } from '@tanstack/react-router'
import { beatLink } from '../../app/link-to-story.ts'
import { Face } from '../../ui/face.tsx'
import { useRoomView } from './room-context.ts'

const MAX_FACES = 6

/** Who is in the room; a face leads to where its person is. */
export function PeopleHere() {
  const { users, myId, storyId } = useRoomView()
  // Me last: the others are the news.
  const people = [
    ...users.filter(({ user_id }) => user_id !== myId),
    ...users.filter(({ user_id }) => user_id === myId),
  ]
  const shown = people.slice(0, MAX_FACES)
  const more = people.length - shown.length
  return (
    <ul className="faces" aria-label="People here">
      {shown.map((user) => (
        <li key={user.user_id}>
          <PersonFace user={user} me={user.user_id === myId} storyId={storyId} />
        </li>
      ))}
      {more > 0 && (
        <li
          className="faces-more"
          title={people
            .slice(MAX_FACES)
            .map((user) => user.user_name)
            .join(', ')}
        >
          +{more}
        </li>
      )}
    </ul>
  )
}

interface PersonFaceProps {
  readonly user: PresentUser
  readonly me: boolean
  readonly storyId: number
}

function PersonFace({ user, me, storyId }: PersonFaceProps) {
  const label = me ? `${user.user_name} (you)` : user.user_name
  const face = <Face name={user.user_name} label={label} color={user.color} idle={user.idle && !me} />
  if (me || user.beat_id === null) return face
  return (
    <Link
      {...beatLink(storyId, user.beat_id)}
      className="face-link"
      aria-label={`Go to where ${user.user_name} is`}
    >
      {face}
    </Link>
  )
}

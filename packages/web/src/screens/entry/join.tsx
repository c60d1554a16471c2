import type { Door, Me } from '@storyweave/protocol'
import { Waiting } from '@storyweave/react/ui'
import { useQuery } from '@tanstack/react-query'
import { Link, Navigate } from '@tanstack/react-router'
import { useDoorToken } from '../../app/door-token.ts'
import { useSession } from '../../app/session.ts'
import { useTitle } from '../../app/use-title.ts'
import { EntryFrame } from './entry-frame.tsx'
import { JoinForm } from './join-form.tsx'
import { CutLink, ShutDoor } from './shut-door.tsx'
import { DOOR_ROLES, doorQuery } from './use-door.ts'

/** `/join#token`: a link that lets guests in, and people with an account as themselves. */
export function Join() {
  const token = useDoorToken('join')
  const { house, me } = useSession()
  const door = useQuery(doorQuery(token))
  useTitle(door.data === undefined ? 'A link to a story' : `Come into “${door.data.story_title}”`)
  if (token === '') return <CutLink />
  if (house === 'open' && me === null) return <Navigate to="/name" search={{ next: '/join' }} replace />
  if (door.isError) return <ShutDoor error={door.error} onAgain={() => void door.refetch()} />
  if (door.isPending) return <Waiting what="Looking where this leads…" />
  return <OpenDoor door={door.data} token={token} me={me} />
}

interface OpenDoorProps {
  readonly door: Door
  readonly token: string
  readonly me: Me | null
}

function OpenDoor({ door, token, me }: OpenDoorProps) {
  return (
    <EntryFrame title={`Come into “${door.story_title}”`} aside={me === null ? <OtherWay /> : undefined}>
      <p className="entry-words">
        {DOOR_ROLES[door.role]}{' '}
        {me === null
          ? 'No account is needed: a name is enough.'
          : `You come in as ${me.name}${me.guest ? ', a guest' : ''}.`}
      </p>
      <JoinForm token={token} me={me} needsPasscode={door.needs_passcode} />
    </EntryFrame>
  )
}

const OtherWay = () => (
  <>
    Have an account?{' '}
    <Link to="/sign-in" search={{ next: '/join' }}>
      Sign in
    </Link>
  </>
)

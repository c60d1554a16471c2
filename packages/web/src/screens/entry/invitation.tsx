import type { Door, Me } from '@storyweave/protocol'
import { Button, explain, Notice, Waiting } from '@storyweave/react/ui'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link, Navigate, useRouter } from '@tanstack/react-router'
import { api } from '../../app/api.ts'
import { forgetDoor, useDoorToken } from '../../app/door-token.ts'
import { storyLink } from '../../app/link-to-story.ts'
import { useSession } from '../../app/session.ts'
import { useTitle } from '../../app/use-title.ts'
import { EntryFrame } from './entry-frame.tsx'
import { CutLink, ShutDoor } from './shut-door.tsx'
import { DOOR_ROLES, doorQuery, isFault } from './use-door.ts'
import { useSignOut } from './use-sign-out.ts'

const HERE = '/invitation'

/** `/invitation#token`: where the letter of an invitation leads. */
export function Invitation() {
  const token = useDoorToken('invitation')
  const { house, me } = useSession()
  const door = useQuery(doorQuery(token))
  useTitle(door.data === undefined ? 'An invitation' : `You are invited to “${door.data.story_title}”`)
  if (token === '') return <CutLink />
  if (house === 'open' && me === null) return <Navigate to="/name" search={{ next: HERE }} replace />
  if (door.isError) return <ShutDoor error={door.error} onAgain={() => void door.refetch()} />
  if (door.isPending) return <Waiting what="Looking where this leads…" />
  return <Invited door={door.data} token={token} me={me} />
}

interface InvitedProps {
  readonly door: Door
  readonly token: string
  readonly me: Me | null
}

function Invited({ door, token, me }: InvitedProps) {
  return (
    <EntryFrame title={`You are invited to “${door.story_title}”`}>
      <p className="entry-words">
        {DOOR_ROLES[door.role]} {me === null && 'For that you need an account here.'}
        {me?.guest && 'You are here as a guest: the invitation is for people with an account.'}
      </p>
      {me === null && <Newcomer />}
      {me?.guest && <KeepName />}
      {me !== null && !me.guest && <Accept token={token} me={me} />}
    </EntryFrame>
  )
}

const Newcomer = () => (
  <div className="entry-choices">
    <Link to="/sign-up" search={{ next: HERE }} className="sw-button sw-button-primary entry-submit">
      Make an account
    </Link>
    <Link to="/sign-in" search={{ next: HERE }} className="sw-button sw-button-quiet">
      I have one: sign in
    </Link>
  </div>
)

const KeepName = () => (
  <Link to="/keep-name" search={{ next: HERE }} className="sw-button sw-button-primary entry-submit">
    Keep my name: make an account
  </Link>
)

function Accept({ token, me }: { readonly token: string; readonly me: Me }) {
  const router = useRouter()
  const signingOut = useSignOut(HERE)
  const accepting = useMutation({
    mutationFn: () => api.invitations.accept(token),
    onSuccess: async ({ story_id }) => {
      forgetDoor()
      await router.navigate({ ...storyLink(story_id), replace: true })
    },
  })
  const isForAnother = isFault(accepting.error, 'forbidden')
  return (
    <>
      {accepting.isError && (
        <Notice tone="bad" urgent>
          {explain(accepting.error)}
        </Notice>
      )}
      <div className="entry-choices">
        {!isForAnother && (
          <Button
            variant="primary"
            className="entry-submit"
            busy={accepting.isPending}
            onClick={() => accepting.mutate()}
          >
            Come in as {me.name}
          </Button>
        )}
        <Button
          variant={isForAnother ? 'primary' : 'quiet'}
          busy={signingOut.isPending}
          onClick={() => signingOut.mutate()}
        >
          Use another account
        </Button>
      </div>
    </>
  )
}

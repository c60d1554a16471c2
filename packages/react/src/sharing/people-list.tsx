import { type ComponentProps, forwardRef } from 'react'
import { useCan, useSelf } from '../hooks/room.ts'
import { useStrings } from '../provider/strings.ts'
import { classNames } from '../ui/class-names.ts'
import { Waiting } from '../ui/waiting.tsx'
import { InvitationRow } from './invitation-row.tsx'
import { PersonRow } from './person-row.tsx'
import { sharingStrings } from './strings.ts'
import type { useDoors } from './use-doors.ts'
import type { usePeople } from './use-people.ts'

interface PeopleListProps extends ComponentProps<'ul'> {
  readonly people: ReturnType<typeof usePeople>
  /** For owners: who is invited stands below who is in. */
  readonly doors?: ReturnType<typeof useDoors>
  readonly onChanged?: () => Promise<unknown>
}

/** Who is in the story with their roles. Owners change them. */
export const PeopleList = forwardRef<HTMLUListElement, PeopleListProps>(function PeopleList(
  { people, doors, onChanged = NOTHING, className, ...props },
  ref,
) {
  const words = useStrings('sharing', sharingStrings)
  const me = useSelf()
  const mayShare = useCan('share')
  if (people.answer === undefined) return people.error === undefined ? <Waiting what={words.loading} /> : null
  return (
    <ul aria-label={words.people} {...props} ref={ref} className={classNames('sw-people', className)}>
      {people.answer.map((person, index) => (
        <PersonRow
          key={person.user_id}
          person={person}
          me={person.user_id === me?.user_id}
          // The list begins with the owner of the story's project, whose role can't be taken away.
          changeable={mayShare && index > 0 && person.user_id !== me?.user_id}
          onChanged={onChanged}
        />
      ))}
      {doors?.answer?.invitations.map((invitation) => (
        <InvitationRow
          key={invitation.id}
          invitation={invitation}
          mails={doors.answer?.mails === true}
          onChanged={onChanged}
        />
      ))}
    </ul>
  )
})

const NOTHING = async () => undefined

import { type Permission, personColor, type Role } from '@storyweave/protocol'
import { X } from 'lucide-react'
import { useRef, useState } from 'react'
import { useAction } from '../hooks/use-action.ts'
import { useRoom } from '../provider/room.ts'
import { useStrings } from '../provider/strings.ts'
import { useWeave } from '../provider/weave.ts'
import { IconButton } from '../ui/button.tsx'
import { Face } from '../ui/face.tsx'
import { Confirm } from './confirm.tsx'
import { ALL_ROLES, GUEST_ROLES, RoleSelect, roleIn } from './role-select.tsx'
import { sharingStrings } from './strings.ts'

interface PersonRowProps {
  readonly person: Permission
  readonly me: boolean
  readonly changeable: boolean
  readonly onChanged: () => Promise<unknown>
}

export function PersonRow({ person, me, changeable, onChanged }: PersonRowProps) {
  const words = useStrings('sharing', sharingStrings)
  const [asking, setAsking] = useState(false)
  const name = person.user_name
  return (
    <li className="sw-person">
      <span aria-hidden>
        <Face name={name} color={personColor(person.user_id)} />
      </span>
      <span className="sw-person-who">
        <b>{me ? words.you(name) : name}</b>
        <small>{person.guest ? words.guestWords : person.email}</small>
      </span>
      {changeable ? (
        <>
          <RoleOf person={person} onChanged={onChanged} />
          <IconButton label={words.removePerson(name)} aria-expanded={asking} onClick={() => setAsking(true)}>
            <X aria-hidden size={16} />
          </IconButton>
        </>
      ) : (
        <span className="sw-person-role">{words.roles[person.role]}</span>
      )}
      {asking && <Removal person={person} onChanged={onChanged} onDone={() => setAsking(false)} />}
    </li>
  )
}

type OfPerson = Pick<PersonRowProps, 'person' | 'onChanged'>

/** Shows the new role at once, and the old one again where it was refused. */
function RoleOf({ person, onChanged }: OfPerson) {
  const words = useStrings('sharing', sharingStrings)
  const { storyId } = useRoom()
  const { rest } = useWeave()
  const [chosen, setChosen] = useState<Role>()
  const wanted = useRef<Role>(undefined)
  // Whoever chooses again while the first choice is under way gets what they chose last.
  const change = useAction(async () => {
    try {
      while (wanted.current !== undefined) {
        const role = wanted.current
        wanted.current = undefined
        await rest.permissions.update(storyId, person.user_id, role)
        await onChanged()
      }
    } finally {
      wanted.current = undefined
      setChosen(undefined)
    }
  })
  const roles: readonly Role[] = person.guest ? GUEST_ROLES : ALL_ROLES
  return (
    <RoleSelect
      aria-label={words.roleOf(person.user_name)}
      aria-busy={change.busy}
      roles={roles}
      value={chosen ?? person.role}
      onChange={(event) => {
        const role = roleIn(roles, event.target.value)
        if (role === undefined) return
        wanted.current = role
        setChosen(role)
        change.run()
      }}
    />
  )
}

function Removal({ person, onChanged, onDone }: OfPerson & { readonly onDone: () => void }) {
  const words = useStrings('sharing', sharingStrings)
  const { storyId } = useRoom()
  const { rest, toasts } = useWeave()
  const remove = useAction(async () => {
    await rest.permissions.remove(storyId, person.user_id)
    toasts.say(words.removed(person.user_name))
    await onChanged()
  })
  return (
    <Confirm
      question={words.removeQuestion(person.user_name)}
      yes={words.remove}
      no={words.keep}
      busy={remove.busy}
      onYes={remove.run}
      onNo={onDone}
    />
  )
}

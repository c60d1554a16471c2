import { type Permission, type PresentUser, personColor } from '@storyweave/protocol'
import { type ComponentProps, forwardRef, type MouseEvent } from 'react'
import { useExplain } from '../faults/use-explain.ts'
import { useBeats, useCan, usePresence, useSelf } from '../hooks/room.ts'
import { useRoomView } from '../provider/room.ts'
import { useStrings } from '../provider/strings.ts'
import { Button } from '../ui/button.tsx'
import { classNames } from '../ui/class-names.ts'
import { Face } from '../ui/face.tsx'
import { Notice } from '../ui/notice.tsx'
import { sharingStrings } from './strings.ts'
import { usePeople } from './use-people.ts'

export interface PeoplePanelProps extends ComponentProps<'div'> {
  /** Opens the share dialog; its button is for owners alone. */
  readonly onShare?: () => void
}

/** Who is in the story: those who are here, and where; then those who are not. */
export const PeoplePanel = forwardRef<HTMLDivElement, PeoplePanelProps>(function PeoplePanel(
  { onShare, className, ...props },
  ref,
) {
  const words = useStrings('sharing', sharingStrings)
  const explain = useExplain()
  const users = usePresence()
  const me = useSelf()
  const mayShare = useCan('share')
  const { answer, error, reload } = usePeople()
  const isHere = new Set(users.map(({ user_id }) => user_id))
  const away = answer?.filter(({ user_id }) => !isHere.has(user_id))
  // The others first, they are the news.
  const isMe = ({ user_id }: PresentUser) => user_id === me?.user_id
  const here = [...users.filter((user) => !isMe(user)), ...users.filter(isMe)]
  return (
    <div {...props} ref={ref} className={classNames('sw-people-panel', className)}>
      {here.length > 0 && (
        <section>
          <h3>{words.panelHere(here.length)}</h3>
          <ul>
            {here.map((user) => (
              <PersonHere key={user.user_id} user={user} me={isMe(user)} />
            ))}
          </ul>
        </section>
      )}
      {away !== undefined && away.length > 0 && (
        <section>
          <h3>{words.panelAway(away.length)}</h3>
          <ul>
            {away.map((person) => (
              <PersonAway key={person.user_id} person={person} />
            ))}
          </ul>
        </section>
      )}
      {away?.length === 0 && (
        <p className="sw-people-panel-note">{here.length > 1 ? words.everybodyHere : words.alone}</p>
      )}
      {error !== undefined && (
        <Notice tone="bad" action={<Button onClick={() => void reload()}>{words.tryAgain}</Button>}>
          {explain(error)}
        </Notice>
      )}
      {mayShare && onShare !== undefined && (
        <Button className="sw-share-more" onClick={onShare}>
          {words.share}
        </Button>
      )}
    </div>
  )
})

function PersonHere({ user, me }: { readonly user: PresentUser; readonly me: boolean }) {
  const words = useStrings('sharing', sharingStrings)
  const { goTo, hrefOf } = useRoomView()
  const where = usePlaceName(user)
  const beatId = user.beat_id
  const row = (
    <>
      <span aria-hidden>
        <Face name={user.user_name} color={user.color} idle={user.idle && !me} />
      </span>
      <span className="sw-person-who">
        <b>{me ? words.you(user.user_name) : user.user_name}</b>
        <small>
          {[user.guest && words.guest, where, user.idle && !me && words.idle].filter(Boolean).join(' · ')}
        </small>
      </span>
      <span className="sw-person-role">{words.roles[user.role]}</span>
    </>
  )
  if (me || beatId === null) return <li className="sw-person">{row}</li>
  const go = (event: MouseEvent) => {
    // A new tab or window is what the reader asked for.
    if (event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    goTo({ beatId })
  }
  return (
    <li>
      <a
        className="sw-person"
        href={hrefOf?.({ beatId }) ?? '#'}
        title={words.goTo(user.user_name)}
        onClick={go}
      >
        {row}
      </a>
    </li>
  )
}

/** Where somebody is, as words. */
function usePlaceName({ beat_id }: PresentUser): string {
  const words = useStrings('sharing', sharingStrings)
  const beat = useBeats().find(({ id }) => id === beat_id)
  if (beat === undefined) return words.elsewhere
  const title = beat.title.trim()
  return title === '' ? words.atUntitled(beat.beat_index + 1) : words.atBeat(title)
}

function PersonAway({ person }: { readonly person: Permission }) {
  const words = useStrings('sharing', sharingStrings)
  return (
    <li className="sw-person" data-away>
      <span aria-hidden>
        <Face name={person.user_name} color={personColor(person.user_id)} />
      </span>
      <span className="sw-person-who">
        <b>{person.user_name}</b>
        <small>{person.guest ? words.guest : person.email}</small>
      </span>
      <span className="sw-person-role">{words.roles[person.role]}</span>
    </li>
  )
}

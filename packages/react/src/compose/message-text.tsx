import { type ComponentProps, Fragment, forwardRef, type MouseEvent } from 'react'
import type { Place } from '../provider/room.ts'
import { useStrings } from '../provider/strings.ts'
import { classNames } from '../ui/class-names.ts'
import type { LinkableBeat, MentionablePerson } from './completion.ts'
import { type MessagePart, messageParts } from './message-parts.ts'
import { composeStrings } from './strings.ts'

export interface MessageTextProps extends Omit<ComponentProps<'div'>, 'children'> {
  readonly text: string
  /** Ids of the people it mentions, as the server read them. */
  readonly mentions?: readonly number[]
  /** Ids of the beats it names; if left out a number means the beat that has it now. */
  readonly beats?: readonly number[]
  /** By whose names mentions are found. */
  readonly people?: readonly MentionablePerson[]
  /** The story's beats as they are now. */
  readonly outline?: readonly LinkableBeat[]
  /** Whose mentions stand out. */
  readonly currentUserId?: number
  /** Where a beat's link leads. */
  readonly onGoTo?: (place: Place) => void
  /** The same as an address. */
  readonly hrefOf?: ((place: Place) => string) | undefined
}

/** A message's words, with the people it mentions marked, and with the beats it names and web addresses as links. */
export const MessageText = forwardRef<HTMLDivElement, MessageTextProps>(function MessageText(
  { text, mentions, beats, people = [], outline = [], currentUserId, onGoTo, hrefOf, className, ...props },
  ref,
) {
  const parts = messageParts(text, { ...(mentions && { mentions }), ...(beats && { beats }) }, people)
  const places = { outline, byNumber: beats === undefined, onGoTo, hrefOf }
  return (
    <div {...props} ref={ref} className={classNames('sw-message-text', className)}>
      {parts.map((part, index) => (
        // The words of a message stand where they stand.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <Fragment key={index}>
          <Part part={part} currentUserId={currentUserId} places={places} />
        </Fragment>
      ))}
    </div>
  )
})

interface Places {
  readonly outline: readonly LinkableBeat[]
  readonly byNumber: boolean
  readonly onGoTo: ((place: Place) => void) | undefined
  readonly hrefOf: ((place: Place) => string) | undefined
}

interface PartProps {
  readonly part: MessagePart
  readonly currentUserId: number | undefined
  readonly places: Places
}

function Part({ part, currentUserId, places }: PartProps) {
  switch (part.kind) {
    case 'text':
      return part.text
    case 'person': {
      const isMe = part.userIds.some((userId) => userId === currentUserId)
      return (
        <span className="sw-mention" data-me={isMe || undefined}>
          {part.text}
        </span>
      )
    }
    case 'link':
      return (
        <a href={part.href} target="_blank" rel="noopener noreferrer nofollow">
          {part.text}
        </a>
      )
    case 'beat':
      return <BeatLink text={part.text} beatId={part.beatId} places={places} />
  }
}

interface BeatLinkProps {
  readonly text: string
  readonly beatId: number | undefined
  readonly places: Places
}

/** With the beat's number and title as they are now: beats move, the link follows. */
function BeatLink({ text, beatId, places: { outline, byNumber, onGoTo, hrefOf } }: BeatLinkProps) {
  const words = useStrings('compose', composeStrings)
  const beat = outline.find(({ id, beat_index }) =>
    beatId === undefined ? byNumber && beat_index + 1 === Number(text.slice(1)) : id === beatId,
  )
  if (beat === undefined) return beatId === undefined ? text : <s title={words.deletedBeat}>{text}</s>
  const number = beat.beat_index + 1
  const shown = `#${number} ${beat.title.trim() || words.untitled}`
  const href = hrefOf?.({ beatId: beat.id })
  if (href === undefined && onGoTo === undefined) return <span className="sw-beat-link">{shown}</span>
  const go = (event: MouseEvent) => {
    // A new tab or window is what the reader asked for.
    if (event.ctrlKey || event.metaKey || event.shiftKey || onGoTo === undefined) return
    event.preventDefault()
    onGoTo({ beatId: beat.id })
  }
  return href === undefined ? (
    <button type="button" className="sw-beat-link" onClick={go}>
      {shown}
    </button>
  ) : (
    <a href={href} className="sw-beat-link" onClick={go}>
      {shown}
    </a>
  )
}

import { type BeatSummary, personColor } from '@storyweave/protocol'
import { Lock } from 'lucide-react'
import { type CSSProperties, type ReactNode, useMemo } from 'react'
import type { BeatCard } from '../cards/beat-cards.ts'
import { usePresence, useSelf } from '../hooks/room.ts'
import { useRoomState } from '../provider/room.ts'
import { useStrings } from '../provider/strings.ts'
import { classNames } from '../ui/class-names.ts'
import { Face } from '../ui/face.tsx'
import { personVariable } from '../ui/person.ts'
import { boardStrings } from './strings.ts'

const MAX_FACES = 4

export interface BoardCardProps {
  readonly beat: BeatSummary
  /** Undefined until it was read. */
  readonly card: BeatCard | undefined
  readonly comments: number
  readonly unread: boolean
  /** The title, as a link or as it is. */
  readonly children: ReactNode
  readonly menu?: ReactNode
}

/** A beat as a card on the board. */
export function BoardCard({ beat, card, comments, unread, children, menu }: BoardCardProps) {
  const words = useStrings('board', boardStrings)
  const lock = useCardLock(beat.id)
  return (
    <article
      className={classNames('sw-board-card', lock !== undefined && 'sw-board-locked')}
      style={lock && ({ '--c': lock.color } as CSSProperties)}
    >
      <header>
        <h3 className={classNames(beat.title.trim() === '' && 'sw-board-untitled')}>{children}</h3>
        {lock !== undefined && (
          <span className="sw-board-lock" role="img" aria-label={lock.words} title={lock.words}>
            <Lock aria-hidden size={13} />
          </span>
        )}
        {unread && <span className="sw-unread" role="img" aria-label={words.unread} title={words.unread} />}
        {menu}
      </header>
      {card !== undefined && <Fields card={card} />}
      <footer>
        <span>{words.words(card?.words ?? wordsOf(beat))}</span>
        {comments > 0 && <span className="sw-board-comments">{words.comments(comments)}</span>}
        <Faces beatId={beat.id} />
      </footer>
    </article>
  )
}

export const wordsOf = ({ scenes }: BeatSummary): number =>
  scenes.reduce((sum, { word_count }) => sum + word_count, 0)

function Fields({ card }: { readonly card: BeatCard }) {
  const words = useStrings('board', boardStrings)
  const filled = (['goal', 'conflict', 'outcome'] as const).filter((name) => card[name].trim() !== '')
  if (filled.length === 0) return null
  return (
    <dl>
      {filled.map((name) => (
        <div key={name}>
          <dt>{words[name]}</dt>
          <dd>{card[name]}</dd>
        </div>
      ))}
    </dl>
  )
}

function Faces({ beatId }: { readonly beatId: number }) {
  const users = usePresence()
  const me = useSelf()?.user_id
  const here = users.filter((user) => user.beat_id === beatId && user.user_id !== me)
  if (here.length === 0) return null
  return (
    <span className="sw-board-faces">
      {here.slice(0, MAX_FACES).map((user) => (
        <Face key={user.user_id} small name={user.user_name} color={user.color} idle={user.idle} />
      ))}
      {here.length > MAX_FACES && <span>+{here.length - MAX_FACES}</span>}
    </span>
  )
}

/** Whose lock it is, in words and in colour; undefined while the beat is free. */
export function useCardLock(
  beatId: number,
):
  | { readonly color: string; readonly words: string; readonly mine: boolean; readonly name: string }
  | undefined {
  const words = useStrings('board', boardStrings)
  const locks = useRoomState((room) => room.locks)
  const users = usePresence()
  const me = useSelf()?.user_id
  return useMemo(() => {
    const lock = locks.find(({ beat_id }) => beat_id === beatId)
    if (lock === undefined) return undefined
    const holder = users.find(({ user_id }) => user_id === lock.locked_by)
    const mine = lock.locked_by === me
    return {
      mine,
      name: lock.locked_by_name,
      color: personVariable(holder?.color ?? personColor(lock.locked_by)),
      words: mine ? words.lockedByMe : words.lockedBy(lock.locked_by_name),
    }
  }, [locks, users, me, beatId, words])
}

import { useDraggable } from '@dnd-kit/react'
import type { BeatSummary } from '@storyweave/protocol'
import { type KeyboardEvent, memo, useLayoutEffect, useRef } from 'react'
import type { Direction } from '../arrange/lanes.ts'
import { useStrings } from '../provider/strings.ts'
import { classNames } from '../ui/class-names.ts'
import { BoardCard, type BoardCardProps, useCardLock } from './board-card.tsx'
import { PlaceLink } from './place-link.tsx'
import { boardStrings } from './strings.ts'

const DIRECTIONS: Readonly<Record<string, Direction>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
}

export interface LaneCardProps extends Omit<BoardCardProps, 'children'> {
  /** Off the board: by the pointer it is elsewhere, by the keys it stands where it would be put down. */
  readonly lifted: 'keys' | 'pointer' | undefined
  /** May be moved by who is here, as far as their role goes. */
  readonly movable: boolean
  /** Where the words stand that say how to move cards. */
  readonly describedBy: string
  readonly keys: CardKeys
}

/** What keys on a card do. */
export interface CardKeys {
  readonly lift: (id: number) => void
  readonly refuse: (holder: string) => void
  readonly step: (direction: Direction) => void
  readonly drop: () => void
  readonly cancel: () => void
  /** To the card beside. */
  readonly go: (id: number, direction: Direction) => void
}

/** A card in its lane: opened by Enter or a click, lifted by Space or the pointer. */
export const LaneCard = memo(function LaneCard(props: LaneCardProps) {
  const { beat, lifted, movable, describedBy, keys, ...card } = props
  const lock = useCardLock(beat.id)
  const isHeld = lock !== undefined && !lock.mine
  const { ref } = useDraggable({ id: beat.id, disabled: !movable || isHeld })
  const link = useRef<HTMLAnchorElement>(null)
  useLayoutEffect(() => {
    // In another lane it is another element.
    if (lifted === 'keys' && document.activeElement !== link.current) link.current?.focus()
  })
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (
      handleKey(
        event.key,
        { id: beat.id, isLifted: lifted === 'keys', movable, holder: isHeld ? lock.name : undefined },
        keys,
      )
    )
      event.preventDefault()
  }
  return (
    <li
      ref={ref}
      hidden={lifted === 'pointer'}
      data-beat={lifted === 'pointer' ? undefined : beat.id}
      data-lifted={lifted === 'keys' || undefined}
      className={classNames('sw-board-place', movable && !isHeld && 'sw-board-movable')}
    >
      <BoardCard {...card} beat={beat}>
        <PlaceLink
          ref={link}
          place={{ beatId: beat.id }}
          className="sw-board-link"
          aria-describedby={describedBy}
          onKeyDown={onKeyDown}
        >
          <CardTitle beat={beat} />
        </PlaceLink>
      </BoardCard>
    </li>
  )
})

export function CardTitle({ beat }: { readonly beat: BeatSummary }) {
  const words = useStrings('board', boardStrings)
  return beat.title.trim() || words.untitled
}

interface KeyTarget {
  readonly id: number
  readonly isLifted: boolean
  readonly movable: boolean
  /** Who keeps it from being moved. */
  readonly holder: string | undefined
}

/** Whether the key meant something here. */
function handleKey(key: string, { id, isLifted, movable, holder }: KeyTarget, keys: CardKeys): boolean {
  const direction = DIRECTIONS[key]
  if (direction !== undefined) {
    if (isLifted) keys.step(direction)
    else keys.go(id, direction)
    return true
  }
  if (isLifted) {
    if (key === ' ' || key === 'Enter') keys.drop()
    else if (key === 'Escape') keys.cancel()
    else return false
    return true
  }
  if (key !== ' ' || !movable) return false
  if (holder === undefined) keys.lift(id)
  else keys.refuse(holder)
  return true
}

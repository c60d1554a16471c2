import type { Beat, BeatSummary } from '@storyweave/protocol'
import { type ComponentProps, forwardRef, useEffect, useId, useLayoutEffect, useMemo, useRef } from 'react'
import { lanesOf, laneWithout, placeOf, stepPlace } from '../arrange/lanes.ts'
import { useArrangement } from '../arrange/use-arrangement.ts'
import { useBeatCards } from '../cards/use-beat-cards.ts'
import { useUnreadBeats } from '../cards/use-unread-beats.ts'
import { useCan } from '../hooks/room.ts'
import { useEvent } from '../hooks/use-event.ts'
import { useRoomState, useRoomView } from '../provider/room.ts'
import { useStrings } from '../provider/strings.ts'
import { Button } from '../ui/button.tsx'
import { classNames } from '../ui/class-names.ts'
import { Notice } from '../ui/notice.tsx'
import { BoardCard, wordsOf } from './board-card.tsx'
import { AddAct, BoardLane, Slot } from './board-lane.tsx'
import { CardMenu } from './card-menu.tsx'
import { Dragging } from './dragging.tsx'
import { type CardKeys, CardTitle, LaneCard } from './lane-card.tsx'
import { boardStrings } from './strings.ts'
import { useBoardActions } from './use-board-actions.ts'
import { useCalmMoves } from './use-calm-moves.ts'
import { useCommentCounts } from './use-comment-counts.ts'
import { type Lift, useLift } from './use-lift.ts'

export interface BoardProps extends Omit<ComponentProps<'section'>, 'ref'> {
  /** A beat was made here; it is opened if left out. */
  readonly onBeatMade?: (beat: Beat) => void
}

/** The story as cards in the lanes of its acts. */
export const Board = forwardRef<HTMLElement, BoardProps>(function Board(
  { onBeatMade, className, ...props },
  outerRef,
) {
  const words = useStrings('board', boardStrings)
  const { goTo } = useRoomView()
  const mayWrite = useCan('write')
  const arrangement = useArrangement()
  const { beats } = arrangement
  const lift = useLift(arrangement)
  const lanes = useMemo(() => lanesOf(beats), [beats])
  const actions = useBoardActions(lanes, arrangement, onBeatMade ?? (({ id }) => goTo({ beatId: id })))
  const { cards, state, refresh } = useBeatCards()
  const unread = useUnreadBeats()
  const comments = useCommentCounts()
  const locks = useRoomState((room) => room.locks)
  const me = useRoomState((room) => room.me?.user_id)
  const board = useRef<HTMLDivElement>(null)
  const keys = useCardKeys(lift, board)
  const howTo = useId()
  // What was written in open documents was told to nobody who had them open.
  useEffect(refresh, [refresh])
  useCalmMoves(board, lift.lanes)
  const held = useMemo(
    () => new Set(locks.filter(({ locked_by }) => locked_by !== me).map(({ beat_id }) => beat_id)),
    [locks, me],
  )
  const cardOf = (beat: BeatSummary) => ({
    beat,
    card: cards.get(beat.id),
    comments: comments.get(beat.id) ?? 0,
    unread: unread.has(beat.id),
  })
  const laneCard = (beat: BeatSummary) => (
    <LaneCard
      key={beat.id}
      {...cardOf(beat)}
      movable={mayWrite}
      lifted={lift.lifted?.id === beat.id ? lift.lifted.by : undefined}
      describedBy={howTo}
      keys={keys}
      menu={
        mayWrite && (
          <CardMenu
            beat={beat}
            lanes={lanes}
            last={beats.length - 1}
            held={held.has(beat.id)}
            actions={actions}
          />
        )
      }
    />
  )
  const liftedBeat = beats.find(({ id }) => id === lift.lifted?.id)
  const isPointer = lift.lifted?.by === 'pointer'
  return (
    <section
      aria-label={words.board}
      {...props}
      ref={outerRef}
      className={classNames('sw-board', className)}
      data-lifting={lift.lifted?.by}
    >
      <p id={howTo} hidden>
        {mayWrite ? words.howToMove : words.howToGo}
      </p>
      {state === 'failed' && (
        <Notice tone="warn" action={<Button onClick={refresh}>{words.readAgain}</Button>}>
          {words.notRead}
        </Notice>
      )}
      {beats.length === 0 && <EmptyBoard onAdd={mayWrite ? () => actions.add(undefined) : undefined} />}
      <Dragging
        lift={lift}
        lanes={board}
        render={() =>
          liftedBeat && (
            <BoardCard {...cardOf(liftedBeat)}>
              <CardTitle beat={liftedBeat} />
            </BoardCard>
          )
        }
      >
        <div ref={board} className="sw-lanes">
          {lift.lanes.map((lane) => (
            <BoardLane
              key={lane.key}
              lane={lane}
              words={lane.beats.reduce((sum, beat) => sum + (cards.get(beat.id)?.words ?? wordsOf(beat)), 0)}
              actions={mayWrite ? actions : undefined}
            >
              {lane.beats.map((beat) =>
                isPointer && beat === liftedBeat ? <Slot key="slot" beat={beat} /> : laneCard(beat),
              )}
              {/* Hidden, and not taken away: the pointer holds it. */}
              {isPointer && liftedBeat !== undefined && lift.home === lane.key && laneCard(liftedBeat)}
            </BoardLane>
          ))}
          {mayWrite && beats.length > 0 && <AddAct actions={actions} />}
        </div>
      </Dragging>
      <div className="sw-board-said" role="status" aria-live="assertive">
        {lift.said}
      </div>
    </section>
  )
})

/** What the keys on cards do, the same functions at every render. */
function useCardKeys(lift: Lift, board: { readonly current: HTMLElement | null }): CardKeys {
  const words = useStrings('board', boardStrings)
  const start = useEvent((id: number) => lift.start(id, 'keys'))
  const refuse = useEvent((holder: string) => lift.say(words.locked(holder)))
  const step = useEvent(lift.step)
  const drop = useEvent(lift.drop)
  const cancel = useEvent(lift.cancel)
  const go = useEvent<Parameters<CardKeys['go']>, void>((id, direction) => {
    const place = placeOf(lift.lanes, id)
    if (place === undefined) return
    const next = laneWithout(lift.lanes, stepPlace(lift.lanes, place, id, direction), id)
    if (next === undefined) return
    const isSameLane = next.lane.key === place.lane
    const index = isSameLane && direction === 'up' ? next.index : next.index - (isSameLane ? 1 : 0)
    const beat = next.rest[Math.min(index, next.rest.length - 1)]
    board.current?.querySelector<HTMLElement>(`[data-beat="${beat?.id}"] .sw-board-link`)?.focus()
  })
  useCancelElsewhere(lift, cancel)
  useKeptFocus(lift, board)
  return useMemo(
    () => ({ lift: start, refuse, step, drop, cancel, go }),
    [start, refuse, step, drop, cancel, go],
  )
}

/** A card that is put down, or back, in another lane is another element there: the focus goes along. */
function useKeptFocus({ lifted }: Lift, board: { readonly current: HTMLElement | null }): void {
  const before = useRef(lifted)
  useLayoutEffect(() => {
    const was = before.current
    before.current = lifted
    if (was?.by !== 'keys' || lifted !== undefined || document.activeElement !== document.body) return
    board.current?.querySelector<HTMLElement>(`[data-beat="${was.id}"] .sw-board-link`)?.focus()
  }, [lifted, board])
}

/** A card lifted by keys goes back where the reader turns to something else. */
function useCancelElsewhere({ lifted }: Lift, cancel: () => void): void {
  const id = lifted?.by === 'keys' ? lifted.id : undefined
  useEffect(() => {
    if (id === undefined) return
    const turned = ({ target }: Event) => {
      if (target instanceof Element && target.closest(`[data-beat="${id}"]`) === null) cancel()
    }
    document.addEventListener('focusin', turned)
    document.addEventListener('pointerdown', turned)
    return () => {
      document.removeEventListener('focusin', turned)
      document.removeEventListener('pointerdown', turned)
    }
  }, [id, cancel])
}

function EmptyBoard({ onAdd }: { readonly onAdd: (() => void) | undefined }) {
  const words = useStrings('board', boardStrings)
  return (
    <div className="sw-board-empty">
      <h2>{words.empty}</h2>
      <p>{words.emptyWords}</p>
      {onAdd !== undefined && (
        <Button variant="primary" onClick={onAdd}>
          {words.firstBeat}
        </Button>
      )}
    </div>
  )
}

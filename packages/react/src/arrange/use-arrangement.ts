import type { Outline } from '@storyweave/protocol'
import { useCallback, useMemo } from 'react'
import { useExplain } from '../faults/use-explain.ts'
import { useEvent } from '../hooks/use-event.ts'
import { type Store, useStore } from '../hooks/use-store.ts'
import { type RoomView, useRoomView } from '../provider/room.ts'
import { useStrings } from '../provider/strings.ts'
import { useWeave } from '../provider/weave.ts'
import { BeatMoves } from './beat-moves.ts'
import { type BeatTarget, stepTarget } from './order.ts'
import { arrangeStrings } from './strings.ts'
import { useBeatName } from './use-beat-name.ts'

export interface Arrangement {
  /** The beats with the moves made here already done. */
  readonly beats: Outline
  /** A refused move is taken back, and said in a toast. */
  readonly moveBeat: (id: number, target: BeatTarget) => void
  /** One place up or down, or into the act beside; false where it goes no further. */
  readonly stepBeat: (id: number, by: -1 | 1) => boolean
}

/** One for each room, so that outline and board show the same moves. */
const MOVES = new WeakMap<RoomView['store'], BeatMoves>()

/** The story's beats, and how to move them. */
export function useArrangement(): Arrangement {
  const { store } = useRoomView()
  const { rest, toasts } = useWeave()
  const words = useStrings('arrange', arrangeStrings)
  const beatName = useBeatName()
  const explain = useExplain()
  const moves = useMemo(() => movesOf(store, (id, to) => rest.beats.move(id, to)), [store, rest])
  const beats = useStore(moves as Store<Outline>)
  const moveBeat = useEvent((id: number, target: BeatTarget) => {
    const beat = moves.getSnapshot().find((one) => one.id === id)
    if (beat === undefined) return
    moves
      .move(id, target)
      .catch((error: unknown) => toasts.complain(words.stayed(beatName(beat), explain(error))))
  })
  const stepBeat = useCallback(
    (id: number, by: -1 | 1) => {
      const target = stepTarget(moves.getSnapshot(), id, by)
      if (target !== undefined) moveBeat(id, target)
      return target !== undefined
    },
    [moves, moveBeat],
  )
  return { beats, moveBeat, stepBeat }
}

function movesOf(store: RoomView['store'], move: ConstructorParameters<typeof BeatMoves>[1]): BeatMoves {
  const known = MOVES.get(store)
  if (known !== undefined) return known
  const made = new BeatMoves(store, move)
  MOVES.set(store, made)
  return made
}

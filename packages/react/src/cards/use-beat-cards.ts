import { useCallback, useMemo } from 'react'
import { type Store, useStore } from '../hooks/use-store.ts'
import { useRoom } from '../provider/room.ts'
import { useWeave } from '../provider/weave.ts'
import { BeatCards, type BeatCardsSnapshot } from './beat-cards.ts'

/** One for each room: outline and board look at the same. */
const CARDS = new WeakMap<object, BeatCards>()

/** The cards of the story's beats, kept up to date. */
export function useBeatCards(): BeatCardsSnapshot & { readonly refresh: () => void } {
  const cards = useBeatCardsStore()
  const snapshot = useStore(cards as Store<BeatCardsSnapshot>)
  const refresh = useCallback(() => cards.refresh(), [cards])
  return useMemo(() => ({ ...snapshot, refresh }), [snapshot, refresh])
}

export function useBeatCardsStore(): BeatCards {
  const room = useRoom()
  const { rest } = useWeave()
  return useMemo(() => {
    const known = CARDS.get(room)
    if (known !== undefined) return known
    const made = new BeatCards(room, rest.beats)
    CARDS.set(room, made)
    return made
  }, [room, rest])
}

import { useEffect, useMemo } from 'react'
import { type Store, useStore } from '../hooks/use-store.ts'
import { REMEMBERED_PREFIX } from '../provider/remembered-story.ts'
import { useRoom } from '../provider/room.ts'
import { useWeave } from '../provider/weave.ts'
import { type Seen, type SeenShelf, UnreadBeats } from './unread-beats.ts'
import { useBeatCardsStore } from './use-beat-cards.ts'

const UNREAD = new WeakMap<object, UnreadBeats>()

/** The beats in which something changed since I last looked at them on this device; see `useLookAt`. */
export const useUnreadBeats = (): ReadonlySet<number> =>
  useStore(useUnreadStore() as Store<ReadonlySet<number>>)

/** This beat is before my eyes as long as this stands. */
export function useLookAt(beatId: number | undefined): void {
  const unread = useUnreadStore()
  useEffect(() => {
    unread.look(beatId)
    return () => unread.look(undefined)
  }, [unread, beatId])
}

function useUnreadStore(): UnreadBeats {
  const room = useRoom()
  const { me } = useWeave()
  const cards = useBeatCardsStore()
  const userId = me?.user_id ?? 0
  return useMemo(() => {
    const known = UNREAD.get(room)
    if (known !== undefined) return known
    const made = new UnreadBeats(room, cards, shelfOf(`${REMEMBERED_PREFIX}${userId}.seen.${room.storyId}`))
    UNREAD.set(room, made)
    return made
  }, [room, cards, userId])
}

const FORMAT = 1

function shelfOf(key: string): SeenShelf {
  return {
    read() {
      try {
        const kept = JSON.parse(localStorage.getItem(key) ?? 'null') as { v?: unknown; value?: Seen } | null
        return kept?.v === FORMAT ? kept.value : undefined
      } catch {
        // Storage is switched off: everything is new again on the next page.
        return undefined
      }
    },
    write(value) {
      try {
        localStorage.setItem(key, JSON.stringify({ v: FORMAT, value }))
      } catch {
        // It lasts as long as the page.
      }
    },
  }
}

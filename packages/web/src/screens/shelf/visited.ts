import { useEffect } from 'react'
import { api } from '../../app/api.ts'
import { readKept, writeKept } from '../../app/kept.ts'
import { KEPT } from '../../app/session.ts'

const keyOf = (userId: number, storyId: number) => `${KEPT}${userId}.visited.${storyId}`

/** Whether a story was changed since this person was last in it on this device; by the server's clock alone. */
export function isNewSince(
  userId: number,
  { id, updated_at }: { readonly id: number; readonly updated_at: string },
): boolean {
  const seen = readKept('localStorage', keyOf(userId, id))
  return typeof seen === 'string' && seen < updated_at
}

/** Remembers how the story stands when its room is entered, and when it is left. */
export function useVisit(userId: number, storyId: number): void {
  useEffect(() => {
    const remember = () => {
      api.stories.get(storyId).then(
        ({ updated_at }) => writeKept('localStorage', keyOf(userId, storyId), updated_at),
        // Without the server's word what was remembered before stands.
        () => undefined,
      )
    }
    remember()
    return remember
  }, [userId, storyId])
}

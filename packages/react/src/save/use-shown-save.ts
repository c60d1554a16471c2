import type { SaveStatus } from '@storyweave/client'
import { useEffect, useState } from 'react'

/** Saving is told only when it takes longer than this: a word that flickers with every key says nothing. */
export const SAVING_GRACE_MS = 400

export interface ShownSaveStatus {
  /** As it is, at every moment. */
  readonly state: SaveStatus['state']
  readonly changes: number
  /** False while saving is younger than the grace. */
  readonly worthTelling: boolean
}

export function useShownSave(save: SaveStatus): ShownSaveStatus {
  const savingSince = save.state === 'saving' ? save.since : undefined
  const late = useLate(savingSince)
  return {
    state: save.state,
    changes: save.state === 'saved' ? 0 : save.changes,
    worthTelling: save.state !== 'saving' || late,
  }
}

/** True once the grace after `since` (milliseconds since 1970 UTC) is over; false without one. */
function useLate(since: number | undefined): boolean {
  const [lateSince, setLateSince] = useState<number>()
  useEffect(() => {
    if (since === undefined) return
    const timer = setTimeout(() => setLateSince(since), Math.max(0, since + SAVING_GRACE_MS - Date.now()))
    return () => clearTimeout(timer)
  }, [since])
  return since !== undefined && lateSince === since
}

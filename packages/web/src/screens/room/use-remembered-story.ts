import type { StoryRoomSnapshot } from '@storyweave/client'
import { initialStateSchema } from '@storyweave/protocol'
import { useEffect, useMemo, useState } from 'react'
import { readKept, writeKept } from '../../app/kept.ts'
import { KEPT } from '../../app/session.ts'
import { latest } from '../../room/hooks/latest.ts'

/** An outline of a thousand beats takes some milliseconds to write: not with every word count. */
const KEEP_EVERY_MS = 2_000

const rememberedSchema = initialStateSchema.pick({ me: true, story: true, beats: true })

/**
 * The room with its story and outline as this device last saw them, where the server could not be reached at first:
 * a page that is loaded again while it is away still opens what was written here. Holds until the server has spoken.
 */
export function useRememberedStory(snapshot: StoryRoomSnapshot, storyId: number): StoryRoomSnapshot {
  const { me, story, beats, connection } = snapshot
  const key = `${KEPT}story.${storyId}`
  const keep = useMemo(
    () => latest((value: object) => writeKept('localStorage', key, value), KEEP_EVERY_MS),
    [key],
  )
  useEffect(() => {
    if (me !== undefined && story !== undefined) keep.call({ me, story, beats })
  }, [keep, me, story, beats])

  const [wasAway, setWasAway] = useState(false)
  if (!wasAway && connection.state === 'waiting') setWasAway(true)
  const needed = wasAway && story === undefined
  const remembered = useMemo(
    () => (needed ? rememberedSchema.safeParse(readKept('localStorage', key)).data : undefined),
    [needed, key],
  )
  return useMemo(() => ({ ...snapshot, ...remembered }), [snapshot, remembered])
}

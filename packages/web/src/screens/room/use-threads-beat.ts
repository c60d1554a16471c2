import { useActiveThread, useBeats, useRoomState, useRoomView } from '@storyweave/react'
import { useEffect, useRef } from 'react'

/** Where the address names a thread of another beat than the one that is open, that beat is opened. */
export function useThreadsBeat(openBeatId: number | undefined): void {
  const { goTo } = useRoomView()
  const active = useActiveThread()
  const beats = useBeats()
  const beatId = useRoomState(
    ({ threads }) => threads.threads.find(({ first }) => first.id === active?.id)?.first.beat_id,
  )
  const isThere = beats.some(({ id }) => id === beatId)
  const led = useRef<unknown>(undefined)
  useEffect(() => {
    // Once: who leaves that beat by the outline is not brought back.
    if (active?.from !== 'address' || active === led.current || beatId == null || !isThere) return
    led.current = active
    if (beatId === openBeatId) return
    goTo({ beatId, threadId: active.id })
  }, [active, beatId, openBeatId, isThere, goTo])
}

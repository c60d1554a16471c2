import type { PresentUser } from '@storyweave/protocol'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useConnectionStatus, usePresence, useSelf } from '../hooks/room.ts'
import { useEvent } from '../hooks/use-event.ts'
import { useRoomView } from '../provider/room.ts'
import { useStrings } from '../provider/strings.ts'
import { useWeave } from '../provider/weave.ts'
import { keepCaretInView } from './caret-in-view.ts'
import { followStrings } from './strings.ts'
import { whenTakenOver } from './take-over.ts'

export interface Follow {
  /** Whom I follow. */
  readonly user: PresentUser | undefined
  readonly follow: (userId: number) => void
  readonly stop: () => void
}

/** My view goes where another person goes, until I do something of my own. */
export function useFollow(): Follow {
  const [userId, setUserId] = useState<number>()
  const users = usePresence()
  const user = users.find((one) => one.user_id === userId)
  const stop = useCallback(() => setUserId(undefined), [])
  useTheirBeat(user)
  useEndWhenGone(userId, users, stop)
  useEffect(() => {
    if (userId === undefined) return
    const ends = [keepCaretInView(userId), whenTakenOver(stop)]
    return () => {
      for (const end of ends) end()
    }
  }, [userId, stop])
  return { user, follow: setUserId, stop }
}

function useTheirBeat(user: PresentUser | undefined): void {
  const { goTo } = useRoomView()
  const beatId = user?.beat_id ?? undefined
  useEffect(() => {
    if (beatId !== undefined) goTo({ beatId })
  }, [beatId, goTo])
}

/** Nobody is known while the server is away, and until it has said who is there: so long they may still be there. */
function useEndWhenGone(userId: number | undefined, users: readonly PresentUser[], stop: () => void): void {
  const { toasts } = useWeave()
  const words = useStrings('follow', followStrings)
  const isConnected = useConnectionStatus().state === 'connected'
  const myId = useSelf()?.user_id
  const user = users.find((one) => one.user_id === userId)
  const isTold = isConnected && users.some((one) => one.user_id === myId)
  const name = useRef('')
  if (user !== undefined) name.current = user.user_name
  const isGone = userId !== undefined && user === undefined && isTold
  const end = useEvent(() => {
    toasts.say(words.left(name.current))
    stop()
  })
  useEffect(() => {
    if (isGone) end()
  }, [isGone, end])
}

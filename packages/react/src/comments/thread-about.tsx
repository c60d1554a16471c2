import { useRoomState } from '../provider/room.ts'
import { useStrings } from '../provider/strings.ts'
import { commentStrings } from './strings.ts'

interface ThreadAboutProps {
  readonly sceneId: number | null
  /** The words it is about; null where it is about the scene, or the beat. */
  readonly quote: string | null
  /** Leads there; just words if left out. */
  readonly onGo?: (() => void) | undefined
}

/** What a thread is about: a passage's words, a scene, or the beat. */
export function ThreadAbout({ sceneId, quote, onGo }: ThreadAboutProps) {
  const words = useStrings('comments', commentStrings)
  const name = useSceneName(sceneId)
  const about = name === undefined ? words.onBeat : words.onScene(name)
  const shown = quote === null ? <span className="sw-thread-place">{about}</span> : <q>{quote}</q>
  if (onGo === undefined) return <div className="sw-thread-about">{shown}</div>
  return (
    <button type="button" className="sw-thread-about" title={words.showInText} onClick={onGo}>
      {shown}
    </button>
  )
}

function useSceneName(sceneId: number | null): string | undefined {
  const words = useStrings('comments', commentStrings)
  return useRoomState(({ beats }) => {
    if (sceneId === null) return undefined
    for (const { scenes } of beats) {
      const index = scenes.findIndex(({ id }) => id === sceneId)
      if (index >= 0) return scenes[index]?.title?.trim() || words.scene(index + 1)
    }
    return undefined
  })
}

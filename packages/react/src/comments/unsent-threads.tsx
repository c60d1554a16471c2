import type { NewComment } from '@storyweave/client'
import { useBeat } from '../hooks/room.ts'
import { useRoomState } from '../provider/room.ts'
import { ThreadAbout } from './thread-about.tsx'
import { UnsentComment } from './unsent-comment.tsx'

/** Comments that begin a thread, and that the server does not have yet: those of the open beat, and those that failed. */
export function UnsentThreads({ beatId }: { readonly beatId: number | undefined }) {
  const outgoing = useRoomState(({ threads }) => threads.outgoing)
  const scenes = useBeat(beatId ?? 0)?.scenes ?? []
  const isHere = ({ beat_id, scene_id }: NewComment) =>
    scene_id == null ? beat_id === beatId : scenes.some(({ id }) => id === scene_id)
  const shown = outgoing.filter(
    ({ comment, state }) => comment.parent_comment_id == null && (state === 'failed' || isHere(comment)),
  )
  if (shown.length === 0) return null
  return (
    <div className="sw-thread-list">
      {shown.map((one) => (
        <article key={one.clientId} className="sw-thread">
          <ThreadAbout sceneId={one.comment.scene_id ?? null} quote={null} />
          <UnsentComment outgoing={one} />
        </article>
      ))}
    </div>
  )
}

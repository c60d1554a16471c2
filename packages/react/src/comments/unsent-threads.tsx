import type { NewComment } from '@storyweave/client'
import { useBeat } from '../hooks/room.ts'
import { useRoomState } from '../provider/room.ts'
import { useStrings } from '../provider/strings.ts'
import { commentStrings } from './strings.ts'
import { ThreadAbout } from './thread-about.tsx'
import { UnsentComment } from './unsent-comment.tsx'

/**
 * Comments that the server does not have yet and that stand in no thread of the list: those that begin one, of the
 * open beat or failed, and replies whose thread is not there any more.
 */
export function UnsentThreads({ beatId }: { readonly beatId: number | undefined }) {
  const { state: listState, threads, outgoing } = useRoomState((room) => room.threads)
  const scenes = useBeat(beatId ?? 0)?.scenes ?? []
  const isHere = ({ beat_id, scene_id }: NewComment) =>
    scene_id == null ? beat_id === beatId : scenes.some(({ id }) => id === scene_id)
  // Before the list is read, nobody knows what is in it.
  const isRead = listState === 'ready' || listState === 'failed'
  const isOrphan = (parent: number) => isRead && !threads.some(({ first }) => first.id === parent)
  const shown = outgoing.filter(({ comment, state }) => {
    const parent = comment.parent_comment_id
    return parent == null ? state === 'failed' || isHere(comment) : isOrphan(parent)
  })
  if (shown.length === 0) return null
  return (
    <div className="sw-thread-list">
      {shown.map((one) => (
        <article key={one.clientId} className="sw-thread">
          <About comment={one.comment} />
          <UnsentComment outgoing={one} />
        </article>
      ))}
    </div>
  )
}

function About({ comment: { parent_comment_id, scene_id } }: { readonly comment: NewComment }) {
  const words = useStrings('comments', commentStrings)
  if (parent_comment_id == null) return <ThreadAbout sceneId={scene_id ?? null} quote={null} />
  return (
    <div className="sw-thread-about">
      <span className="sw-thread-place">{words.threadGone}</span>
    </div>
  )
}

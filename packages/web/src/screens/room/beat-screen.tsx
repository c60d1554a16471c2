import { CollaborativeEditor, LockStrip, useRoom } from '@storyweave/react'
import { Link, useRouterState } from '@tanstack/react-router'
import { storyLink } from '../../app/link-to-story.ts'
import { useSceneAddress } from './use-scene-address.ts'

declare module '@tanstack/history' {
  interface HistoryState {
    /** The beat was made a moment ago: its title waits to be written. */
    fresh?: boolean
  }
}

/** One beat with its document, or words where it is not (or no longer) there. */
export function BeatScreen({ beatId }: { readonly beatId: number }) {
  useSceneAddress(beatId)
  const fresh = useRouterState({ select: (state) => state.location.state.fresh === true })
  return (
    <CollaborativeEditor
      beatId={beatId}
      fresh={fresh}
      gone={<BeatGone />}
      above={<LockStrip beatId={beatId} />}
    />
  )
}

function BeatGone() {
  const { storyId } = useRoom()
  return (
    <div className="empty-story" role="alert">
      <h2>This beat is not here any more</h2>
      <p>It was deleted, or its address is mistyped. Whoever deleted it can bring it back within 30 days.</p>
      <Link {...storyLink(storyId)} className="sw-button sw-button-primary">
        To the story’s beginning
      </Link>
    </div>
  )
}

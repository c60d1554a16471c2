import type { BeatSummary, Outline } from '@storyweave/protocol'
import { Link } from '@tanstack/react-router'
import { storyLink } from '../../app/link-to-story.ts'
import { useBeatDocument } from '../../room/hooks/use-beat-document.ts'
import { Waiting } from '../../ui/page-message.tsx'
import { BeatPage } from './beat-page.tsx'
import { useRoomView } from './room-context.ts'

interface BeatScreenProps {
  readonly beatId: number
  /** Undefined where the outline does not have it: not yet, or not any more. */
  readonly beat: BeatSummary | undefined
  readonly beats: Outline
}

/** One beat with its document, or words where it is not (or no longer) there. */
export function BeatScreen({ beatId, beat, beats }: BeatScreenProps) {
  const { room } = useRoomView()
  const document = useBeatDocument(room, beatId)
  if (document === undefined || document.state === 'loading') return <Waiting what="Opening the beat…" />
  if (document.state === 'denied' && document.unsaved === 0) return <BeatGone />
  return <BeatPage beatId={beatId} beat={beat} beats={beats} document={document} />
}

function BeatGone() {
  const { storyId } = useRoomView()
  return (
    <div className="empty-story" role="alert">
      <h2>This beat is not here any more</h2>
      <p>It was deleted, or its address is mistyped. Whoever deleted it can bring it back within 30 days.</p>
      <Link {...storyLink(storyId)} className="button button-primary">
        To the story’s beginning
      </Link>
    </div>
  )
}

import type { BeatSummary, Outline } from '@storyweave/protocol'
import { Link } from '@tanstack/react-router'
import { useEffect, useEffectEvent, useState } from 'react'
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
export function BeatScreen(props: BeatScreenProps) {
  const [gone, setGone] = useState(false)
  // Somebody has brought it back.
  if (gone && props.beat !== undefined) setGone(false)
  // Without its document, so that a beat that comes back is opened anew.
  return gone ? <BeatGone /> : <OpenedBeat {...props} onGone={() => setGone(true)} />
}

function OpenedBeat({ beatId, beat, beats, onGone }: BeatScreenProps & { readonly onGone: () => void }) {
  const { room } = useRoomView()
  const document = useBeatDocument(room, beatId)
  const isDenied = document?.state === 'denied' && document.unsaved === 0
  const isGone = isDenied && beat === undefined
  const leave = useEffectEvent(onGone)
  useEffect(() => {
    if (isGone) leave()
  }, [isGone])
  if (document === undefined || document.state === 'loading') return <Waiting what="Opening the beat…" />
  if (isDenied) return <BeatGone />
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

import type { BeatDocumentSnapshot } from '@storyweave/client'
import type { BeatSummary, Outline } from '@storyweave/protocol'
import type { Editor } from '@tiptap/core'
import { useMemo, useRef, useState } from 'react'
import { wordCount } from '../../app/words.ts'
import { useCursorReport } from '../../room/hooks/use-cursor-report.ts'
import { useWordCounts } from '../../room/hooks/use-word-counts.ts'
import { AddScene } from './add-scene.tsx'
import { BeatFooter } from './beat-footer.tsx'
import { BeatNotices } from './beat-notices.tsx'
import { Card } from './card.tsx'
import { RefusedWords } from './refused-words.tsx'
import { useMayWrite, useRoomView } from './room-context.ts'
import { Scene } from './scene.tsx'

interface BeatPageProps {
  readonly beatId: number
  readonly beat: BeatSummary | undefined
  readonly beats: Outline
  readonly document: BeatDocumentSnapshot
}

/** The page one writes on: the beat's card, and its scenes as continuous prose. */
export function BeatPage({ beatId, beat, beats, document }: BeatPageProps) {
  const { room, connected } = useRoomView()
  const { doc, awareness, scope } = document
  const scenes = beat?.scenes ?? []
  const writable = useMayWrite() && scope === 'read-write' && beat !== undefined
  const report = useCursorReport(room, beatId, connected)
  const counts = useWordCounts(
    doc,
    useMemo(() => scenes.map(({ key }) => key), [scenes]),
  )
  const [active, setActive] = useState<Editor>()
  const toolbar = useRef<HTMLDivElement>(null)
  const here = [...counts.values()].reduce((sum, count) => sum + count, 0)
  return (
    <>
      <div className="page">
        <BeatNotices document={document} keys={scenes.map(({ key }) => key)} />
        <RefusedWords beatId={beatId} writable={writable} />
        <Card
          key={doc.guid}
          beatId={beatId}
          doc={doc}
          awareness={awareness}
          writable={writable}
          onCaret={report}
        />
        {scenes.map((scene, index) => (
          <Scene
            key={`${doc.guid} ${scene.key}`}
            scene={scene}
            number={index + 1}
            words={wordCount(counts.get(scene.key) ?? 0)}
            doc={doc}
            awareness={awareness}
            writable={writable}
            onFocus={setActive}
            onCaret={report}
            onToolbarKey={() =>
              toolbar.current?.querySelector<HTMLElement>('button:not([tabindex="-1"])')?.focus()
            }
          />
        ))}
        {writable && <AddScene beatId={beatId} empty={scenes.length === 0} />}
      </div>
      <BeatFooter
        here={here}
        story={here + storyWords(beats, beatId)}
        editor={writable ? active : undefined}
        toolbar={toolbar}
        withToolbar={writable && scenes.length > 0}
      />
    </>
  )
}

/** The words of every other beat, as last told by the server. */
function storyWords(beats: Outline, exceptId: number): number {
  let words = 0
  for (const beat of beats) {
    if (beat.id === exceptId) continue
    for (const scene of beat.scenes) words += scene.word_count
  }
  return words
}

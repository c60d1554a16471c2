import type { BeatDocumentSnapshot } from '@storyweave/client'
import type { Outline } from '@storyweave/protocol'
import type { Editor } from '@tiptap/core'
import {
  type ComponentProps,
  forwardRef,
  type ReactNode,
  type Ref,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import { RefusedWords } from '../drawer/refused-words.tsx'
import { useBeat, useBeats, useCan, useConnectionStatus } from '../hooks/room.ts'
import { useBeatDocument } from '../hooks/use-beat-document.ts'
import { useBeatLock } from '../hooks/use-beat-lock.ts'
import { useCursorReport } from '../hooks/use-cursor-report.ts'
import { useEvent } from '../hooks/use-event.ts'
import { useWordCounts } from '../hooks/use-word-counts.ts'
import { useStrings } from '../provider/strings.ts'
import { classNames } from '../ui/class-names.ts'
import { Waiting } from '../ui/waiting.tsx'
import { AddScene } from './add-scene.tsx'
import { BeatFooter } from './beat-footer.tsx'
import { BeatNotices } from './beat-notices.tsx'
import { Card } from './card.tsx'
import { GoneBeat } from './gone-beat.tsx'
import { Scene } from './scene.tsx'
import { editorStrings } from './strings.ts'

export interface CollaborativeEditorProps extends ComponentProps<'div'> {
  readonly beatId: number
  /** The beat was made a moment ago: its title takes the focus. */
  readonly fresh?: boolean
  /** Instead of the page, where the beat is not there (any more). */
  readonly gone?: ReactNode
  /** Above the card: the lock's strip, say. */
  readonly above?: ReactNode
}

/** The page one writes on together: a beat's card, and its scenes as continuous prose. */
export const CollaborativeEditor = forwardRef<HTMLDivElement, CollaborativeEditorProps>(
  function CollaborativeEditor({ gone = null, ...props }, ref) {
    const isInOutline = useBeat(props.beatId) !== undefined
    const [isGone, setGone] = useState(false)
    // Somebody has brought it back.
    if (isGone && isInOutline) setGone(false)
    // Without its document, so that a beat that comes back is opened anew.
    if (isGone) return <GoneBeat beatId={props.beatId}>{gone}</GoneBeat>
    return <OpenedBeat {...props} gone={gone} onGone={() => setGone(true)} innerRef={ref} />
  },
)

interface OpenedBeatProps extends Omit<CollaborativeEditorProps, 'ref'> {
  readonly onGone: () => void
  readonly innerRef: Ref<HTMLDivElement>
}

function OpenedBeat(props: OpenedBeatProps) {
  const words = useStrings('editor', editorStrings)
  const { beatId, fresh = false, gone, above, className, onGone, innerRef, ...rest } = props
  const document = useBeatDocument(beatId)
  const isInOutline = useBeat(beatId) !== undefined
  const isAway = useConnectionStatus().state === 'waiting'
  const isDenied = document?.state === 'denied' && document.unsaved === 0
  const leave = useEvent(onGone)
  useEffect(() => {
    if (isDenied && !isInOutline) leave()
  }, [isDenied, isInOutline, leave])
  if (document === undefined || document.state === 'loading')
    return <Waiting what={isAway ? words.notHere : words.opening} />
  if (isDenied) return <GoneBeat beatId={beatId}>{gone}</GoneBeat>
  return (
    <div {...rest} ref={innerRef} className={classNames('sw-editor', className)}>
      <Page beatId={beatId} document={document} fresh={fresh} above={above} />
    </div>
  )
}

interface PageProps {
  readonly beatId: number
  readonly document: BeatDocumentSnapshot
  readonly fresh: boolean
  readonly above: ReactNode
}

function Page({ beatId, document, fresh, above }: PageProps) {
  const { doc, awareness, scope } = document
  const beat = useBeat(beatId)
  const beats = useBeats()
  const scenes = beat?.scenes ?? NO_SCENES
  const isLocked = useBeatLock(beatId).others
  const writable = useCan('write') && scope === 'read-write' && beat !== undefined && !isLocked
  const report = useCursorReport(beatId)
  const keys = useMemo(() => scenes.map(({ key }) => key), [scenes])
  const counts = useWordCounts(doc, keys)
  const [active, setActive] = useState<Editor>()
  const toolbar = useRef<HTMLDivElement>(null)
  const here = [...counts.values()].reduce((sum, count) => sum + count, 0)
  return (
    <>
      <div className="sw-page">
        {above}
        <BeatNotices document={document} keys={keys} locked={isLocked} />
        <RefusedWords beatId={beatId} writable={writable} />
        <Card
          key={doc.guid}
          beatId={beatId}
          doc={doc}
          awareness={awareness}
          writable={writable}
          fresh={fresh}
          onCaret={report}
        />
        {scenes.map((scene, index) => (
          <Scene
            key={`${doc.guid} ${scene.key}`}
            beatId={beatId}
            scene={scene}
            number={index + 1}
            words={counts.get(scene.key) ?? 0}
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

const NO_SCENES: Outline[number]['scenes'] = []

/** The words of every other beat, as last told by the server. */
function storyWords(beats: Outline, exceptId: number): number {
  let words = 0
  for (const beat of beats) {
    if (beat.id === exceptId) continue
    for (const scene of beat.scenes) words += scene.word_count
  }
  return words
}

import { type SceneSummary, sceneRoot } from '@storyweave/protocol'
import type { Editor } from '@tiptap/core'
import { useState } from 'react'
import type { Awareness } from 'y-protocols/awareness'
import type { Doc } from 'yjs'
import { usePassages } from '../comments/use-passages.ts'
import type { ReportCursor } from '../hooks/use-cursor-report.ts'
import { useSeeded } from '../hooks/use-seeded.ts'
import { useStrings } from '../provider/strings.ts'
import { SceneHead } from './scene-head.tsx'
import { splitPlace } from './split-place.ts'
import { editorStrings } from './strings.ts'
import { useSceneEditor } from './use-scene-editor.ts'

interface SceneProps {
  readonly beatId: number
  readonly scene: SceneSummary
  /** Its place in the beat, from 1. */
  readonly number: number
  /** Its length. */
  readonly words: number
  readonly doc: Doc
  readonly awareness: Awareness
  readonly writable: boolean
  readonly onFocus: (editor: Editor) => void
  readonly onCaret: ReportCursor
  readonly onToolbarKey: () => void
}

/** A scene: its title and length, and its prose. */
export function Scene(props: SceneProps) {
  const words = useStrings('editor', editorStrings)
  const { beatId, scene, number, doc, awareness, writable, onFocus, onCaret, onToolbarKey } = props
  const [host, setHost] = useState<HTMLDivElement | null>(null)
  const fragment = doc.getXmlFragment(sceneRoot(scene.key))
  const seeded = useSeeded(fragment)
  const editor = useSceneEditor(host, {
    fragment,
    awareness,
    editable: writable && seeded,
    label: words.scene(number),
    onFocus,
    onCaret: (position) => onCaret({ scene_id: scene.id, position }),
    onToolbarKey,
  })
  usePassages(editor, { beatId, scene, fragment })
  return (
    <section className="sw-scene" data-scene={scene.id} aria-label={scene.title ?? words.scene(number)}>
      <SceneHead
        beatId={beatId}
        scene={scene}
        number={number}
        words={props.words}
        writable={writable}
        splitAt={() => editor && splitPlace(editor)}
      />
      <div ref={setHost} className="sw-prose" />
    </section>
  )
}

import { LIMITS, type SceneSummary } from '@storyweave/protocol'
import { useRef } from 'react'
import { useCan } from '../hooks/room.ts'
import { useStrings } from '../provider/strings.ts'
import { SceneMenu } from './scene-menu.tsx'
import { editorStrings } from './strings.ts'
import { useSceneTitle } from './use-scene-title.ts'

interface SceneHeadProps {
  readonly beatId: number
  readonly scene: SceneSummary
  readonly number: number
  /** Its length. */
  readonly words: number
  readonly writable: boolean
  /** How many of the scene's blocks stay in it when it is split at the caret; undefined where it can't be. */
  readonly splitAt: () => number | undefined
}

export function SceneHead({ beatId, scene, number, writable, splitAt, words: count }: SceneHeadProps) {
  const words = useStrings('editor', editorStrings)
  const takesPart = useCan('take_part')
  return (
    <div className="sw-scene-head">
      {writable ? (
        <SceneTitle scene={scene} number={number} />
      ) : (
        <h3>{scene.title ?? words.scene(number)}</h3>
      )}
      <span className="sw-scene-words">{words.sceneWords(count)}</span>
      {takesPart && (
        <SceneMenu beatId={beatId} scene={scene} number={number} writable={writable} splitAt={splitAt} />
      )}
    </div>
  )
}

interface NumberedScene {
  readonly scene: SceneSummary
  readonly number: number
}

/** A line that is kept when it is left or Enter is pressed; Escape takes it back. */
function SceneTitle({ scene, number }: NumberedScene) {
  const words = useStrings('editor', editorStrings)
  const field = useRef<HTMLInputElement>(null)
  const { draft, write, takeBack, keep } = useSceneTitle(scene, field)
  const shown = draft ?? scene.title ?? ''
  const placeholder = words.scene(number)
  return (
    <span className="sw-grow" data-content={shown || placeholder}>
      <input
        ref={field}
        aria-label={words.sceneTitle(number)}
        size={1}
        value={shown}
        placeholder={placeholder}
        maxLength={LIMITS.titleChars}
        onChange={(event) => write(event.target.value)}
        onBlur={keep}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.nativeEvent.isComposing) event.currentTarget.blur()
          if (event.key === 'Escape') takeBack()
        }}
      />
    </span>
  )
}

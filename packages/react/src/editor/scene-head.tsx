import { LIMITS, type SceneSummary } from '@storyweave/protocol'
import { useState } from 'react'
import { useCan } from '../hooks/room.ts'
import { useAction } from '../hooks/use-action.ts'
import { useWeave } from '../provider/weave.ts'
import { SceneMenu } from './scene-menu.tsx'

interface SceneHeadProps {
  readonly beatId: number
  readonly scene: SceneSummary
  readonly number: number
  readonly words: string
  readonly writable: boolean
  /** How many of the scene's blocks stay in it when it is split at the caret; undefined where it can't be. */
  readonly splitAt: () => number | undefined
}

export function SceneHead({ beatId, scene, number, words, writable, splitAt }: SceneHeadProps) {
  const takesPart = useCan('take_part')
  return (
    <div className="sw-scene-head">
      {writable ? <SceneTitle scene={scene} number={number} /> : <h3>{scene.title ?? `Scene ${number}`}</h3>}
      <span className="sw-scene-words">{words}</span>
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
  const { rest } = useWeave()
  const [draft, setDraft] = useState<string>()
  const rename = useAction(async (title: string) => {
    await rest.scenes.update(scene.id, { title: title === '' ? null : title })
    setDraft(undefined)
  })
  const keep = () => {
    const title = draft?.trim()
    if (title === undefined || rename.busy) return
    if (title === (scene.title ?? '')) setDraft(undefined)
    else rename.run(title)
  }
  const shown = draft ?? scene.title ?? ''
  const placeholder = `Scene ${number}`
  return (
    <span className="sw-grow" data-content={shown || placeholder}>
      <input
        aria-label={`Title of scene ${number}`}
        size={1}
        value={shown}
        placeholder={placeholder}
        maxLength={LIMITS.titleChars}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={keep}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.nativeEvent.isComposing) event.currentTarget.blur()
          if (event.key === 'Escape') setDraft(undefined)
        }}
      />
    </span>
  )
}

import { LIMITS, type SceneSummary } from '@storyweave/protocol'
import { forwardRef, useRef } from 'react'
import { useExplain } from '../faults/use-explain.ts'
import { useCan } from '../hooks/room.ts'
import { useStrings } from '../provider/strings.ts'
import { useWeave } from '../provider/weave.ts'
import { RefusedTitles } from './refused-titles.tsx'
import { SceneMenu } from './scene-menu.tsx'
import { editorStrings } from './strings.ts'
import { useCopy } from './use-copy.ts'
import { useRefusedTitles } from './use-refused-titles.ts'
import { type SceneTitleDraft, useSceneTitle } from './use-scene-title.ts'

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
  const { toasts } = useWeave()
  const explain = useExplain()
  const refused = useRefusedTitles(scene.id)
  const copy = useCopy(words.titleCopied)
  const field = useRef<HTMLInputElement>(null)
  const title = useSceneTitle(scene, {
    field,
    writable,
    onRefused: (lost, why) => {
      if (lost === '') return toasts.complain(explain(why))
      refused.keep(lost)
      const told = words.titleNotTaken(lost, explain(why))
      toasts.say(told, { label: words.copyTitle, run: () => copy(lost) })
    },
  })
  const putBack = (lost: string) => {
    refused.remove(lost)
    title.write(lost)
    field.current?.focus()
  }
  return (
    <>
      <div className="sw-scene-head">
        {writable ? (
          <SceneTitle ref={field} stored={scene.title ?? ''} number={number} title={title} />
        ) : (
          <h3>{scene.title ?? words.scene(number)}</h3>
        )}
        <span className="sw-scene-words">{words.sceneWords(count)}</span>
        {takesPart && (
          <SceneMenu beatId={beatId} scene={scene} number={number} writable={writable} splitAt={splitAt} />
        )}
      </div>
      <RefusedTitles
        titles={refused.titles}
        number={number}
        onCopy={copy}
        onPutBack={writable ? putBack : undefined}
        onThrowAway={refused.remove}
      />
    </>
  )
}

interface SceneTitleProps {
  readonly stored: string
  readonly number: number
  readonly title: SceneTitleDraft
}

/** A line that is kept when it is left or Enter is pressed; Escape takes it back. */
const SceneTitle = forwardRef<HTMLInputElement, SceneTitleProps>(function SceneTitle(
  { stored, number, title: { draft, write, takeBack, keep } },
  ref,
) {
  const words = useStrings('editor', editorStrings)
  const shown = draft ?? stored
  const placeholder = words.scene(number)
  return (
    <span className="sw-grow" data-content={shown || placeholder}>
      <input
        ref={ref}
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
})

import { LIMITS, type SceneSummary } from '@storyweave/protocol'
import { MessageSquareText, MoreHorizontal, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useCommentFocus } from '../comments/use-comment-focus.ts'
import { useCan } from '../hooks/room.ts'
import { useAction } from '../hooks/use-action.ts'
import { useWeave } from '../provider/weave.ts'
import { IconButton } from '../ui/button.tsx'
import { Menu, MenuItem } from '../ui/menu.tsx'

interface SceneHeadProps {
  readonly beatId: number
  readonly scene: SceneSummary
  readonly number: number
  readonly words: string
  readonly writable: boolean
}

export function SceneHead({ beatId, scene, number, words, writable }: SceneHeadProps) {
  const takesPart = useCan('take_part')
  return (
    <div className="sw-scene-head">
      {writable ? <SceneTitle scene={scene} number={number} /> : <h3>{scene.title ?? `Scene ${number}`}</h3>}
      <span className="sw-scene-words">{words}</span>
      {takesPart && <SceneMenu beatId={beatId} scene={scene} number={number} writable={writable} />}
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

interface SceneMenuProps extends NumberedScene {
  readonly beatId: number
  readonly writable: boolean
}

function SceneMenu({ beatId, scene, number, writable }: SceneMenuProps) {
  const comments = useCommentFocus()
  const { rest, toasts } = useWeave()
  const restore = useAction(() => rest.scenes.restore(scene.id))
  const remove = useAction(async () => {
    await rest.scenes.remove(scene.id)
    toasts.say('The scene was deleted.', { label: 'Undo', run: restore.run })
  })
  return (
    <Menu
      trigger={
        <IconButton label={`Change scene ${number}`} className="sw-scene-menu">
          <MoreHorizontal aria-hidden size={16} />
        </IconButton>
      }
    >
      <MenuItem onClick={() => comments.begin({ beatId, sceneId: scene.id })}>
        <MessageSquareText aria-hidden size={16} />
        Comment on this scene
      </MenuItem>
      {writable && (
        <MenuItem onClick={remove.run}>
          <Trash2 aria-hidden size={16} />
          Delete scene
        </MenuItem>
      )}
    </Menu>
  )
}

import { LIMITS, type SceneSummary } from '@storyweave/protocol'
import { useMutation } from '@tanstack/react-query'
import { MoreHorizontal, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { api } from '../../app/api.ts'
import { explain } from '../../app/words.ts'
import { IconButton } from '../../ui/button.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { useToasts } from '../../ui/toasts.tsx'

interface SceneHeadProps {
  readonly scene: SceneSummary
  readonly number: number
  readonly words: string
  readonly writable: boolean
}

export function SceneHead({ scene, number, words, writable }: SceneHeadProps) {
  return (
    <div className="scene-head">
      {writable ? <SceneTitle scene={scene} number={number} /> : <h3>{scene.title ?? `Scene ${number}`}</h3>}
      <span className="scene-words">{words}</span>
      {writable && <SceneMenu scene={scene} number={number} />}
    </div>
  )
}

interface NumberedScene {
  readonly scene: SceneSummary
  readonly number: number
}

/** A line that is kept when it is left or Enter is pressed; Escape takes it back. */
function SceneTitle({ scene, number }: NumberedScene) {
  const toasts = useToasts()
  const [draft, setDraft] = useState<string>()
  const rename = useMutation({
    mutationFn: (title: string) => api.scenes.update(scene.id, { title: title === '' ? null : title }),
    onSuccess: () => setDraft(undefined),
    onError: (error) => toasts.complain(explain(error)),
  })
  const keep = () => {
    const title = draft?.trim()
    if (title === undefined || rename.isPending) return
    if (title === (scene.title ?? '')) setDraft(undefined)
    else rename.mutate(title)
  }
  const shown = draft ?? scene.title ?? ''
  const placeholder = `Scene ${number}`
  return (
    <span className="grow" data-content={shown || placeholder}>
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

function SceneMenu({ scene, number }: NumberedScene) {
  const toasts = useToasts()
  const onError = (error: unknown) => toasts.complain(explain(error))
  const restore = useMutation({ mutationFn: () => api.scenes.restore(scene.id), onError })
  const remove = useMutation({
    mutationFn: () => api.scenes.remove(scene.id),
    onSuccess: () => toasts.say('The scene was deleted.', { label: 'Undo', run: () => restore.mutate() }),
    onError,
  })
  return (
    <Menu
      trigger={
        <IconButton label={`Change scene ${number}`} className="scene-menu">
          <MoreHorizontal aria-hidden size={16} />
        </IconButton>
      }
    >
      <MenuItem onClick={() => remove.mutate()}>
        <Trash2 aria-hidden size={16} />
        Delete scene
      </MenuItem>
    </Menu>
  )
}

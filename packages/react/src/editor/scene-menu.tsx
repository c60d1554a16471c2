import type { SceneSummary } from '@storyweave/protocol'
import {
  ArrowDown,
  ArrowRight,
  ArrowUp,
  MessageSquareText,
  MoreHorizontal,
  Scissors,
  Trash2,
} from 'lucide-react'
import { useRef, useState } from 'react'
import { useBeatName } from '../arrange/use-beat-name.ts'
import { useCommentFocus } from '../comments/use-comment-focus.ts'
import { useBeats } from '../hooks/room.ts'
import { useAction } from '../hooks/use-action.ts'
import { useStrings } from '../provider/strings.ts'
import { useWeave } from '../provider/weave.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { formTexts } from '../ui/form-texts.ts'
import { Menu, MenuItem, MenuLine } from '../ui/menu.tsx'
import { Modal } from '../ui/modal.tsx'
import { editorStrings } from './strings.ts'

const ICON = { 'aria-hidden': true, size: 16 } as const

interface SceneMenuProps {
  readonly beatId: number
  readonly scene: SceneSummary
  readonly number: number
  readonly writable: boolean
  /** How many of the scene's blocks stay in it when it is split at the caret; undefined where it can't be. */
  readonly splitAt: () => number | undefined
}

/** What can be done to a scene as a whole. */
export function SceneMenu({ beatId, scene, number, writable, splitAt }: SceneMenuProps) {
  const words = useStrings('editor', editorStrings)
  const beatName = useBeatName()
  const comments = useCommentFocus()
  const { rest, toasts } = useWeave()
  const beats = useBeats()
  const [isMoving, setMoving] = useState(false)
  const trigger = useRef<HTMLButtonElement>(null)
  const goBack = () => trigger.current?.focus()
  const beat = beats.find(({ id }) => id === beatId)
  const scenes = beat?.scenes ?? []
  const index = scenes.findIndex(({ id }) => id === scene.id)
  const restore = useAction(() => rest.scenes.restore(scene.id))
  const remove = useAction(async () => {
    await rest.scenes.remove(scene.id)
    toasts.say(words.deleted, { label: words.undo, run: restore.run })
  })
  const place = useAction(async (targetId: number, after: number | null | undefined) => {
    await rest.scenes.move(scene.id, {
      beat_id: targetId,
      ...(after !== undefined && { after_scene_id: after }),
    })
    if (targetId === beatId) return
    const to = beats.find(({ id }) => id === targetId)
    toasts.say(words.moved(to && beatName(to)))
  })
  const split = useAction(async () => {
    const at = splitAt()
    if (at === undefined) {
      toasts.say(words.splitWhere)
      return
    }
    await rest.scenes.split(scene.id, at)
  })
  const others = beats.filter(({ id }) => id !== beatId)
  return (
    <>
      <Menu
        trigger={
          <IconButton ref={trigger} label={words.changeScene(number)} className="sw-scene-menu">
            <MoreHorizontal {...ICON} />
          </IconButton>
        }
      >
        <MenuItem onClick={() => comments.begin({ beatId, sceneId: scene.id, goBack })}>
          <MessageSquareText {...ICON} />
          {words.commentOnScene}
        </MenuItem>
        {writable && (
          <>
            <MenuLine />
            <MenuItem disabled={index <= 0} onClick={() => place.run(beatId, scenes[index - 2]?.id ?? null)}>
              <ArrowUp {...ICON} />
              {words.moveUp}
            </MenuItem>
            <MenuItem
              disabled={index < 0 || index === scenes.length - 1}
              onClick={() => place.run(beatId, scenes[index + 1]?.id)}
            >
              <ArrowDown {...ICON} />
              {words.moveDown}
            </MenuItem>
            <MenuItem disabled={others.length === 0} onClick={() => setMoving(true)}>
              <ArrowRight {...ICON} />
              {words.moveToBeat}
            </MenuItem>
            <MenuItem onClick={split.run}>
              <Scissors {...ICON} />
              {words.split}
            </MenuItem>
            <MenuLine />
            <MenuItem onClick={remove.run}>
              <Trash2 {...ICON} />
              {words.deleteScene}
            </MenuItem>
          </>
        )}
      </Menu>
      <Modal open={isMoving} onOpenChange={setMoving} title={words.moveTitle}>
        <form
          onSubmit={(event) => {
            event.preventDefault()
            setMoving(false)
            place.run(Number(formTexts(event.currentTarget, 'beat').beat), undefined)
          }}
        >
          <label className="sw-field">
            <span className="sw-field-legend">{words.moveToEndOf}</span>
            <select name="beat" className="sw-input">
              {others.map((one) => (
                <option key={one.id} value={one.id}>
                  {words.beatChoice(one.beat_index + 1, one.title.trim())}
                </option>
              ))}
            </select>
          </label>
          <div className="sw-modal-actions">
            <Button onClick={() => setMoving(false)}>{words.cancel}</Button>
            <Button type="submit" variant="primary">
              {words.moveDo}
            </Button>
          </div>
        </form>
      </Modal>
    </>
  )
}

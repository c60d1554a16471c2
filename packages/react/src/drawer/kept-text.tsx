import type { DrawerEntry } from '@storyweave/client'
import { useState } from 'react'
import { usePostRefusedWords } from '../comments/post-words.ts'
import { useBeat, useCan } from '../hooks/room.ts'
import { useAction } from '../hooks/use-action.ts'
import { useBeatLock } from '../hooks/use-beat-lock.ts'
import { useRoom } from '../provider/room.ts'
import { useStrings } from '../provider/strings.ts'
import { useWeave } from '../provider/weave.ts'
import { Button } from '../ui/button.tsx'
import { Modal } from '../ui/modal.tsx'
import { drawerStrings } from './strings.ts'

interface KeptTextProps {
  readonly entry: DrawerEntry
  /** The words can be written back into the text, as far as is known here. */
  readonly writable?: boolean
}

/** Words that were refused, where they belong, and every way to find a place for them. */
export function KeptText({ entry, writable = true }: KeptTextProps) {
  const room = useRoom()
  const words = useStrings('drawer', drawerStrings)
  const { toasts } = useWeave()
  const beat = useBeat(entry.beatId)
  const isLocked = useBeatLock(entry.beatId).others
  const mayWrite = useCan('write') && writable && !isLocked && beat !== undefined
  const text = room.drawer.text(entry.id)
  const mayComment = useCan('take_part') && beat !== undefined && text.trim() !== ''
  const post = usePostRefusedWords()
  const inserting = useAction(async () => {
    await room.drawer.insert(entry.id)
    toasts.say(words.inserted)
  })
  const posting = useAction(async () => {
    await post(entry)
    await room.drawer.remove(entry.id)
    toasts.say(words.commented)
  })
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => toasts.say(words.copied),
      () => toasts.complain(words.notCopied),
    )
  return (
    <li className="sw-kept">
      <small>{placeOf(entry, beat?.scenes ?? [], words)}</small>
      <blockquote>{text}</blockquote>
      <span className="sw-kept-actions">
        {mayWrite && (
          <Button busy={inserting.busy} onClick={() => inserting.run()}>
            {words.insert}
          </Button>
        )}
        <Button onClick={() => void copy()}>{words.copy}</Button>
        {mayComment && (
          <Button busy={posting.busy} onClick={() => posting.run()}>
            {words.comment}
          </Button>
        )}
        <ThrowAway onThrow={() => room.drawer.remove(entry.id)} />
      </span>
    </li>
  )
}

function ThrowAway({ onThrow }: { readonly onThrow: () => Promise<void> }) {
  const words = useStrings('drawer', drawerStrings)
  const [isAsking, setAsking] = useState(false)
  const { busy, run } = useAction(onThrow)
  return (
    <>
      <Button variant="danger" onClick={() => setAsking(true)}>
        {words.throwAway}
      </Button>
      <Modal
        open={isAsking}
        onOpenChange={setAsking}
        title={words.throwAwayTitle}
        description={words.throwAwayWords}
      >
        <div className="sw-modal-actions">
          <Button onClick={() => setAsking(false)}>{words.throwAwayNot}</Button>
          <Button variant="danger" busy={busy} onClick={() => run()}>
            {words.throwAwayDo}
          </Button>
        </div>
      </Modal>
    </>
  )
}

type Scenes = readonly { readonly key: string; readonly title: string | null }[]

function placeOf({ place }: DrawerEntry, scenes: Scenes, words: typeof drawerStrings): string {
  if (place.kind === 'card') return words.inField(place.field)
  return words.inScene(scenes.find(({ key }) => key === place.key)?.title ?? null)
}

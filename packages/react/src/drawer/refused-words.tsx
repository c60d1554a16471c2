import type { DrawerEntry } from '@storyweave/client'
import { useRoom, useRoomState } from '../provider/room.ts'
import { useWeave } from '../provider/weave.ts'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'

interface RefusedWordsProps {
  readonly beatId: number
  /** The words can be written back into the text. */
  readonly writable: boolean
}

/** The words of this beat that the server did not take, until their writer has found a place for them. */
export function RefusedWords({ beatId, writable }: RefusedWordsProps) {
  const room = useRoom()
  const { toasts } = useWeave()
  const entries = useRoomState(({ refusedWords }) => refusedWords).filter((entry) => entry.beatId === beatId)
  const reason = entries.at(-1)?.message
  if (reason === undefined) return null
  const insert = () =>
    eachOf(entries, ({ id }) => room.drawer.insert(id)).catch((error: unknown) =>
      toasts.complain(error instanceof Error ? error.message : 'The words could not be inserted.'),
    )
  const copy = () =>
    navigator.clipboard.writeText(entries.map(({ id }) => room.drawer.text(id)).join('\n\n')).then(
      () => toasts.say('Copied: the words that did not arrive.'),
      () => toasts.complain('The browser did not allow copying. Select the words and copy them by hand.'),
    )
  return (
    <Notice
      tone="bad"
      urgent
      action={
        <span className="sw-notice-actions">
          {writable && <Button onClick={() => void insert()}>Insert again</Button>}
          <Button onClick={() => void copy()}>Copy my words</Button>
        </span>
      }
    >
      <b>The server did not take your last words.</b> {reason} They are kept on this device:{' '}
      {entries.map(({ id }) => (
        <q key={id}>{room.drawer.text(id)}</q>
      ))}
    </Notice>
  )
}

/** One after the other: words of one text must not move each other's places. */
async function eachOf(
  entries: readonly DrawerEntry[],
  insert: (entry: DrawerEntry) => Promise<void>,
): Promise<void> {
  for (const entry of entries) await insert(entry)
}

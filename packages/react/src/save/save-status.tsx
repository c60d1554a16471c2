import type { ConnectionStatus, StoryRoomSnapshot } from '@storyweave/client'
import { type ComponentProps, forwardRef } from 'react'
import { useConnectionStatus, useSaveStatus } from '../hooks/room.ts'
import { useRoomState } from '../provider/room.ts'
import { classNames } from '../ui/class-names.ts'
import { type ShownSaveStatus, useShownSave } from './use-shown-save.ts'

/** What has become of my words. `data-state` is exact at every moment; the words wait out the grace of saving. */
export const SaveStatus = forwardRef<HTMLParagraphElement, ComponentProps<'p'>>(function SaveStatus(
  { className, ...props },
  ref,
) {
  const connection = useConnectionStatus().state
  const keptOn = useRoomState((snapshot) => snapshot.keptOn)
  const shown = useShownSave(useSaveStatus())
  const { short, long } = saveWords(shown, connection, keptOn)
  return (
    <p
      role="status"
      {...props}
      ref={ref}
      className={classNames('sw-save-state', className)}
      data-state={shown.state}
      data-shown={shown.worthTelling || undefined}
      data-away={connection !== 'connected' || undefined}
    >
      <i aria-hidden />
      <span>
        {short}
        {long !== undefined && <span className="sw-save-long">{long}</span>}
      </span>
    </p>
  )
})

interface SaveWords {
  readonly short: string
  /** Goes on where `short` ends, where there is room. */
  readonly long?: string
}

export function saveWords(
  { state, changes, worthTelling }: ShownSaveStatus,
  connection: ConnectionStatus['state'],
  keptOn: StoryRoomSnapshot['keptOn'] = 'device',
): SaveWords {
  const count = changes === 1 ? '1 change' : `${changes} changes`
  const these = changes === 1 ? 'it' : 'they'
  const connected = connection === 'connected'
  // Why it is over, and what to do, stands above the text.
  if (connection === 'ended') return { short: changes > 0 ? `${count} kept here` : 'Not connected' }
  if (state === 'not_saved') return { short: 'Not saved yet', long: ': the server can’t write' }
  if (!connected && keptOn === 'memory') {
    return { short: 'Offline', long: ': what you write is kept only as long as this page is open' }
  }
  if (state === 'offline' && changes > 0) {
    return { short: `Offline: ${count} kept here`, long: `, ${these} will be sent when you are back` }
  }
  if (!connected) return { short: 'Offline', long: ': what you write is kept here' }
  if (state === 'saving' && worthTelling) return { short: 'Saving…' }
  return { short: 'Saved' }
}

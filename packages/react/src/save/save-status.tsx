import type { ConnectionStatus, StoryRoomSnapshot } from '@storyweave/client'
import { type ComponentProps, forwardRef } from 'react'
import { useConnectionStatus, useSaveStatus } from '../hooks/room.ts'
import { useRoomState } from '../provider/room.ts'
import { useStrings } from '../provider/strings.ts'
import { classNames } from '../ui/class-names.ts'
import { saveStrings } from './strings.ts'
import { useSaidSave } from './use-said-save.ts'
import { type ShownSaveStatus, useShownSave } from './use-shown-save.ts'

/** What has become of my words. `data-state` is exact at every moment; the words wait out the grace of saving. */
export const SaveStatus = forwardRef<HTMLParagraphElement, ComponentProps<'p'>>(function SaveStatus(
  { className, ...props },
  ref,
) {
  const words = useStrings('save', saveStrings)
  const connection = useConnectionStatus().state
  const keptOn = useRoomState((snapshot) => snapshot.keptOn)
  const save = useSaveStatus()
  const shown = useShownSave(save)
  const said = useSaidSave(words, { state: save.state, connection, keptOn })
  const { short, long } = saveWords(words, shown, connection, keptOn)
  return (
    <>
      <p
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
      {/* The words above change with every letter: nobody wants to hear that. */}
      <span className="sw-visually-hidden" role="status">
        {said}
      </span>
    </>
  )
})

interface SaveWords {
  readonly short: string
  /** Goes on where `short` ends, where there is room. */
  readonly long?: string
}

export function saveWords(
  words: typeof saveStrings,
  { state, changes, worthTelling }: ShownSaveStatus,
  connection: ConnectionStatus['state'],
  keptOn: StoryRoomSnapshot['keptOn'] = 'device',
): SaveWords {
  const connected = connection === 'connected'
  // Why it is over, and what to do, stands above the text.
  if (connection === 'ended') return { short: changes > 0 ? words.endedChanges(changes) : words.ended }
  if (state === 'not_saved') return { short: words.notSaved, long: words.notSavedLong }
  if (!connected && keptOn === 'memory') return { short: words.offline, long: words.offlineMemoryLong }
  if (state === 'offline' && changes > 0) {
    return { short: words.offlineChanges(changes), long: words.offlineChangesLong(changes) }
  }
  if (!connected) return { short: words.offline, long: words.offlineLong }
  if (state === 'saving' && worthTelling) return { short: words.saving }
  return { short: words.saved }
}

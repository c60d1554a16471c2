import type { DrawerEntry } from '@storyweave/client'
import { Archive } from 'lucide-react'
import { useRef, useState } from 'react'
import { useBeat } from '../hooks/room.ts'
import { useDrawer } from '../hooks/use-drawer.ts'
import { useStrings } from '../provider/strings.ts'
import { Modal } from '../ui/modal.tsx'
import { useFocusHeir } from '../ui/use-focus-heir.ts'
import { KeptText } from './kept-text.tsx'
import { drawerStrings } from './strings.ts'

/** The way to all refused words of the story, in whichever beat they belong; nothing where there are none. */
export function KeptWords() {
  const words = useStrings('drawer', drawerStrings)
  const { entries } = useDrawer()
  const [isOpen, setOpen] = useState(false)
  /** What the button stands in: behind the last of the words it goes away too. */
  const around = useRef<HTMLElement | null>(null)
  const focus = useFocusHeir(({ frame }) => {
    if (frame.isConnected) return frame.querySelector('.sw-kept button')
    return around.current?.querySelector('a[href], button') ?? around.current
  })
  if (entries.length === 0) return null
  return (
    <>
      <button
        type="button"
        className="sw-kept-button"
        aria-label={words.all(entries.length)}
        title={words.all(entries.length)}
        onClick={(event) => {
          around.current = event.currentTarget.parentElement
          setOpen(true)
        }}
      >
        <Archive aria-hidden size={16} />
        {entries.length}
      </button>
      <Modal open={isOpen} onOpenChange={setOpen} title={words.allTitle} description={words.allWords}>
        <div className="sw-kept-beats" {...focus}>
          {byBeat(entries).map(([beatId, ofBeat]) => (
            <OfBeat key={beatId} beatId={beatId} entries={ofBeat} />
          ))}
        </div>
      </Modal>
    </>
  )
}

function OfBeat({ beatId, entries }: { readonly beatId: number; readonly entries: readonly DrawerEntry[] }) {
  const words = useStrings('drawer', drawerStrings)
  const beat = useBeat(beatId)
  return (
    <section className="sw-kept-beat">
      <h3>{beat === undefined ? words.gone : beat.title.trim() || words.untitled}</h3>
      <ul>
        {entries.map((entry) => (
          <KeptText key={entry.id} entry={entry} />
        ))}
      </ul>
    </section>
  )
}

function byBeat(entries: readonly DrawerEntry[]): readonly (readonly [number, readonly DrawerEntry[]])[] {
  const beats = new Map<number, DrawerEntry[]>()
  for (const entry of entries) beats.set(entry.beatId, [...(beats.get(entry.beatId) ?? []), entry])
  return [...beats]
}

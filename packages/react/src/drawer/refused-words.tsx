import { faultOf } from '@storyweave/client'
import { useExplain } from '../faults/use-explain.ts'
import { useDrawer } from '../hooks/use-drawer.ts'
import { useStrings } from '../provider/strings.ts'
import { useFocusHeir } from '../ui/use-focus-heir.ts'
import { KeptText } from './kept-text.tsx'
import { drawerStrings } from './strings.ts'

interface RefusedWordsProps {
  readonly beatId: number
  /** The words can be written back into the text. */
  readonly writable: boolean
}

/** The words of this beat that the server did not take, until their writer has found a place for them. */
export function RefusedWords({ beatId, writable }: RefusedWordsProps) {
  const words = useStrings('drawer', drawerStrings)
  const explain = useExplain()
  const { entries } = useDrawer(beatId)
  const focus = useFocusHeir(({ frame, around }) =>
    frame.isConnected
      ? frame.querySelector('.sw-kept button')
      : (around?.querySelector('.sw-card') ?? around),
  )
  const newest = entries.at(-1)
  if (newest === undefined) return null
  return (
    <section className="sw-notice sw-refused" data-tone="bad" role="alert" {...focus}>
      <p>
        <b>{words.refused}</b> {explain(faultOf(newest))} {words.kept}
      </p>
      <ul>
        {entries.map((entry) => (
          <KeptText key={entry.id} entry={entry} writable={writable} />
        ))}
      </ul>
    </section>
  )
}

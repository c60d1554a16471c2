import type { BeatSummary } from '@storyweave/protocol'
import { useBeats, useCan } from '@storyweave/react'
import { Button } from '@storyweave/react/ui'
import { Plus } from 'lucide-react'
import { groupByAct } from './acts.ts'
import { OutlineBeat } from './outline-beat.tsx'
import { useOutlineActions } from './use-outline-actions.ts'

interface OutlineProps {
  readonly openBeatId: number | undefined
  /** A beat was chosen. */
  readonly onOpen: () => void
}

/** The story's beats under their acts, with whoever is on each. */
export function Outline({ openBeatId, onOpen }: OutlineProps) {
  const beats = useBeats()
  const mayWrite = useCan('write')
  const actions = useOutlineActions(beats, openBeatId)
  const add = (after: BeatSummary | undefined) => {
    onOpen()
    actions.add.mutate(after)
  }
  return (
    <nav className="outline" aria-label="Outline">
      {groupByAct(beats).map((group) => (
        <section key={group.beats[0]?.id} aria-label={group.act ?? undefined}>
          {group.act !== null && <h2 className="outline-act">{group.act}</h2>}
          <ol>
            {group.beats.map((beat) => (
              <OutlineBeat
                key={beat.id}
                beat={beat}
                last={beats.length - 1}
                open={beat.id === openBeatId}
                onOpen={onOpen}
                actions={actions}
              />
            ))}
          </ol>
        </section>
      ))}
      {mayWrite && (
        <Button className="outline-add" busy={actions.add.isPending} onClick={() => add(beats.at(-1))}>
          <Plus aria-hidden size={16} />
          Add a beat
        </Button>
      )}
    </nav>
  )
}

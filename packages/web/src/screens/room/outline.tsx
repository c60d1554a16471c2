import type { BeatSummary, Outline as Beats } from '@storyweave/protocol'
import { Plus } from 'lucide-react'
import { Button } from '../../ui/button.tsx'
import { groupByAct } from './acts.ts'
import { OutlineBeat } from './outline-beat.tsx'
import { useMayWrite } from './room-context.ts'
import { useOutlineActions } from './use-outline-actions.ts'

interface OutlineProps {
  readonly beats: Beats
  readonly openBeatId: number | undefined
  /** A beat was chosen. */
  readonly onOpen: () => void
}

/** The story's beats under their acts, with whoever is on each. */
export function Outline({ beats, openBeatId, onOpen }: OutlineProps) {
  const mayWrite = useMayWrite()
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

import type { BeatSummary } from '@storyweave/protocol'
import { lanesOf, useArrangement, useCan, useLookAt, useUnreadBeats } from '@storyweave/react'
import { Button } from '@storyweave/react/ui'
import { Plus } from 'lucide-react'
import type { KeyboardEvent } from 'react'
import { OutlineBeat } from './outline-beat.tsx'
import { useOutlineActions } from './use-outline-actions.ts'

interface OutlineProps {
  readonly openBeatId: number | undefined
  /** A beat was chosen. */
  readonly onOpen: () => void
}

/** The story's beats under their acts, with whoever is on each, what is locked, and what is new. */
export function Outline({ openBeatId, onOpen }: OutlineProps) {
  const { beats, stepBeat } = useArrangement()
  const mayWrite = useCan('write')
  const unread = useUnreadBeats()
  const actions = useOutlineActions(beats, openBeatId, stepBeat)
  useLookAt(openBeatId)
  const add = (after: BeatSummary | undefined) => {
    onOpen()
    actions.add.mutate(after)
  }
  return (
    <nav className="outline" aria-label="Outline" onKeyDown={(event) => onKey(event, mayWrite, stepBeat)}>
      {lanesOf(beats).map((lane) => (
        <section key={lane.key} aria-label={lane.act ?? undefined}>
          {lane.act !== null && <h2 className="outline-act">{lane.act}</h2>}
          <ol>
            {lane.beats.map((beat) => (
              <OutlineBeat
                key={beat.id}
                beat={beat}
                last={beats.length - 1}
                open={beat.id === openBeatId}
                unread={unread.has(beat.id)}
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

/** Up and down go from beat to beat; with Alt they take the beat along. */
function onKey(
  event: KeyboardEvent<HTMLElement>,
  mayWrite: boolean,
  step: (id: number, by: -1 | 1) => boolean,
) {
  const by = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : undefined
  const { target, currentTarget: outline } = event
  if (by === undefined || !(target instanceof HTMLAnchorElement)) return
  event.preventDefault()
  if (event.altKey) {
    const id = Number(target.dataset['beat'])
    // In another act it is another element: the focus follows.
    if (mayWrite && step(id, by)) requestAnimationFrame(() => linkOf(outline, id)?.focus())
    return
  }
  const links = [...outline.querySelectorAll<HTMLElement>('a[data-beat]')]
  links[links.indexOf(target) + by]?.focus()
}

const linkOf = (outline: HTMLElement, id: number) =>
  outline.querySelector<HTMLElement>(`a[data-beat="${id}"]`)

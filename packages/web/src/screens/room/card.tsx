import { CARD_FIELDS, type CardField } from '@storyweave/protocol'
import { useRouterState } from '@tanstack/react-router'
import type { Awareness } from 'y-protocols/awareness'
import type { Doc } from 'yjs'
import type { ReportCursor } from '../../room/hooks/use-cursor-report.ts'
import { useOthers } from '../../room/hooks/use-others.ts'
import { CardText } from './card-text.tsx'

const WORDS: Readonly<Record<CardField, { readonly label: string; readonly placeholder: string }>> = {
  title: { label: 'Beat title', placeholder: 'What happens here?' },
  goal: { label: 'Goal', placeholder: 'What does somebody want?' },
  conflict: { label: 'Conflict', placeholder: 'What stands in the way?' },
  outcome: { label: 'Outcome', placeholder: 'How does it end?' },
}

declare module '@tanstack/history' {
  interface HistoryState {
    /** The beat was made a moment ago: its title waits to be written. */
    fresh?: boolean
  }
}

interface CardProps {
  readonly beatId: number
  readonly doc: Doc
  readonly awareness: Awareness
  readonly writable: boolean
  readonly onCaret: ReportCursor
}

/** The beat's four texts: title on top, goal, conflict and outcome side by side. */
export function Card({ beatId, doc, awareness, writable, onCaret }: CardProps) {
  const others = useOthers(awareness)
  const fresh = useRouterState({ select: (state) => state.location.state.fresh === true })
  const field = (name: CardField) => (
    <CardText
      key={name}
      id={`beat-${beatId}-${name}`}
      name={name}
      {...WORDS[name]}
      text={doc.getText(name)}
      awareness={awareness}
      others={others.filter((other) => other.field === name)}
      writable={writable}
      autoFocus={fresh && name === 'title'}
      onCaret={onCaret}
    />
  )
  return (
    <section className="card" aria-label="Card">
      {field('title')}
      <div className="card-columns">{CARD_FIELDS.filter((name) => name !== 'title').map(field)}</div>
    </section>
  )
}

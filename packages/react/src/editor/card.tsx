import { CARD_FIELDS, type CardField } from '@storyweave/protocol'
import type { Awareness } from 'y-protocols/awareness'
import type { Doc } from 'yjs'
import type { ReportCursor } from '../hooks/use-cursor-report.ts'
import { useOthers } from '../hooks/use-others.ts'
import { useStrings } from '../provider/strings.ts'
import { CardText } from './card-text.tsx'
import { editorStrings } from './strings.ts'

interface CardProps {
  readonly beatId: number
  readonly doc: Doc
  readonly awareness: Awareness
  readonly writable: boolean
  /** The beat was made a moment ago: its title waits to be written. */
  readonly fresh: boolean
  readonly onCaret: ReportCursor
}

/** The beat's four texts: title on top, goal, conflict and outcome side by side. */
export function Card({ beatId, doc, awareness, writable, fresh, onCaret }: CardProps) {
  const words = useStrings('editor', editorStrings)
  const others = useOthers(awareness)
  const field = (name: CardField) => (
    <CardText
      key={name}
      id={`beat-${beatId}-${name}`}
      name={name}
      {...words.field(name)}
      text={doc.getText(name)}
      awareness={awareness}
      others={others.filter((other) => other.field === name)}
      writable={writable}
      autoFocus={fresh && name === 'title'}
      onCaret={onCaret}
    />
  )
  return (
    <section className="sw-card" aria-label={words.card}>
      {field('title')}
      <div className="sw-card-columns">{CARD_FIELDS.filter((name) => name !== 'title').map(field)}</div>
    </section>
  )
}

import type { CardField } from '@storyweave/protocol'
import { type KeyboardEvent, type SyntheticEvent, useEffect, useRef } from 'react'
import type { Awareness } from 'y-protocols/awareness'
import type { Text } from 'yjs'
import { TextBinding } from '../document/text-binding.ts'
import type { ReportCursor } from '../hooks/use-cursor-report.ts'
import type { Other } from '../hooks/use-others.ts'
import { useYText } from '../hooks/use-y-text.ts'
import { useStrings } from '../provider/strings.ts'
import { Face } from '../ui/face.tsx'
import { editorStrings } from './strings.ts'

interface CardTextProps {
  readonly id: string
  readonly name: CardField
  readonly label: string
  readonly placeholder: string
  readonly text: Text
  readonly awareness: Awareness
  /** Who else is in this field. */
  readonly others: readonly Other[]
  readonly writable: boolean
  readonly autoFocus: boolean
  readonly onCaret: ReportCursor
}

/** One text of the card. It grows with its content: the frame holds a hidden copy that gives it its height. */
export function CardText(props: CardTextProps) {
  const { id, name, label, placeholder, text, awareness, others, writable, autoFocus, onCaret } = props
  const words = useStrings('editor', editorStrings)
  const area = useRef<HTMLTextAreaElement>(null)
  const content = useYText(text)
  const singleLine = name === 'title'

  useEffect(() => {
    if (area.current === null) return
    const binding = new TextBinding(text, area.current, { singleLine })
    return () => binding.destroy()
  }, [text, singleLine])

  useEffect(() => {
    if (autoFocus) area.current?.focus()
  }, [autoFocus])

  const stand = (field: CardField | null) => awareness.setLocalStateField('field', field)
  const report = ({ currentTarget }: SyntheticEvent<HTMLTextAreaElement>) =>
    onCaret({ field: name, position: currentTarget.selectionStart })
  return (
    <div className={`sw-card-text sw-card-${name}`}>
      <div className="sw-card-label">
        <label htmlFor={id}>{label}</label>
        {others.map((other) => (
          <Face
            key={other.clientId}
            small
            name={other.name}
            label={words.isHere(other.name)}
            color={other.color}
          />
        ))}
      </div>
      <div className="sw-grow" data-content={content === '' ? placeholder : content}>
        <textarea
          ref={area}
          id={id}
          rows={1}
          placeholder={writable ? placeholder : words.noText}
          readOnly={!writable}
          onFocus={() => stand(name)}
          onBlur={() => stand(null)}
          onSelect={report}
          onKeyDown={singleLine ? leaveTitle : undefined}
        />
      </div>
    </div>
  )
}

/** Enter in the title goes on to the next text. */
function leaveTitle(event: KeyboardEvent<HTMLTextAreaElement>): void {
  if (event.key !== 'Enter' || event.nativeEvent.isComposing) return
  event.preventDefault()
  event.currentTarget.closest('.sw-card')?.querySelector<HTMLElement>('.sw-card-goal textarea')?.focus()
}

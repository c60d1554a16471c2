import { personColor } from '@storyweave/protocol'
import { useStrings } from '../provider/strings.ts'
import { Face } from '../ui/face.tsx'
import type { Suggestion } from './completion.ts'
import { composeStrings } from './strings.ts'
import type { Completion } from './use-completion.ts'

interface SuggestionListProps {
  readonly id: string
  readonly completion: Completion
  readonly side: 'above' | 'below'
}

export const optionId = (listId: string, index: number): string => `${listId}-${index}`

/** Who or what could be meant. The focus stays in the field: pressing an option must not take it. */
export function SuggestionList({ id, completion, side }: SuggestionListProps) {
  const words = useStrings('compose', composeStrings)
  const { token, suggestions, active, setActive, take } = completion
  return (
    <div
      id={id}
      className="sw-suggestions"
      role="listbox"
      data-side={side}
      aria-label={token?.kind === 'beat' ? words.beats : words.people}
    >
      {suggestions.map((suggestion, index) => (
        // The field has the keys: it names the active option and handles them (aria-activedescendant).
        // biome-ignore lint/a11y/useKeyWithClickEvents: see above
        // biome-ignore lint/a11y/useFocusableInteractive: see above
        <div
          key={suggestion.key}
          id={optionId(id, index)}
          role="option"
          aria-selected={index === active}
          onPointerDown={(event) => event.preventDefault()}
          onPointerMove={() => setActive(index)}
          onClick={() => take(suggestion)}
        >
          <SuggestionLabel suggestion={suggestion} kind={token?.kind ?? 'person'} />
        </div>
      ))}
    </div>
  )
}

interface SuggestionLabelProps {
  readonly suggestion: Suggestion
  readonly kind: 'person' | 'beat'
}

function SuggestionLabel({ suggestion: { number, label }, kind }: SuggestionLabelProps) {
  const words = useStrings('compose', composeStrings)
  return kind === 'person' ? (
    <>
      <span aria-hidden>
        <Face small name={label} color={personColor(number)} />
      </span>
      <span className="sw-suggestion-label">{label}</span>
    </>
  ) : (
    <>
      <span className="sw-suggestion-number">{number}</span>
      <span className="sw-suggestion-label">{label || words.untitled}</span>
    </>
  )
}

import type { Thread } from '@storyweave/client'
import { useSelf } from '../hooks/room.ts'
import { useStrings } from '../provider/strings.ts'
import { commentStrings } from './strings.ts'
import { FILTERS, type Filter, matches } from './thread-groups.ts'

interface FilterBarProps {
  readonly threads: readonly Thread[]
  readonly filter: Filter
  readonly onChange: (filter: Filter) => void
}

export function FilterBar({ threads, filter, onChange }: FilterBarProps) {
  const words = useStrings('comments', commentStrings)
  const myId = useSelf()?.user_id
  const count = (of: Filter) => threads.filter((thread) => matches(thread, of, myId)).length
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms
    <div className="sw-thread-filters" role="group" aria-label={words.show}>
      {FILTERS.map((one) => {
        const many = count(one)
        return (
          <button key={one} type="button" aria-pressed={one === filter} onClick={() => onChange(one)}>
            {words[one]}
            {many > 0 && <span className="sw-thread-count"> {many}</span>}
          </button>
        )
      })}
    </div>
  )
}

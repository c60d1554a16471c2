import { type KeyboardEvent, useState } from 'react'
import {
  type CompletionToken,
  type LinkableBeat,
  type MentionablePerson,
  type Suggestion,
  suggestBeats,
  suggestPeople,
  tokenAt,
} from './completion.ts'

export interface CompletionOptions {
  readonly text: string
  /** Undefined while a range is selected or the field is not in focus. */
  readonly caret: number | undefined
  readonly people: readonly MentionablePerson[]
  readonly beats: readonly LinkableBeat[]
  readonly onTake: (token: CompletionToken, suggestion: Suggestion) => void
}

export interface Completion {
  /** Undefined while there is nothing to suggest. */
  readonly token: CompletionToken | undefined
  readonly suggestions: readonly Suggestion[]
  /** The index of the suggestion that Enter takes. */
  readonly active: number
  readonly setActive: (index: number) => void
  readonly take: (suggestion: Suggestion) => void
  /** True where the key was for the list, and nothing else may follow it. */
  readonly handleKey: (event: KeyboardEvent) => boolean
}

const NONE: readonly Suggestion[] = []

/** What could be meant at the caret, and the keys that choose from it. */
export function useCompletion({ text, caret, people, beats, onTake }: CompletionOptions): Completion {
  const [dismissedAt, setDismissedAt] = useState<number>()
  const [chosen, setChosen] = useState({ of: '', index: 0 })
  const found = caret === undefined ? undefined : tokenAt(text, caret)
  // Typing on past a closed list must not open it again; another sign may.
  if (found === undefined && dismissedAt !== undefined && caret !== undefined) setDismissedAt(undefined)
  const open = found !== undefined && found.from !== dismissedAt
  const suggestions = open ? suggest(found, people, beats) : NONE
  const token = suggestions.length === 0 ? undefined : found
  const listKey = `${token?.from} ${token?.query}`
  const active = chosen.of === listKey ? Math.min(chosen.index, suggestions.length - 1) : 0
  const setActive = (index: number) => setChosen({ of: listKey, index })
  const take = (suggestion: Suggestion) => {
    if (token !== undefined) onTake(token, suggestion)
  }

  const handleKey = (event: KeyboardEvent): boolean => {
    const suggestion = suggestions[active]
    if (token === undefined || suggestion === undefined || hasModifier(event)) return false
    switch (event.key) {
      case 'ArrowDown':
        setActive((active + 1) % suggestions.length)
        return true
      case 'ArrowUp':
        setActive((active + suggestions.length - 1) % suggestions.length)
        return true
      case 'Enter':
      case 'Tab':
        take(suggestion)
        return true
      case 'Escape':
        setDismissedAt(token.from)
        return true
      default:
        return false
    }
  }
  return { token, suggestions, active, setActive, take, handleKey }
}

const hasModifier = ({ shiftKey, ctrlKey, altKey, metaKey }: KeyboardEvent): boolean =>
  shiftKey || ctrlKey || altKey || metaKey

const suggest = (
  { kind, query }: CompletionToken,
  people: readonly MentionablePerson[],
  beats: readonly LinkableBeat[],
): readonly Suggestion[] => (kind === 'person' ? suggestPeople(query, people) : suggestBeats(query, beats))

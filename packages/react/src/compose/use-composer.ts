import { type KeyboardEvent, type RefObject, useRef, useState } from 'react'
import { useExplain } from '../faults/use-explain.ts'
import { useIsomorphicLayoutEffect } from '../hooks/use-isomorphic-layout-effect.ts'
import { complete, type LinkableBeat, type MentionablePerson } from './completion.ts'
import { useCompletion } from './use-completion.ts'

export interface ComposerOptions {
  readonly maxChars: number
  readonly people: readonly MentionablePerson[]
  readonly beats: readonly LinkableBeat[]
  readonly value: string | undefined
  readonly defaultValue: string
  readonly onValueChange: ((text: string) => void) | undefined
  readonly onSend: (text: string) => void
  readonly onTyping: (() => void) | undefined
  readonly onCancel: (() => void) | undefined
}

/** A composer's words, caret and keys. */
export function useComposer(field: RefObject<HTMLTextAreaElement | null>, options: ComposerOptions) {
  const { maxChars, people, beats, onSend, onCancel } = options
  const [kept, setKept] = useState(options.defaultValue)
  const [caret, setCaret] = useState<number>()
  const [refusal, setRefusal] = useState<string>()
  const explain = useExplain()
  const text = options.value ?? kept
  const over = text.trim().length - maxChars
  const canSend = text.trim() !== '' && over <= 0
  const placeCaret = useCaretAfter(field, text)

  const write = (next: string) => {
    setKept(next)
    options.onValueChange?.(next)
    setRefusal(undefined)
  }
  const completion = useCompletion({
    text,
    caret,
    people,
    beats,
    onTake: (token, suggestion) => {
      const completed = complete(text, token, suggestion)
      write(completed.text)
      setCaret(completed.caret)
      placeCaret(completed.caret)
    },
  })
  const send = () => {
    if (!canSend) return
    // Before the words go: whoever sends them may lead somewhere else.
    field.current?.focus()
    try {
      onSend(text.trim())
      write('')
      setCaret(0)
    } catch (error) {
      setRefusal(explain(error))
    }
  }
  const follow = () => setCaret(caretOf(field.current))
  const typed = (next: string) => {
    write(next)
    follow()
    if (next.trim() !== '') options.onTyping?.()
  }
  const handleKey = (event: KeyboardEvent) => {
    // Enter that ends the composing of a character is not for us.
    if (event.nativeEvent.isComposing) return
    if (completion.handleKey(event)) {
      event.preventDefault()
      event.stopPropagation()
    } else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault()
      send()
    } else if (event.key === 'Escape' && onCancel !== undefined) {
      event.stopPropagation()
      onCancel()
    }
  }
  return {
    text,
    over,
    canSend,
    refusal,
    completion,
    send,
    typed,
    follow,
    handleKey,
    leave: () => setCaret(undefined),
  }
}

/** Where the caret stands, as long as nothing is selected. */
function caretOf(field: HTMLTextAreaElement | null): number | undefined {
  if (field === null || field.selectionStart !== field.selectionEnd) return undefined
  return field.selectionStart
}

/** Puts the caret somewhere once a text that is about to be shown is there. */
function useCaretAfter(field: RefObject<HTMLTextAreaElement | null>, text: string) {
  const wanted = useRef<number>(undefined)
  useIsomorphicLayoutEffect(() => {
    if (wanted.current === undefined) return
    field.current?.setSelectionRange(wanted.current, wanted.current)
    wanted.current = undefined
  }, [field, text])
  return (caret: number) => {
    wanted.current = caret
  }
}

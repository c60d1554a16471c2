import { SendHorizontal } from 'lucide-react'
import { type ComponentProps, forwardRef, useId, useImperativeHandle, useRef } from 'react'
import { useStrings } from '../provider/strings.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { classNames } from '../ui/class-names.ts'
import type { LinkableBeat, MentionablePerson } from './completion.ts'
import { composeStrings } from './strings.ts'
import { optionId, SuggestionList } from './suggestion-list.tsx'
import { useComposer } from './use-composer.ts'
import { useGrowing } from './use-growing.ts'

export interface ComposerProps
  extends Omit<ComponentProps<'form'>, 'ref' | 'onSubmit' | 'children' | 'defaultValue'> {
  /** What the field is for: its name for those who don't see where it stands. */
  readonly label: string
  readonly placeholder?: string
  readonly maxChars: number
  /** Whom `@` completes. */
  readonly people?: readonly MentionablePerson[]
  /** What `#` completes. */
  readonly beats?: readonly LinkableBeat[]
  /** Gets what was written, without the space around it. Where it throws, its reason is shown and the words stay. */
  readonly onSend: (text: string) => void
  /** Called at every letter. */
  readonly onTyping?: () => void
  /** Escape and a button beside the sending one give up. */
  readonly onCancel?: () => void
  /** The words, where something outside keeps them (`useDraft`); else the composer does. */
  readonly value?: string
  readonly onValueChange?: (text: string) => void
  /** What it begins with, where nothing outside keeps the words. */
  readonly defaultValue?: string
  /** The words of a sending button below the field; an icon named “Send” in it if left out. */
  readonly sendLabel?: string
  readonly autoFocus?: boolean
}

/** So near to the limit it is said how many characters are left. */
const NEAR = 0.9
/** As high as the longest list of suggestions, in pixels. */
const LIST_HEIGHT = 240

/**
 * A field for a message: grows with its words, Enter sends, Shift+Enter breaks the line, `@` completes people and `#`
 * beats. The ref is the field's.
 */
export const Composer = forwardRef<HTMLTextAreaElement, ComposerProps>(function Composer(
  {
    label,
    placeholder,
    maxChars,
    people = [],
    beats = [],
    onSend,
    onTyping,
    onCancel,
    value,
    onValueChange,
    defaultValue = '',
    sendLabel,
    autoFocus = false,
    className,
    ...props
  },
  ref,
) {
  const words = useStrings('compose', composeStrings)
  const field = useRef<HTMLTextAreaElement>(null)
  const id = useId()
  const keeping = { value, defaultValue, onValueChange }
  const composer = useComposer(field, { maxChars, people, beats, onSend, onTyping, onCancel, ...keeping })
  const { text, over, canSend, refusal, completion } = composer
  useImperativeHandle<HTMLTextAreaElement | null, HTMLTextAreaElement | null>(ref, () => field.current)
  useGrowing(field, text)
  const isOpen = completion.suggestions.length > 0
  const limit = over > 0 ? words.tooLong(over) : text.length > maxChars * NEAR ? words.left(-over) : ''
  return (
    <form
      {...props}
      className={classNames('sw-composer', className)}
      onSubmit={(event) => {
        event.preventDefault()
        composer.send()
      }}
    >
      <div className="sw-composer-box">
        <textarea
          ref={field}
          rows={1}
          value={text}
          aria-label={label}
          placeholder={placeholder ?? words.placeholder}
          enterKeyHint="send"
          autoComplete="off"
          // biome-ignore lint/a11y/noAutofocus: whoever opened the field did so to write in it
          autoFocus={autoFocus}
          aria-autocomplete="list"
          aria-haspopup="listbox"
          aria-controls={isOpen ? `${id}-list` : undefined}
          aria-activedescendant={isOpen ? optionId(`${id}-list`, completion.active) : undefined}
          aria-invalid={over > 0 || refusal !== undefined || undefined}
          aria-describedby={`${id}-limit`}
          onChange={(event) => composer.typed(event.target.value)}
          onSelect={composer.follow}
          onFocus={composer.follow}
          onBlur={composer.leave}
          onKeyDown={composer.handleKey}
        />
        {isOpen && <SuggestionList id={`${id}-list`} completion={completion} side={sideOf(field.current)} />}
        {sendLabel === undefined && (
          <IconButton type="submit" label={words.send} className="sw-composer-send" aria-disabled={!canSend}>
            <SendHorizontal aria-hidden size={17} />
          </IconButton>
        )}
      </div>
      <span className="sw-visually-hidden" role="status">
        {isOpen && words.suggestions(completion.suggestions.length)}
      </span>
      <p id={`${id}-limit`} className="sw-composer-limit" data-over={over > 0 || undefined}>
        {refusal ?? limit}
      </p>
      {(sendLabel !== undefined || onCancel !== undefined) && (
        <div className="sw-composer-actions">
          {onCancel !== undefined && <Button onClick={onCancel}>{words.cancel}</Button>}
          {sendLabel !== undefined && (
            <Button type="submit" variant="primary" aria-disabled={!canSend}>
              {sendLabel}
            </Button>
          )}
        </div>
      )}
    </form>
  )
})

const sideOf = (field: HTMLTextAreaElement | null): 'above' | 'below' =>
  (field?.getBoundingClientRect().top ?? LIST_HEIGHT) < LIST_HEIGHT ? 'below' : 'above'

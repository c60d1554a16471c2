import { useStrings } from '../provider/strings.ts'
import { Button } from '../ui/button.tsx'
import { useFocusHeir } from '../ui/use-focus-heir.ts'
import { editorStrings } from './strings.ts'

interface RefusedTitlesProps {
  readonly titles: readonly string[]
  readonly number: number
  readonly onCopy: (title: string) => void
  /** Into the field, where it can be written. */
  readonly onPutBack: ((title: string) => void) | undefined
  readonly onThrowAway: (title: string) => void
}

/** A scene's titles that the server did not take: nobody sends them again but their writer. */
export function RefusedTitles({ titles, number, onCopy, onPutBack, onThrowAway }: RefusedTitlesProps) {
  const words = useStrings('editor', editorStrings)
  const focus = useFocusHeir(({ frame, around }) =>
    frame.isConnected ? frame.querySelector('button') : (around?.querySelector('input') ?? around),
  )
  if (titles.length === 0) return null
  return (
    <section
      className="sw-notice sw-refused"
      data-tone="bad"
      aria-label={words.titleRefusedOf(number)}
      {...focus}
    >
      <p>
        <b>{words.titleRefused}</b> {words.titleRefusedKept}
      </p>
      <ul>
        {titles.map((title) => (
          <li key={title} className="sw-kept">
            <blockquote>{title}</blockquote>
            <span className="sw-kept-actions">
              {onPutBack !== undefined && (
                <Button onClick={() => onPutBack(title)}>{words.titlePutBack}</Button>
              )}
              <Button onClick={() => onCopy(title)}>{words.copyTitle}</Button>
              <Button variant="danger" onClick={() => onThrowAway(title)}>
                {words.titleThrowAway}
              </Button>
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

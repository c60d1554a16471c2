import type { LockQuestion } from '@storyweave/client'
import { type ComponentProps, type CSSProperties, forwardRef } from 'react'
import { useBeat } from '../hooks/room.ts'
import { useAction } from '../hooks/use-action.ts'
import { useBeatLock } from '../hooks/use-beat-lock.ts'
import { useRoomState } from '../provider/room.ts'
import { useStrings } from '../provider/strings.ts'
import { useTimeLeft } from '../provider/ticker.ts'
import { Button } from '../ui/button.tsx'
import { classNames } from '../ui/class-names.ts'
import { lockStrings } from './strings.ts'
import { useLockNews } from './use-lock-news.ts'
import { usePersonColor } from './use-person-color.ts'

/**
 * Whoever asks me for a beat that I have locked, wherever in the room I am, with the time that is left to answer.
 * It takes no focus: I may be in the middle of a word.
 */
export const LockQuestions = forwardRef<HTMLElement, ComponentProps<'section'>>(function LockQuestions(
  { className, ...props },
  ref,
) {
  const words = useStrings('locks', lockStrings)
  const questions = useRoomState(({ lockQuestions }) => lockQuestions)
  useLockNews()
  return (
    <section
      aria-label={words.questions}
      // There from the start, or the first question would not be told.
      aria-live="assertive"
      {...props}
      ref={ref}
      className={classNames('sw-lock-questions', className)}
    >
      {questions.map((question) => (
        <Question key={`${question.beatId} ${question.userId}`} question={question} />
      ))}
    </section>
  )
})

function Question({ question }: { readonly question: LockQuestion }) {
  const words = useStrings('locks', lockStrings)
  const beat = useBeat(question.beatId)
  const { answer } = useBeatLock(question.beatId)
  const { busy, run } = useAction(answer)
  const color = usePersonColor(question.userId)
  const left = useTimeLeft(question.endsAt, words.handedOverIn)
  return (
    <div className="sw-lock-question" style={{ '--c': color } as CSSProperties}>
      <p>
        <b>{words.wants(question.userName, words.beat(beat?.title ?? ''))}</b>{' '}
        <span>{words.unlessYouWrite}</span>
      </p>
      <div className="sw-lock-answers">
        <Button busy={busy} onClick={() => run(false)}>
          {words.keep}
        </Button>
        <Button variant="primary" busy={busy} onClick={() => run(true)}>
          {words.handOver}
        </Button>
        <span className="sw-lock-left" aria-live="off">
          {left}
        </span>
      </div>
    </div>
  )
}

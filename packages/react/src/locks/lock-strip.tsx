import type { HeldLock } from '@storyweave/client'
import { Lock } from 'lucide-react'
import { type ComponentProps, type CSSProperties, forwardRef } from 'react'
import { useCan, useConnectionStatus } from '../hooks/room.ts'
import { useAction } from '../hooks/use-action.ts'
import { type BeatLockState, useBeatLock } from '../hooks/use-beat-lock.ts'
import { useStrings } from '../provider/strings.ts'
import { useTimeLeft } from '../provider/ticker.ts'
import { Button } from '../ui/button.tsx'
import { classNames } from '../ui/class-names.ts'
import { useFocusHeir } from '../ui/use-focus-heir.ts'
import { EndLock } from './end-lock.tsx'
import { lockStrings } from './strings.ts'
import { usePersonColor } from './use-person-color.ts'

export interface LockStripProps extends ComponentProps<'div'> {
  readonly beatId: number
}

/** Above a beat's card: who has it for themselves and for how long, or the way to have it oneself. */
export const LockStrip = forwardRef<HTMLDivElement, LockStripProps>(function LockStrip(
  { beatId, className, style, onFocus, onBlur, ...props },
  ref,
) {
  const lock = useBeatLock(beatId)
  const mayWrite = useCan('write')
  const isConnected = useConnectionStatus().state === 'connected'
  const color = usePersonColor(lock.held?.locked_by)
  // Asking is answered in words; a press on what stands beside them is another matter.
  const focus = useFocusHeir<HTMLDivElement>(
    ({ frame }) => frame.querySelector('.sw-lock-asked, button') ?? frame,
    {
      onFocus,
      onBlur,
    },
  )
  const state = lock.held === undefined ? 'free' : lock.mine ? 'mine' : 'others'
  return (
    <div
      // Told when somebody locks or frees the beat; what counts down is not.
      aria-live="polite"
      {...props}
      {...focus}
      ref={ref}
      className={classNames('sw-lock', className)}
      data-lock={state}
      style={{ '--c': color, ...style } as CSSProperties}
    >
      {lock.held === undefined ? (
        mayWrite && isConnected && <TakeLock lock={lock} />
      ) : lock.mine ? (
        <MyLock held={lock.held} lock={lock} />
      ) : (
        <OthersLock held={lock.held} lock={lock} mayAsk={mayWrite && isConnected} />
      )}
    </div>
  )
})

function TakeLock({ lock }: { readonly lock: BeatLockState }) {
  const words = useStrings('locks', lockStrings)
  const { busy, run } = useAction(() => lock.lock())
  return (
    <Button className="sw-lock-take" title={words.lockHint} busy={busy} onClick={() => run()}>
      <Lock aria-hidden size={15} />
      {words.lock}
    </Button>
  )
}

interface HeldProps {
  readonly held: HeldLock
  readonly lock: BeatLockState
}

function MyLock({ held, lock }: HeldProps) {
  const words = useStrings('locks', lockStrings)
  const { busy, run } = useAction(() => lock.unlock())
  return (
    <p className="sw-lock-mine">
      <Lock aria-hidden size={14} />
      <span>{words.mine}</span>
      <TimeLeft endsAt={held.endsAt} words={words.left} />
      <Button busy={busy} onClick={() => run()}>
        {words.release}
      </Button>
    </p>
  )
}

function OthersLock({ held, lock, mayAsk }: HeldProps & { readonly mayAsk: boolean }) {
  const words = useStrings('locks', lockStrings)
  return (
    <div className="sw-notice sw-lock-strip">
      <p>
        <b>{words.held(held.locked_by_name)}</b>
        <TimeLeft endsAt={held.endsAt} words={words.left} />
      </p>
      {mayAsk && (
        <span className="sw-notice-actions">
          <AskFor name={held.locked_by_name} lock={lock} />
          <EndLock name={held.locked_by_name} onEnd={lock.unlock} />
        </span>
      )}
    </div>
  )
}

function AskFor({ name, lock }: { readonly name: string; readonly lock: BeatLockState }) {
  const words = useStrings('locks', lockStrings)
  const { busy, run } = useAction(() => lock.ask())
  const { asked } = lock
  if (asked?.state === 'waiting') {
    return (
      <span className="sw-lock-asked">
        {words.asked(name)}
        {asked.endsAt !== undefined && <TimeLeft endsAt={asked.endsAt} words={words.answerWithin} />}
      </span>
    )
  }
  const isDeclined = asked?.state === 'declined'
  return (
    <>
      {isDeclined && <span className="sw-lock-asked">{words.declined(name)}</span>}
      <Button busy={busy} onClick={() => run()}>
        {isDeclined ? words.askAgain : words.ask}
      </Button>
    </>
  )
}

interface TimeLeftProps {
  readonly endsAt: number
  readonly words: (ms: number) => string
}

function TimeLeft({ endsAt, words }: TimeLeftProps) {
  const left = useTimeLeft(endsAt, words)
  return (
    <span className="sw-lock-time" aria-live="off">
      {' · '}
      {left}
    </span>
  )
}

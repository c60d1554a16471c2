import { Lock } from 'lucide-react'
import { type ComponentProps, type CSSProperties, forwardRef } from 'react'
import { useBeatLock } from '../hooks/use-beat-lock.ts'
import { useStrings } from '../provider/strings.ts'
import { classNames } from '../ui/class-names.ts'
import { lockStrings } from './strings.ts'
import { usePersonColor } from './use-person-color.ts'

export interface LockBadgeProps extends ComponentProps<'span'> {
  readonly beatId: number
}

/** A lock in its holder's colour, for lists of beats; nothing where the beat is free. */
export const LockBadge = forwardRef<HTMLSpanElement, LockBadgeProps>(function LockBadge(
  { beatId, className, style, ...props },
  ref,
) {
  const words = useStrings('locks', lockStrings)
  const { held, mine } = useBeatLock(beatId)
  const color = usePersonColor(held?.locked_by)
  if (held === undefined) return null
  const label = mine ? words.mine : words.badge(held.locked_by_name)
  return (
    <span
      role="img"
      aria-label={label}
      title={label}
      {...props}
      ref={ref}
      className={classNames('sw-lock-badge', className)}
      style={{ '--c': color, ...style } as CSSProperties}
    >
      <Lock aria-hidden size={14} strokeWidth={2.25} />
    </span>
  )
})

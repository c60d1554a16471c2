import { type ComponentProps, type CSSProperties, forwardRef } from 'react'
import { useStrings } from '../provider/strings.ts'
import { classNames } from '../ui/class-names.ts'
import { personVariable } from '../ui/person.ts'
import { useFocusHeir } from '../ui/use-focus-heir.ts'
import { followStrings } from './strings.ts'
import type { Follow } from './use-follow.ts'

export interface FollowStripProps extends ComponentProps<'div'> {
  readonly following: Follow
}

/** Whom I follow, in their colour, and how to stop. */
export const FollowStrip = forwardRef<HTMLDivElement, FollowStripProps>(function FollowStrip(
  { following: { user, stop }, className, style, onFocus, onBlur, ...props },
  ref,
) {
  const words = useStrings('follow', followStrings)
  // To the faces, by which one begins to follow.
  const focus = useFocusHeir<HTMLDivElement>(
    ({ around }) => around?.querySelector('.sw-face-link') ?? around,
    { onFocus, onBlur },
  )
  return (
    <div
      // There from the start, or its words would not be told.
      role="status"
      {...props}
      {...focus}
      ref={ref}
      className={classNames('sw-follow', className)}
      style={{ '--c': personVariable(user?.color ?? ''), ...style } as CSSProperties}
    >
      {user !== undefined && (
        <p>
          {words.following(user.user_name)}
          <button type="button" onClick={stop}>
            {words.stop}
          </button>
        </p>
      )}
    </div>
  )
})

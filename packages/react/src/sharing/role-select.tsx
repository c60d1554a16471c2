import type { Role } from '@storyweave/protocol'
import { type ComponentProps, forwardRef } from 'react'
import { useStrings } from '../provider/strings.ts'
import { classNames } from '../ui/class-names.ts'
import { sharingStrings } from './strings.ts'

export interface RoleSelectProps extends ComponentProps<'select'> {
  readonly roles: readonly Role[]
}

/** One of the roles that can be given here. */
export const RoleSelect = forwardRef<HTMLSelectElement, RoleSelectProps>(function RoleSelect(
  { roles, className, ...props },
  ref,
) {
  const words = useStrings('sharing', sharingStrings)
  return (
    <select {...props} ref={ref} className={classNames('sw-select', className)}>
      {roles.map((role) => (
        <option key={role} value={role}>
          {words.roles[role]}
        </option>
      ))}
    </select>
  )
})

export const GUEST_ROLES = ['editor', 'viewer'] as const
export const ALL_ROLES = ['owner', 'editor', 'viewer'] as const

/** The role of a `select` that offers `roles`. */
export const roleIn = <Some extends Role>(roles: readonly Some[], value: string): Some | undefined =>
  roles.find((role) => role === value)

import { type ComponentProps, forwardRef } from 'react'
import { classNames } from './class-names.ts'

export interface ButtonProps extends ComponentProps<'button'> {
  /** `primary`: the one thing to do here · `quiet`: beside it · `danger`: takes something away. */
  readonly variant?: 'primary' | 'quiet' | 'danger'
  /** Waiting for an answer: stays in place and in focus, does nothing. */
  readonly busy?: boolean
}

export const Button = forwardRef<HTMLButtonElement, ButtonProps>(function Button(
  { variant = 'quiet', busy = false, className, onClick, ...props },
  ref,
) {
  return (
    <button
      type="button"
      {...props}
      ref={ref}
      className={classNames('sw-button', `sw-button-${variant}`, className)}
      aria-disabled={busy || props['aria-disabled']}
      onClick={(event) => {
        if (busy) event.preventDefault()
        else onClick?.(event)
      }}
    />
  )
})

export interface IconButtonProps extends ComponentProps<'button'> {
  /** What it does, for those who don't see the icon, and as its tooltip. */
  readonly label: string
}

export const IconButton = forwardRef<HTMLButtonElement, IconButtonProps>(function IconButton(
  { label, className, ...props },
  ref,
) {
  return (
    <button
      type="button"
      {...props}
      ref={ref}
      aria-label={label}
      title={label}
      className={classNames('sw-icon-button', className)}
    />
  )
})

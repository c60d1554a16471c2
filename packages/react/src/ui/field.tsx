import { type ComponentProps, forwardRef, type ReactNode, useId } from 'react'

interface Labelled {
  readonly label: string
  readonly hint?: ReactNode
  readonly error?: string | undefined
}

export const TextField = forwardRef<HTMLInputElement, Labelled & ComponentProps<'input'>>(function TextField(
  { label, hint, error, ...props },
  ref,
) {
  const ids = useFieldIds(hint, error)
  return (
    <FieldFrame label={label} hint={hint} error={error} ids={ids}>
      <input className="sw-input" {...props} {...ids.control} ref={ref} />
    </FieldFrame>
  )
})

export const TextAreaField = forwardRef<HTMLTextAreaElement, Labelled & ComponentProps<'textarea'>>(
  function TextAreaField({ label, hint, error, ...props }, ref) {
    const ids = useFieldIds(hint, error)
    return (
      <FieldFrame label={label} hint={hint} error={error} ids={ids}>
        <textarea className="sw-input" {...props} {...ids.control} ref={ref} />
      </FieldFrame>
    )
  },
)

type FieldIds = ReturnType<typeof useFieldIds>

function useFieldIds(hint: ReactNode, error: string | undefined) {
  const id = useId()
  const described = [hint !== undefined && `${id}-hint`, error !== undefined && `${id}-error`].filter(Boolean)
  return {
    id,
    control: {
      id,
      'aria-describedby': described.length > 0 ? described.join(' ') : undefined,
      'aria-invalid': error !== undefined || undefined,
    },
  }
}

function FieldFrame({
  label,
  hint,
  error,
  ids,
  children,
}: Labelled & { readonly ids: FieldIds; readonly children: ReactNode }) {
  return (
    <div className="sw-field">
      <label htmlFor={ids.id}>{label}</label>
      {children}
      {hint !== undefined && (
        <p id={`${ids.id}-hint`} className="sw-field-hint">
          {hint}
        </p>
      )}
      {error !== undefined && (
        <p id={`${ids.id}-error`} className="sw-field-error">
          {error}
        </p>
      )}
    </div>
  )
}

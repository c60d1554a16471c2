import { type ReactNode, useId } from 'react'

interface SectionProps {
  readonly title: string
  readonly words?: ReactNode
  readonly children: ReactNode
}

/** One sheet of the account. */
export function Section({ title, words, children }: SectionProps) {
  const id = useId()
  return (
    <section aria-labelledby={id} className="account-sheet">
      <h2 id={id}>{title}</h2>
      {words !== undefined && <p className="account-words">{words}</p>}
      {children}
    </section>
  )
}

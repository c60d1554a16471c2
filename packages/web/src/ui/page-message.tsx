import type { ReactNode } from 'react'

interface PageMessageProps {
  readonly title: string
  readonly children: ReactNode
  /** The way out. */
  readonly action?: ReactNode
}

/** A page that has only something to say: what happened, what was kept, what to do. */
export function PageMessage({ title, children, action }: PageMessageProps) {
  return (
    <main className="page-message">
      <h1>{title}</h1>
      <p>{children}</p>
      {action !== undefined && <div className="page-message-action">{action}</div>}
    </main>
  )
}

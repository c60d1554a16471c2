import type { ReactNode } from 'react'

interface NoticeProps {
  readonly tone?: 'quiet' | 'warn' | 'bad'
  /** Interrupts a screen reader: only for what the reader must know now. */
  readonly urgent?: boolean
  readonly children: ReactNode
  readonly action?: ReactNode
}

/** A strip above what it is about. */
export function Notice({ tone = 'quiet', urgent = false, children, action }: NoticeProps) {
  return (
    <div className="sw-notice" data-tone={tone} role={urgent ? 'alert' : 'note'}>
      <p>{children}</p>
      {action}
    </div>
  )
}

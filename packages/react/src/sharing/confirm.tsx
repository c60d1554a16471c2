import { type ReactNode, useEffect, useRef } from 'react'
import { Button } from '../ui/button.tsx'

export interface ConfirmProps {
  readonly question: ReactNode
  readonly yes: string
  readonly no: string
  readonly busy: boolean
  readonly onYes: () => void
  readonly onNo: () => void
}

/** Asks once more where something can't be taken back, in the place of what was pressed. */
export function Confirm({ question, yes, no, busy, onYes, onNo }: ConfirmProps) {
  const keep = useRef<HTMLDivElement>(null)
  // What was pressed is gone: the focus goes to the answer that changes nothing.
  useEffect(() => keep.current?.querySelector('button')?.focus(), [])
  return (
    <div ref={keep} className="sw-confirm" role="alert">
      <p>{question}</p>
      <span className="sw-confirm-answers">
        <Button onClick={onNo}>{no}</Button>
        <Button variant="danger" busy={busy} onClick={onYes}>
          {yes}
        </Button>
      </span>
    </div>
  )
}

import { Button, explain, Waiting } from '@storyweave/react/ui'
import type { UseQueryResult } from '@tanstack/react-query'
import { Children, type ReactNode } from 'react'

interface HistoryListProps {
  readonly query: Pick<UseQueryResult, 'isPending' | 'isError' | 'error' | 'refetch'>
  readonly children: ReactNode
}

/** What has happened, the newest first; or why it can't be told. */
export function HistoryList({ query, children }: HistoryListProps) {
  const isEmpty = Children.toArray(children).length === 0
  if (query.isPending) return <Waiting what="Fetching what has changed…" />
  // What was fetched before stays while the server can't be asked anew.
  if (query.isError && isEmpty) {
    return (
      <div className="panel-empty" role="alert">
        <p>{explain(query.error)}</p>
        <Button onClick={() => void query.refetch()}>Try again</Button>
      </div>
    )
  }
  if (isEmpty) return <p className="panel-empty">Nothing has changed yet.</p>
  return (
    <ol className="history" aria-label="Last changed">
      {children}
    </ol>
  )
}

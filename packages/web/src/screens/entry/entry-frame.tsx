import type { ReactNode } from 'react'

interface EntryFrameProps {
  readonly title: string
  readonly children: ReactNode
  /** The way to the other entry screen. */
  readonly aside?: ReactNode
}

/** The sheet that the entry screens stand on. */
export function EntryFrame({ title, children, aside }: EntryFrameProps) {
  return (
    <main className="entry">
      <p className="entry-name">StoryWeave</p>
      <div className="entry-sheet">
        <h1>{title}</h1>
        {children}
      </div>
      {aside !== undefined && <p className="entry-aside">{aside}</p>}
    </main>
  )
}

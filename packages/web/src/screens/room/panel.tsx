import { useThreadCounts } from '@storyweave/react'
import { IconButton, Waiting } from '@storyweave/react/ui'
import { X } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { PANELS, type PanelName } from './panel-search.ts'
import { PartFailed } from './part-failed.tsx'
import { UnreadChat } from './unread-chat.tsx'
import { usePanel } from './use-panel.ts'

const LABELS: Readonly<Record<PanelName, string>> = {
  comments: 'Comments',
  chat: 'Chat',
  history: 'History',
  people: 'People',
}

const CONTENTS = {
  comments: lazy(() => import('./panels/comments-panel.tsx')),
  chat: lazy(() => import('./panels/chat-panel.tsx')),
  history: lazy(() => import('./panels/history-panel.tsx')),
  people: lazy(() => import('./panels/people-panel.tsx')),
} satisfies Record<PanelName, unknown>

/** What stands beside the text, one thing at a time. One that fails leaves the others and the text alone. */
export function Panel() {
  const { panel, show } = usePanel()
  if (panel === 'none') return null
  const Content = CONTENTS[panel]
  return (
    <aside className="panel" aria-label={LABELS[panel]}>
      <nav className="panel-tabs" aria-label="Beside the text">
        {PANELS.map((name) => (
          <button key={name} type="button" aria-pressed={name === panel} onClick={() => show(name)}>
            {LABELS[name]}
            {name === 'chat' && <UnreadChat />}
            {name === 'comments' && <OpenThreads />}
          </button>
        ))}
        <IconButton label="Close the panel" className="panel-close" onClick={() => show('none')}>
          <X aria-hidden size={16} />
        </IconButton>
      </nav>
      <PartFailed key={panel} what={LABELS[panel]}>
        <Suspense fallback={<Waiting what="One moment…" />}>
          <Content />
        </Suspense>
      </PartFailed>
    </aside>
  )
}

function OpenThreads() {
  const { open } = useThreadCounts()
  return open === 0 ? null : <span className="panel-count">{open}</span>
}

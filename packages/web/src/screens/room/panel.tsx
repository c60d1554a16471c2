import { useThreadCounts } from '@storyweave/react'
import { IconButton } from '@storyweave/react/ui'
import { X } from 'lucide-react'
import { Later } from './later.tsx'
import { PANELS, type PanelName } from './panel-search.ts'
import { PartFailed } from './part-failed.tsx'
import { UnreadChat } from './unread-chat.tsx'
import { usePanel } from './use-panel.ts'
import { usePanelFocus } from './use-panel-focus.ts'

const LABELS: Readonly<Record<PanelName, string>> = {
  comments: 'Comments',
  chat: 'Chat',
  history: 'History',
  people: 'People',
}

const CONTENTS = {
  comments: () => import('./panels/comments-panel.tsx'),
  chat: () => import('./panels/chat-panel.tsx'),
  history: () => import('./panels/history-panel.tsx'),
  people: () => import('./panels/people-panel.tsx'),
} satisfies Record<PanelName, unknown>

/** What stands beside the text, one thing at a time. One that fails leaves the others and the text alone. */
export function Panel() {
  const { panel, show } = usePanel()
  const focus = usePanelFocus(panel, () => show('none'))
  if (panel === 'none') return null
  return (
    <aside className="panel" aria-label={LABELS[panel]} tabIndex={-1} {...focus}>
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
        <Later load={CONTENTS[panel]} />
      </PartFailed>
    </aside>
  )
}

function OpenThreads() {
  const { open } = useThreadCounts()
  return open === 0 ? null : <span className="panel-count">{open}</span>
}

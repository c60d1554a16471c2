import type { Story } from '@storyweave/protocol'
import { FollowStrip, LockQuestions, useConnectionStatus, useFollow } from '@storyweave/react'
import { Button, Late, latePart, Notice, Waiting } from '@storyweave/react/ui'
import { useEffect, useState } from 'react'
import { useMe } from '../../app/session.ts'
import { useVisit } from '../shelf/visited.ts'
import { BeatScreen } from './beat-screen.tsx'
import { EndedNotice } from './ended.tsx'
import { NoBeat } from './no-beat.tsx'
import { Outline } from './outline.tsx'
import { Panel } from './panel.tsx'
import { PhoneTabs, type RoomTab } from './phone-tabs.tsx'
import type { RoomAddress } from './room-address.ts'
import { TopBar } from './top-bar.tsx'
import { usePanel } from './use-panel.ts'
import { useRoomCommands } from './use-room-commands.ts'
import { useThreadAddress } from './use-thread-address.ts'

const BOARD = latePart(() => import('./board.tsx'))

interface RoomFrameProps {
  readonly story: Story
  readonly address: RoomAddress
}

/** The room's places: bar above, outline, the story, what stands beside it; on a phone one of the three at a time. */
export function RoomFrame({ story, address }: RoomFrameProps) {
  const [tab, setTab] = useState<RoomTab>(address.view === 'start' ? 'outline' : 'write')
  const { panel, message, show } = usePanel()
  useThreadAddress(setTab)
  useEffect(() => {
    // What led to a message leads a phone to the column that shows it.
    if (message !== undefined) setTab('beside')
  }, [message])
  const openBeatId = address.view === 'beat' ? address.beatId : undefined
  useRoomCommands(openBeatId)
  useVisit(useMe().user_id, story.id)
  const connection = useConnectionStatus()
  const following = useFollow()
  return (
    <div className="room" data-tab={tab} data-panel={panel}>
      <TopBar story={story} view={address.view === 'board' ? 'board' : 'beat'} following={following} />
      <FollowStrip following={following} />
      <main className="columns">
        <Outline openBeatId={openBeatId} onOpen={() => setTab('write')} />
        <div className="desk" data-view={address.view} tabIndex={-1}>
          {connection.state === 'ended' && (
            <div className="page-notice">
              <EndedNotice reason={connection.reason} />
            </div>
          )}
          <Middle address={address} />
        </div>
        <Panel />
      </main>
      <LockQuestions />
      <PhoneTabs
        tab={tab}
        view={address.view === 'board' ? 'board' : 'beat'}
        onChange={(chosen) => {
          setTab(chosen)
          if (chosen === 'beside' && panel === 'none') show('comments')
        }}
      />
    </div>
  )
}

function Middle({ address }: { readonly address: RoomAddress }) {
  switch (address.view) {
    case 'beat':
      return <BeatScreen key={address.beatId} beatId={address.beatId} />
    case 'board':
      return <LateBoard />
    case 'start':
      return <NoBeat />
  }
}

/** The board, whose code comes when somebody goes there. */
function LateBoard() {
  const [isFailed, setFailed] = useState(false)
  if (!isFailed) {
    const fallback = <Waiting what="Opening the board…" />
    return <Late part={BOARD} props={{}} fallback={fallback} onFailed={() => setFailed(true)} />
  }
  return (
    <div className="page-notice">
      <Notice tone="warn" action={<Button onClick={() => setFailed(false)}>Try again</Button>}>
        The board could not be opened.
      </Notice>
    </div>
  )
}

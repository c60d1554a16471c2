import type { StoryRoomSnapshot } from '@storyweave/client'
import type { Story } from '@storyweave/protocol'
import { useState } from 'react'
import { BeatScreen } from './beat-screen.tsx'
import { EndedNotice } from './ended.tsx'
import { NoBeat } from './no-beat.tsx'
import { Outline } from './outline.tsx'
import { PhoneTabs, type RoomTab } from './phone-tabs.tsx'
import { TopBar } from './top-bar.tsx'

interface RoomFrameProps {
  readonly snapshot: StoryRoomSnapshot
  readonly story: Story
  readonly beatId: number | undefined
}

/** The room's places: bar above, outline beside, the beat in the middle; on a phone one of the last two at a time. */
export function RoomFrame({ snapshot, story, beatId }: RoomFrameProps) {
  const [tab, setTab] = useState<RoomTab>(beatId === undefined ? 'outline' : 'write')
  const { connection, beats, save, keptOn } = snapshot
  const beat = beats.find(({ id }) => id === beatId)
  return (
    <div className="room" data-tab={tab}>
      <TopBar story={story} save={save} connection={connection.state} keptOn={keptOn} />
      <main className="columns">
        <Outline beats={beats} openBeatId={beatId} onOpen={() => setTab('write')} />
        <div className="desk" tabIndex={-1}>
          {connection.state === 'ended' && (
            <div className="page-notice">
              <EndedNotice reason={connection.reason} />
            </div>
          )}
          {beatId === undefined ? (
            <NoBeat beats={beats} />
          ) : (
            <BeatScreen key={beatId} beatId={beatId} beat={beat} beats={beats} />
          )}
        </div>
      </main>
      <PhoneTabs tab={tab} onChange={setTab} />
    </div>
  )
}

import type { StoryRoomApi } from '@storyweave/client'
import type { ReactNode } from 'react'
import { RoomContext, type RoomView } from './room.ts'
import { type Weave, WeaveContext } from './weave.ts'

/** What stands around a part in its tests; of everything there is as much as the part uses. */
export function frameOf({
  weave,
  room,
  store,
}: {
  readonly weave: object
  readonly room: object
  readonly store: RoomView['store']
}) {
  const view = { room: room as StoryRoomApi, store, goTo: () => {}, hrefOf: undefined }
  return ({ children }: { readonly children: ReactNode }) => (
    <WeaveContext.Provider value={{ strings: {}, ...weave } as Weave}>
      <RoomContext.Provider value={view}>{children}</RoomContext.Provider>
    </WeaveContext.Provider>
  )
}

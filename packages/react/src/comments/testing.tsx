import type { OutgoingComment, RestClient, StoryRoomApi, StoryRoomSnapshot, Thread } from '@storyweave/client'
import type { Comment, Outline, Role } from '@storyweave/protocol'
import type { ReactNode } from 'react'
import { RoomContext } from '../provider/room.ts'
import { type Weave, WeaveContext } from '../provider/weave.ts'

const AT = '2026-03-01T12:00:00.000Z'

/** A comment of Ann's on beat 1. */
export const comment = (id: number, more: Partial<Comment> = {}): Comment => ({
  id,
  story_id: 1,
  beat_id: 1,
  scene_id: null,
  parent_comment_id: null,
  user_id: 1,
  user_name: 'Ann',
  content: `Comment ${id}.`,
  mentions: [],
  anchor: null,
  quote: null,
  detached: false,
  resolved: false,
  resolved_by: null,
  deleted: false,
  created_at: AT,
  updated_at: AT,
  ...more,
})

export const thread = (
  id: number,
  more: Partial<Comment> = {},
  replies: readonly Comment[] = [],
): Thread => ({
  first: comment(id, more),
  replies,
})

export const outline = (...titles: readonly string[]): Outline =>
  titles.map((title, index) => ({ id: index + 1, beat_index: index, act: null, title, scenes: [] }))

interface RoomOfComments {
  readonly threads?: readonly Thread[]
  readonly outgoing?: readonly OutgoingComment[]
  readonly state?: StoryRoomSnapshot['threads']['state']
  /** Who looks; Ann is 1, and the owner if left out. */
  readonly me?: { readonly user_id: number; readonly role: Role }
}

/** A room that has these comments and remembers what was asked of it. */
export function roomOfComments({ threads = [], outgoing = [], state = 'ready', me }: RoomOfComments) {
  const asked: unknown[] = []
  const ask =
    (name: string) =>
    (...of: readonly unknown[]) => {
      asked.push([name, ...of])
      return Promise.resolve()
    }
  const snapshot = {
    connection: { state: 'connected' },
    me: { connection_id: 'c', user_id: 1, role: 'owner', ...me },
    users: [],
    beats: outline('One', 'Two'),
    threads: { state, threads, outgoing },
    typing: [],
  } as unknown as StoryRoomSnapshot
  const store = { subscribe: () => () => {}, getSnapshot: () => snapshot }
  const room = {
    ...store,
    storyId: 1,
    openThreads: () => Promise.resolve(),
    resolveThread: ask('resolve'),
    reopenThread: ask('reopen'),
    createComment: ask('create'),
    updateComment: ask('update'),
    retryMessage: ask('retry'),
    discardMessage: ask('discard'),
    setTyping: () => {},
  } as unknown as StoryRoomApi
  const weave = {
    rest: { permissions: { list: () => Promise.resolve({ permissions: [] }) } } as unknown as RestClient,
    me: { user_id: me?.user_id ?? 1, name: 'Ann' },
    toasts: { say: () => {}, complain: () => {} },
    strings: {},
  } as unknown as Weave
  const goTo = (place: unknown) => void asked.push(['goTo', place])
  const Frame = ({ children }: { readonly children: ReactNode }) => (
    <WeaveContext.Provider value={weave}>
      <RoomContext.Provider value={{ room, store, goTo, hrefOf: undefined }}>{children}</RoomContext.Provider>
    </WeaveContext.Provider>
  )
  return { room, asked, Frame }
}

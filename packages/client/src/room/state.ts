import {
  applyStoryEvent,
  type InitialState,
  type Outline,
  type PresentUser,
  type ServerMessage,
  type Story,
  type StoryEvent,
} from '@storyweave/protocol'
import type { RemoteCursor } from '../types.ts'
import { applyPresence, keepCursors, moveCursor } from './people.ts'

/** What the server's messages say of the story. */
export interface RoomState {
  readonly me: InitialState['me'] | undefined
  readonly story: Story | undefined
  readonly users: readonly PresentUser[]
  readonly beats: Outline
  readonly cursors: readonly RemoteCursor[]
  /** Notifications not read when the room was entered, and those since. */
  readonly unread: number
  /** The last event that `story` and `beats` hold; undefined before the first `initial_state`. */
  readonly storySeq: number | undefined
  /**
   * `initial_state` spoke of later events that are still to be told one by one, from behind this one on: not all of
   * what they say stands in it. Undefined where nothing is owed.
   */
  readonly owedAfter: number | undefined
}

export const EMPTY_ROOM: RoomState = {
  me: undefined,
  story: undefined,
  users: [],
  beats: [],
  cursors: [],
  unread: 0,
  storySeq: undefined,
  owedAfter: undefined,
}

/** The state after a message, or `gap` where an event before this one was never seen. */
export function applyMessage(state: RoomState, message: ServerMessage): RoomState | 'gap' {
  switch (message.type) {
    case 'initial_state':
      return begin(message, state)
    case 'resync':
      return { ...state, owedAfter: undefined }
    case 'presence_update': {
      const users = applyPresence(state.users, message)
      const present = new Set(users.map(({ user_id }) => user_id))
      return { ...state, users, cursors: keepCursors(state.cursors, ({ userId }) => present.has(userId)) }
    }
    case 'cursor_move':
      return message.user_id === state.me?.user_id
        ? state
        : { ...state, cursors: moveCursor(state.cursors, message) }
    case 'edit':
      return withTitle(state, message.beat_id, message.changes.title)
    case 'permission_changed':
      return withRole(state, message.role)
    case 'beat_created':
    case 'beat_deleted':
    case 'beat_restored':
    case 'beats_reordered':
    case 'scene_created':
    case 'scene_deleted':
    case 'scene_restored':
    case 'scene_moved':
    case 'scene_changed':
    case 'story_changed':
    case 'chat':
    case 'comment':
      return applyEvent(state, message)
    case 'notification':
      return message.read ? state : { ...state, unread: state.unread + 1 }
    default:
      return state
  }
}

/** An event that this client does not understand still takes its place in the count. */
export function passEvent(state: RoomState, storySeq: number): RoomState | 'gap' {
  if (state.storySeq === undefined) return state
  if (storySeq <= state.storySeq) return state.owedAfter === storySeq - 1 ? paid(state, storySeq) : state
  return storySeq === state.storySeq + 1 ? { ...state, storySeq } : 'gap'
}

const paid = (state: RoomState, storySeq: number): RoomState => ({
  ...state,
  owedAfter: storySeq === state.storySeq ? undefined : storySeq,
})

/** The event behind which a new socket has to be told everything. */
export const heardUpTo = ({ owedAfter, storySeq }: RoomState): number | undefined => owedAfter ?? storySeq

/** Gives a beat the title that its document, or an edit of its card, says. */
export function withTitle(state: RoomState, beatId: number, title: string | undefined): RoomState {
  const beat = state.beats.find(({ id }) => id === beatId)
  if (title === undefined || beat === undefined || beat.title === title) return state
  return { ...state, beats: state.beats.map((one) => (one === beat ? { ...beat, title } : one)) }
}

/** Nobody can be seen while the server is away. */
export const alone = (state: RoomState): RoomState =>
  state.users.length === 0 && state.cursors.length === 0 ? state : { ...state, users: [], cursors: [] }

const begin = (message: InitialState, before: RoomState): RoomState => ({
  me: message.me,
  story: message.story,
  users: message.users,
  beats: message.beats,
  cursors: [],
  unread: message.unread,
  storySeq: message.story_seq,
  owedAfter: (heardUpTo(before) ?? message.story_seq) < message.story_seq ? heardUpTo(before) : undefined,
})

function withRole(state: RoomState, role: InitialState['me']['role']): RoomState {
  const { me, story } = state
  return { ...state, me: me && { ...me, role }, story: story && { ...story, role } }
}

function applyEvent(state: RoomState, event: StoryEvent): RoomState | 'gap' {
  const passed = passEvent(state, event.story_seq)
  // Older events are repeated after a reconnect; `initial_state` holds them already.
  if (passed === 'gap' || passed.storySeq === state.storySeq) return passed
  const beats = applyStoryEvent(state.beats, event)
  if (event.type === 'beat_deleted') {
    return { ...passed, beats, cursors: keepCursors(state.cursors, ({ beatId }) => beatId !== event.beat_id) }
  }
  const story = state.story
  if (event.type !== 'story_changed' || story === undefined) return { ...passed, beats }
  return { ...passed, beats, story: { ...event.story, role: story.role } }
}

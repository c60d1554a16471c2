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
   * Events up to `initial_state` that are still to be told one by one: not all of what they say stands in it.
   * Undefined where nothing is owed.
   */
  readonly owed: Owed | undefined
}

/** The events behind `after`, up to `to` and with it. */
interface Owed {
  readonly after: number
  readonly to: number
}

export const EMPTY_ROOM: RoomState = {
  me: undefined,
  story: undefined,
  users: [],
  beats: [],
  cursors: [],
  unread: 0,
  storySeq: undefined,
  owed: undefined,
}

/**
 * What a message leads to: the state after it; `gap` where an event before this one was never seen, `heard` where
 * this one was.
 */
export type Step = RoomState | 'gap' | 'heard'

export function applyMessage(state: RoomState, message: ServerMessage): Step {
  switch (message.type) {
    case 'initial_state':
      return begin(message, state)
    case 'resync':
      return { ...state, owed: undefined }
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
export function passEvent(state: RoomState, storySeq: number): Step {
  if (state.storySeq === undefined) return state
  if (storySeq > state.storySeq) return storySeq === state.storySeq + 1 ? { ...state, storySeq } : 'gap'
  // What happens while missed events are read comes twice: as it happens, and at the end of those.
  return state.owed?.after === storySeq - 1 ? { ...state, owed: without(state.owed, storySeq) } : 'heard'
}

const without = ({ to }: Owed, told: number): Owed | undefined =>
  told < to ? { after: told, to } : undefined

/** The event behind which a new socket has to be told everything. */
export const heardUpTo = ({ owed, storySeq }: RoomState): number | undefined => owed?.after ?? storySeq

/** Gives a beat the title that its document, or an edit of its card, says. */
export function withTitle(state: RoomState, beatId: number, title: string | undefined): RoomState {
  const beat = state.beats.find(({ id }) => id === beatId)
  if (title === undefined || beat === undefined || beat.title === title) return state
  return { ...state, beats: state.beats.map((one) => (one === beat ? { ...beat, title } : one)) }
}

/** Nobody can be seen while the server is away. */
export const alone = (state: RoomState): RoomState =>
  state.users.length === 0 && state.cursors.length === 0 ? state : { ...state, users: [], cursors: [] }

function begin(message: InitialState, before: RoomState): RoomState {
  const after = heardUpTo(before)
  const to = message.story_seq
  return {
    me: message.me,
    story: message.story,
    users: message.users,
    beats: message.beats,
    cursors: [],
    unread: message.unread,
    storySeq: to,
    owed: after !== undefined && after < to ? { after, to } : undefined,
  }
}

function withRole(state: RoomState, role: InitialState['me']['role']): RoomState {
  const { me, story } = state
  return { ...state, me: me && { ...me, role }, story: story && { ...story, role } }
}

function applyEvent(state: RoomState, event: StoryEvent): Step {
  const passed = passEvent(state, event.story_seq)
  // `initial_state` holds what was missed already.
  if (passed === 'gap' || passed === 'heard' || passed.storySeq === state.storySeq) return passed
  const beats = applyStoryEvent(state.beats, event)
  if (event.type === 'beat_deleted') {
    return { ...passed, beats, cursors: keepCursors(state.cursors, ({ beatId }) => beatId !== event.beat_id) }
  }
  const story = state.story
  if (event.type !== 'story_changed' || story === undefined) return { ...passed, beats }
  return { ...passed, beats, story: { ...event.story, role: story.role } }
}

import type { InitialState, ServerMessage } from '@storyweave/protocol'
import type { ClientPorts } from '../ports.ts'
import { StoryRoom } from '../room/story-room.ts'
import { settled, World } from './world.ts'

export const AT = '2026-03-01T12:00:00.000Z'
export const author = { user_id: 2, user_name: 'Ada', timestamp: AT }

export const person = (user_id: number, more = {}) => ({
  user_id,
  user_name: `P${user_id}`,
  user_email: null,
  connected_at: AT,
  role: 'editor' as const,
  color: '#54607a',
  guest: false,
  beat_id: null,
  idle: false,
  ...more,
})

export const beat = (id: number, beat_index: number, title = `B${id}`) => ({
  id,
  beat_index,
  act: null,
  title,
  scenes: [],
})

export const initial = (more: Partial<InitialState> = {}): InitialState => ({
  type: 'initial_state',
  story_id: 7,
  story: {
    id: 7,
    project_id: 1,
    title: 'Harbour',
    premise: null,
    genre: null,
    logline: null,
    length: null,
    status: 'draft',
    role: 'editor',
    created_at: AT,
    updated_at: AT,
  },
  me: { user_id: 1, role: 'editor', connection_id: 'c1' },
  users: [person(1), person(2)],
  beats: [beat(10, 0), beat(11, 1)],
  server_time: AT,
  locks: [],
  chat: [],
  unread: 0,
  story_seq: 5,
  protocol: 1,
  ...more,
})

/** A room on a world, and the server's voice on its newest socket. */
export function roomIn(world: World, more: Partial<ClientPorts> = {}) {
  const room = new StoryRoom({ storyId: 7, userId: 1 }, { ...world.ports(), ...more })
  const say = (message: ServerMessage) => world.socket.events.text(JSON.stringify(message))
  return { room, say }
}

/** A room that is connected and knows its story. */
export async function connected(world = new World(), more: Partial<ClientPorts> = {}) {
  const made = roomIn(world, more)
  made.room.connect()
  await settled()
  world.socket.events.opened()
  made.say(initial())
  return { world, ...made, seen: () => made.room.getSnapshot() }
}

/** The JSON messages that the newest socket was given. */
export const sentTexts = (world: World) =>
  world.socket.sent.filter((data) => typeof data === 'string').map((data) => JSON.parse(data))

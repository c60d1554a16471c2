import { type InitialState, PROTOCOL_VERSION } from '@storyweave/protocol'
import type { LockDesk } from './locks/lock-desk.ts'
import type { Member } from './member.ts'
import type { Millis } from './ports.ts'
import { presentUsers, type Tab } from './presence.ts'
import type { StorySoFar } from './story-so-far.ts'

/** What a socket is told first, and once: the story as it is now, up to `story_seq`. */
export function initialState(
  { id, role, visitor }: Member,
  soFar: StorySoFar,
  locks: LockDesk,
  tabs: Iterable<Tab>,
  now: Millis,
): InitialState {
  return {
    type: 'initial_state',
    story_id: soFar.story.id,
    story: { ...soFar.story, role },
    me: { user_id: visitor.userId, role, connection_id: id },
    users: presentUsers(tabs, now),
    beats: [...soFar.outline],
    locks: locks.tell(),
    chat: [...soFar.chat],
    unread: visitor.unread,
    server_time: new Date(now).toISOString(),
    story_seq: soFar.seq,
    protocol: PROTOCOL_VERSION,
  }
}

import { LIMITS, type PresenceUpdate, type PresentUser } from '@storyweave/protocol'
import type { Member } from './member.ts'
import type { SharedTab } from './nodes/node-message.ts'
import type { Millis } from './ports.ts'

/** Without an edit or a cursor for this long a person is idle. */
const IDLE_MS = 5 * 60_000

const iso = (time: Millis): string => new Date(time).toISOString()

/** One socket of somebody, or all their sockets on another node. */
export interface Tab extends Omit<SharedTab, 'quietMs'> {
  readonly lastActive: Millis
}

export function tabOf({ visitor, role, beatId, lastActive }: Member): Tab {
  const { userId, name, email, color, guest, connectedAt } = visitor
  return { userId, name, email, color, guest, role, connectedAt, beatId, lastActive }
}

/** Each person once, as those see them who are elsewhere in the house. */
export function peopleOf(members: Iterable<Member>) {
  const people = new Map([...members].map(({ visitor }) => [visitor.userId, visitor]))
  return [...people.values()].map(({ userId, name, color }) => ({ user_id: userId, user_name: name, color }))
}

/** One entry a person, of those on this node, for the others. */
export function sharedTabs(tabs: Iterable<Tab>, now: Millis): SharedTab[] {
  const byPerson = Map.groupBy(tabs, ({ userId }) => userId)
  return [...byPerson.values()].map((own) => {
    const { lastActive, ...latest } = latestOf(own)
    return { ...latest, connectedAt: earliest(own), quietMs: now - lastActive }
  })
}

const latestOf = (tabs: readonly Tab[]): Tab => tabs.reduce((a, b) => (b.lastActive > a.lastActive ? b : a))

const earliest = (tabs: readonly Tab[]): Millis => Math.min(...tabs.map(({ connectedAt }) => connectedAt))

/** Everyone in the room, one entry a person: the oldest tab tells since when, the tab last active tells where. */
export function presentUsers(tabs: Iterable<Tab>, now: Millis): PresentUser[] {
  const byPerson = Map.groupBy(tabs, ({ userId }) => userId)
  return [...byPerson.values()].map((tabs) => presentUser(tabs, now)).sort(byArrival)
}

const byArrival = (a: PresentUser, b: PresentUser) =>
  a.connected_at === b.connected_at ? a.user_id - b.user_id : a.connected_at < b.connected_at ? -1 : 1

function presentUser(tabs: readonly Tab[], now: Millis): PresentUser {
  const latest = latestOf(tabs)
  const { userId, name, email, color, guest } = latest
  return {
    user_id: userId,
    user_name: name,
    user_email: email,
    connected_at: iso(earliest(tabs)),
    role: latest.role,
    color,
    guest,
    beat_id: latest.beatId,
    idle: isIdle(latest, now),
  }
}

export const isIdle = ({ lastActive }: Pick<Tab, 'lastActive'>, now: Millis): boolean =>
  now - lastActive >= IDLE_MS

/** When the next person turns idle, if nothing happens until then. */
export function nextIdle(tabs: Iterable<Tab>, now: Millis): Millis | undefined {
  const times = [...tabs].map(({ lastActive }) => lastActive + IDLE_MS).filter((time) => time > now)
  return times.length === 0 ? undefined : Math.min(...times)
}

const same = (a: PresentUser, b: PresentUser) => JSON.stringify(a) === JSON.stringify(b)

/** What was told last, and what is to be told now: everyone, or above 50 people only what is different. */
export class PresenceTeller {
  #told = new Map<number, PresentUser>()

  /** Undefined where nothing is different. */
  news(users: readonly PresentUser[]): PresenceUpdate | undefined {
    const before = this.#told
    this.#told = new Map(users.map((user) => [user.user_id, user]))
    const joined = users.filter(({ user_id }) => !before.has(user_id))
    const left = [...before.keys()].filter((id) => !this.#told.has(id))
    const changed = users.filter((user) => {
      const old = before.get(user.user_id)
      return old !== undefined && !same(old, user)
    })
    if (joined.length + left.length + changed.length === 0) return undefined
    if (users.length <= LIMITS.presenceFullUsers) return { type: 'presence_update', users: [...users] }
    return { type: 'presence_update', joined, left, changed }
  }
}

import type { SocketEvents, SocketLike } from '@storyweave/client'
import {
  beatOfKey,
  CLOSE,
  type ClientMessage,
  decodeClientFrame,
  decodeClientMessage,
  Fault,
  type InitialState,
  PROTOCOL_VERSION,
  type PresentUser,
  type ServerMessage,
  type Story,
  type StoryEvent,
} from '@storyweave/protocol'
import type { BeatHost } from './beat-server.ts'
import { DiscussionServer } from './discussion-server.ts'
import { isoNow, type StoryEventDraft } from './event-draft.ts'
import { Line, type Member, type ServerClock } from './line.ts'
import { LockServer, lockedFault } from './lock-server.ts'
import { NotificationServer } from './notification-server.ts'
import { OutlineServer, type TestBeat } from './outline-server.ts'
import { SceneKeys } from './scene-keys.ts'
import { SceneServer } from './scene-server.ts'
import { SharingServer } from './sharing-server.ts'

export interface StoryServerOptions {
  readonly clock: ServerClock
  readonly title: string
  readonly beats: readonly TestBeat[]
}

const STORY_ID = 1
/** What is cut without a goodbye. */
const CUT = 1006
const GOODBYE = 1000

/** As much of a server as one story and the people in it need, in this page's memory. */
export class StoryServer {
  readonly storyId = STORY_ID
  readonly discussion: DiscussionServer
  readonly locks: LockServer
  readonly outline: OutlineServer
  readonly scenes: SceneServer
  readonly sharing: SharingServer
  readonly notifications: NotificationServer
  readonly #clock: ServerClock
  readonly #title: string
  readonly #events: StoryEvent[] = []
  #lines: readonly Line[] = []
  #connections = 0

  constructor({ clock, title, beats }: StoryServerOptions) {
    this.#clock = clock
    this.#title = title
    const base = { storyId: STORY_ID, clock }
    const tell = (id: number, message: ServerMessage) => this.tell(id, message)
    const tellAll = (message: ServerMessage) => this.tellAll(message)
    const happened = (event: StoryEventDraft) => this.#happened(event)
    const structure = {
      ...{ ...base, happened, documentHost: (id: number) => this.#hostOf(id) },
      mustWrite: (id: number, member: Member) => this.#mustWrite(id, member),
      mustArrange,
    }
    this.notifications = new NotificationServer({
      ...base,
      tell: (id, notification) => tell(id, { type: 'notification', ...notification }),
    })
    const notify = this.notifications.notify.bind(this.notifications)
    const changed = (beatId: number) => this.outline.document(beatId)?.tellScopes()
    this.locks = new LockServer({ clock, tellAll, tell, changed })
    this.discussion = new DiscussionServer({
      ...{ ...base, happened, notify },
      beatOfScene: (id) =>
        this.outline.list().find(({ scenes }) => scenes.some((scene) => scene.id === id))?.id,
    })
    const keys = new SceneKeys()
    this.outline = new OutlineServer(structure, keys, beats)
    this.scenes = new SceneServer(structure, this.outline, keys)
    this.sharing = new SharingServer({ ...base, roleChanged: (member, by) => this.#roleChanged(member, by) })
  }

  /** A person's socket; `since` is the last event they have seen. */
  connect(member: Member, path: string, events: SocketEvents): SocketLike {
    if (!member.isIn) {
      queueMicrotask(() => events.closed(CUT))
      return { send: () => {}, close: () => {} }
    }
    const line = new Line(member, `c${++this.#connections}`, events)
    const since = new URLSearchParams(path.split('?')[1]).get('since')
    queueMicrotask(() => this.#welcome(line, since))
    return {
      send: (data) => {
        if (typeof data === 'string') this.#hear(line, data)
        else this.#frame(line, data)
      },
      close: (code) => this.#gone(line, code === GOODBYE),
    }
  }

  /** Cuts every socket of a person, without a goodbye. */
  cut(userId: number): void {
    this.#end(userId, CUT)
  }

  tell(userId: number, message: ServerMessage): void {
    for (const line of this.#lines) if (line.member.user_id === userId) line.say(message)
  }

  tellAll(message: ServerMessage): void {
    for (const line of this.#lines) line.say(message)
  }

  storyFor({ role }: Member): Story {
    const at = this.#now()
    return {
      id: STORY_ID,
      project_id: 1,
      title: this.#title,
      ...{ premise: null, genre: null, logline: null, length: null, status: 'draft', role },
      ...{ created_at: at, updated_at: at },
    }
  }

  destroy(): void {
    this.locks.destroy()
    this.outline.destroy()
  }

  #hostOf(beatId: number): BeatHost {
    return {
      lines: () => this.#lines,
      refusal: (member) => this.#refusal(beatId, member),
      cardChanged: (changes, by) => {
        const { user_id, name: user_name } = by.member
        const message = { type: 'edit', beat_id: beatId, changes, user_id, user_name } as const
        for (const line of this.#lines) {
          const hasIt = [...line.keys].some((key) => beatOfKey(key) === beatId)
          if (line !== by && !hasIt) line.say({ ...message, timestamp: this.#now() })
        }
      },
    }
  }

  #refusal(beatId: number, member: Member): Fault | undefined {
    if (member.role === 'viewer') return readsOnly()
    const lock = this.locks.against(beatId, member)
    return lock && lockedFault(lock)
  }

  #welcome(line: Line, since: string | null): void {
    this.#lines = [...this.#lines, line]
    line.open()
    line.say(this.#initialState(line))
    if (since !== null) {
      for (const event of this.#events.filter(({ story_seq }) => story_seq > Number(since))) line.say(event)
    }
    this.#tellPresence()
  }

  #initialState({ member, connectionId: connection_id }: Line): InitialState {
    const { user_id, role } = member
    return {
      type: 'initial_state',
      story_id: STORY_ID,
      story: this.storyFor(member),
      me: { user_id, role, connection_id },
      users: this.#users(),
      beats: [...this.outline.list()],
      server_time: this.#now(),
      locks: this.locks.list(),
      chat: this.discussion.chat.slice(-50),
      unread: this.notifications.unread(user_id),
      story_seq: this.#events.length,
      protocol: PROTOCOL_VERSION,
    }
  }

  #users(): PresentUser[] {
    const people = new Map(this.#lines.map(({ member }) => [member.user_id, member]))
    return [...people.values()].map(({ user_id, name: user_name, role, color, guest }) => ({
      ...{ user_id, user_name, role, color, guest },
      user_email: null,
      connected_at: this.#now(),
      beat_id: null,
      idle: false,
    }))
  }

  #tellPresence(): void {
    this.tellAll({ type: 'presence_update', users: this.#users() })
  }

  #gone(line: Line, forGood: boolean): void {
    if (!this.#lines.includes(line)) return
    line.close()
    this.#lines = this.#lines.filter((one) => one !== line)
    for (const key of [...line.keys]) this.outline.document(beatOfKey(key) ?? 0)?.leave(line, key)
    if (forGood) this.locks.left(line)
    this.#tellPresence()
  }

  #frame(line: Line, bytes: Uint8Array): void {
    const frame = decodeClientFrame(bytes)
    if (frame === undefined) return
    const document = this.outline.document(beatOfKey(frame.key) ?? 0)
    if (document !== undefined) return document.take(line, frame)
    if (frame.type === 'auth') line.frame({ type: 'denied', key: frame.key, reason: 'not_found' })
  }

  #hear(line: Line, text: string): void {
    const decoded = decodeClientMessage(text)
    if (!decoded.ok) {
      const { ok: _, ...refusal } = decoded
      return line.say({ type: 'error', ...refusal })
    }
    const { message } = decoded
    const request = message.request_id === undefined ? {} : { request_id: message.request_id }
    try {
      const result = this.#do(line, message)
      if (message.request_id !== undefined) line.say({ type: 'ack', ...request, result })
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      const { code, details } = error
      line.say({ type: 'error', code, message: error.message, ...details, ...request })
    }
  }

  /** Answers with the ack's result. */
  #do(line: Line, message: ClientMessage): unknown {
    const { member } = line
    const { user_id, name: user_name } = member
    switch (message.type) {
      case 'edit':
        this.#mustWrite(message.beat_id, member)
        return this.outline.document(message.beat_id)?.edit(line, message.changes)
      case 'beat_lock':
        this.#mustWrite(message.beat_id, member)
        return this.locks.take(member, message.beat_id, message.duration_minutes)
      case 'beat_unlock':
        return this.locks.release(member, message.beat_id)
      case 'beat_lock_request':
        return { expires_at: this.#askForLock(member, message.beat_id) }
      case 'beat_lock_answer':
        return this.locks.answer(member, message.beat_id, message.user_id, message.grant)
      case 'chat':
        return { id: this.discussion.say(member, message.message, message.client_id) }
      case 'comment':
        return { id: this.discussion.comment(member, message) }
      case 'cursor_move':
      case 'typing': {
        const { request_id: _, ...moved } = message
        return this.#relay(line, { ...moved, user_id, user_name })
      }
      case 'ping':
        return line.say({ type: 'pong', server_time: this.#now() })
      case 'auth':
        return undefined
    }
  }

  #mustWrite(beatId: number, member: Member): void {
    if (this.outline.document(beatId) === undefined) throw new Fault('not_found', 'There is no such beat.')
    const refusal = this.#refusal(beatId, member)
    if (refusal !== undefined) throw refusal
  }

  #relay(from: Line, message: ServerMessage): void {
    for (const line of this.#lines) if (line !== from) line.say(message)
  }

  #happened(draft: StoryEventDraft): void {
    const event = { ...draft, story_seq: this.#events.length + 1 } as StoryEvent
    this.#events.push(event)
    this.outline.apply(event)
    this.tellAll(event)
    const by = this.sharing.member(event.user_id)
    if (STRUCTURE.has(event.type) && by !== undefined) this.discussion.follow(this.outline.list(), by)
  }

  #askForLock(member: Member, beatId: number): string {
    const until = this.locks.ask(member, beatId)
    const lock = this.locks.against(beatId, member)
    const words = `${member.name} asks you for a lock.`
    if (lock !== undefined) {
      this.notifications.notify(lock.locked_by, member, 'lock_requested', words, { beat_id: beatId })
    }
    return until
  }

  #roleChanged(member: Member, by: Member): void {
    if (!member.isIn) {
      this.tell(member.user_id, { type: 'access_revoked' })
      return queueMicrotask(() => this.#end(member.user_id, CLOSE.accessRevoked))
    }
    this.tell(member.user_id, { type: 'permission_changed', role: member.role })
    const words = `${by.name} made you ${member.role} of this story.`
    this.notifications.notify(member.user_id, by, 'role_changed', words)
    for (const document of this.outline.documents()) document.tellScopes()
    this.#tellPresence()
  }

  #end(userId: number, code: number): void {
    for (const line of this.#lines.filter(({ member }) => member.user_id === userId)) {
      line.close(code)
      this.#gone(line, false)
    }
  }

  #now(): string {
    return isoNow(this.#clock)
  }
}

const STRUCTURE: ReadonlySet<StoryEvent['type']> = new Set([
  'beat_deleted',
  'beat_restored',
  'scene_deleted',
  'scene_restored',
  'scene_moved',
])

function mustArrange({ role }: Member): void {
  if (role === 'viewer') throw readsOnly()
}

const readsOnly = () => new Fault('forbidden', 'You can read here, and not write.')

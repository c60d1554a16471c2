import type { SocketEvents, SocketLike } from '@storyweave/client'
import { countWords, newSceneKey, parseMarkdown, seedBeat } from '@storyweave/prose'
import {
  beatOfKey,
  type CardChanges,
  type ClientMessage,
  decodeClientFrame,
  decodeClientMessage,
  Fault,
  type InitialState,
  type Outline,
  PROTOCOL_VERSION,
  type PresentUser,
  type ServerMessage,
  type Story,
  type StoryEvent,
} from '@storyweave/protocol'
import { BeatServer } from './beat-server.ts'
import { DiscussionServer, type StoryEventDraft } from './discussion-server.ts'
import { Line, type Member, type ServerClock } from './line.ts'
import { LockServer, lockedFault } from './lock-server.ts'

export interface TestScene {
  readonly title?: string
  /** Markdown. */
  readonly text?: string
}

export interface TestBeat extends CardChanges {
  readonly act?: string
  readonly scenes?: readonly (TestScene | string)[]
}

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
  readonly beats: Outline
  readonly #clock: ServerClock
  readonly #title: string
  readonly #documents = new Map<number, BeatServer>()
  readonly #events: StoryEvent[] = []
  #lines: readonly Line[] = []
  #connections = 0

  constructor({ clock, title, beats }: StoryServerOptions) {
    this.#clock = clock
    this.#title = title
    const tellAll = (message: ServerMessage) => this.tellAll(message)
    const changed = (beatId: number) => this.#documents.get(beatId)?.tellScopes()
    this.locks = new LockServer({ clock, tellAll, tell: (id, message) => this.tell(id, message), changed })
    this.discussion = new DiscussionServer({
      ...{ storyId: STORY_ID, clock, happened: (event) => this.#happened(event) },
      beatOfScene: (id) => this.beats.find(({ scenes }) => scenes.some((scene) => scene.id === id))?.id,
    })
    this.beats = beats.map((beat, index) => this.#seed(beat, index))
  }

  /** A person's socket; `since` is the last event they have seen. */
  connect(member: Member, path: string, events: SocketEvents): SocketLike {
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
    for (const line of this.#lines.filter(({ member }) => member.user_id === userId)) {
      line.close(CUT)
      this.#gone(line, false)
    }
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
    for (const document of this.#documents.values()) document.destroy()
  }

  #seed({ act, scenes = [], ...card }: TestBeat, index: number): Outline[number] {
    const id = index + 1
    const made = scenes.map((scene, at) => {
      const { title = null, text = '' } = typeof scene === 'string' ? { text: scene } : scene
      return { id: id * 100 + at + 1, key: newSceneKey(() => keyBytes(id * 100 + at)), title, text }
    })
    const seed = seedBeat(
      {
        card: Object.fromEntries(Object.entries(card).filter(([, text]) => text !== undefined)),
        scenes: made.map(({ key, text }) => ({ key, ...(text !== '' && { doc: parseMarkdown(text) }) })),
      },
      1,
    )
    this.#documents.set(id, new BeatServer(id, seed, this.#hostOf(id)))
    return {
      id,
      beat_index: index,
      act: act ?? null,
      title: card.title ?? '',
      scenes: made.map(({ text, ...scene }) => ({ ...scene, word_count: countWords(text) })),
    }
  }

  #hostOf(beatId: number): ConstructorParameters<typeof BeatServer>[2] {
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
    if (member.role === 'viewer') return new Fault('forbidden', 'You can read here, and not write.')
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
      beats: this.beats.map((beat) => ({ ...beat, title: this.#titleOf(beat.id), scenes: [...beat.scenes] })),
      server_time: this.#now(),
      locks: this.locks.list(),
      chat: this.discussion.chat.slice(-50),
      unread: 0,
      story_seq: this.#events.length,
      protocol: PROTOCOL_VERSION,
    }
  }

  #titleOf(beatId: number): string {
    return this.#documents.get(beatId)?.doc.getText('title').toString() ?? ''
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
    for (const key of [...line.keys]) this.#documents.get(beatOfKey(key) ?? 0)?.leave(line, key)
    if (forGood) this.locks.left(line)
    this.#tellPresence()
  }

  #frame(line: Line, bytes: Uint8Array): void {
    const frame = decodeClientFrame(bytes)
    if (frame === undefined) return
    const document = this.#documents.get(beatOfKey(frame.key) ?? 0)
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
        return this.#documents.get(message.beat_id)?.edit(line, message.changes)
      case 'beat_lock':
        this.#mustWrite(message.beat_id, member)
        return this.locks.take(member, message.beat_id, message.duration_minutes)
      case 'beat_unlock':
        return this.locks.release(member, message.beat_id)
      case 'beat_lock_request':
        return { expires_at: this.locks.ask(member, message.beat_id) }
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
    if (!this.#documents.has(beatId)) throw new Fault('not_found', 'There is no such beat.')
    const refusal = this.#refusal(beatId, member)
    if (refusal !== undefined) throw refusal
  }

  #relay(from: Line, message: ServerMessage): void {
    for (const line of this.#lines) if (line !== from) line.say(message)
  }

  #happened(draft: StoryEventDraft): void {
    const event = { ...draft, story_seq: this.#events.length + 1 } as StoryEvent
    this.#events.push(event)
    this.tellAll(event)
  }

  #now(): string {
    return new Date(this.#clock.now()).toISOString()
  }
}

/** Twelve bytes, others for each seed. */
const keyBytes = (seed: number): Uint8Array =>
  Uint8Array.from({ length: 12 }, (_, at) => (seed * 7 + at * 11) % 252)

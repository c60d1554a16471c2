import type { StoryEvent } from '@storyweave/protocol'
import {
  beatDocumentName,
  decodeServerFrame,
  Fault,
  type Role,
  type ServerMessage,
} from '@storyweave/protocol'
import * as Y from 'yjs'
import type { Principal } from '../access/principal.ts'
import type {
  AppendRow,
  Arrival,
  Connection,
  LockNotice,
  Projection,
  RoomMessage,
  StoryState,
  UpdateLog,
} from '../room/ports.ts'
import { SCENE_KEY, TEST_TIME } from '../room/testing.ts'
import { MemoryLocks } from '../room/testing-locks.ts'
import { MemoryLog } from '../room/testing-log.ts'
import type { Standings } from './rights-watch.ts'
import { Rooms } from './rooms.ts'
import type { SharedHouse } from './shared.ts'
import { SimulatedTimers } from './testing.ts'

const KEY = beatDocumentName(1)
export const TIME = new Date(TEST_TIME).toISOString()

/** Who has no socket. */
export const REST_AUTHOR: Principal = {
  ...{ userId: 5, name: 'Five', email: null, guest: false },
  ...{ via: 'token', sessionId: null, expiresAt: null },
}

/** A house of one story with one beat, on a log that can go away. */
export class House {
  readonly timers = new SimulatedTimers()
  readonly memory = new MemoryLog()
  readonly notes: string[] = []
  readonly projections: Projection[] = []
  readonly roles = new Map<number, Role>()
  readonly tokens = new Map<string, number>()
  readonly names = new Map<number, string>()
  readonly guests = new Set<number>()
  /** Of whom it was asked how they stand, question by question. */
  readonly asked: (readonly number[])[] = []
  events: StoryEvent[] | undefined = []
  isAway = false
  storyExists = true
  storyLoads = 0
  /** The beats that were read from the log as a whole. */
  readonly loads: number[] = []
  /** How many rows each transaction had. */
  readonly commits: number[] = []
  storySeq = 0
  readonly stored: string[] = []
  readonly authors: string[] = []
  readonly tended: number[] = []
  readonly notices: LockNotice[] = []
  readonly locks = new MemoryLocks(() => this.timers.now())
  readonly rooms: Rooms

  constructor(shared?: SharedHouse) {
    const doc = new Y.Doc()
    doc.clientID = 9_001
    doc.getText('title').insert(0, 'Beat 1')
    this.memory.append(this.row(Y.encodeStateAsUpdate(doc), -1, [9_001]))
    this.rooms = new Rooms({
      log: this.#log(),
      timers: this.timers,
      random: () => 0.5,
      describeScene: (fragment) => ({ plainText: fragment.toJSON(), wordCount: 0 }),
      schemaVersion: 1,
      loadStoryState: async () => this.#loadStory(),
      eventsSince: async () => this.#orAway(() => this.events),
      personOfToken: async (token) => this.tokens.get(token),
      standingsOf: async (_, userIds) => this.#standings(userIds),
      locks: this.locks,
      discussion: {
        chat: async (author, _storyId, { message }) => this.#store(author, message),
        comment: async (author, _storyId, { action }) => this.#store(author, action),
      },
      tend: async (_storyId, beatId) => void this.tended.push(beatId),
      notifyOfLock: (_storyId, notice) => this.notices.push(notice),
      unreadOf: async () => 3,
      note: (event) => this.notes.push(event),
      shared,
    })
  }

  #standings(userIds: readonly number[]): Standings {
    this.asked.push(userIds)
    if (!this.storyExists) return undefined
    return new Map(
      userIds.flatMap((userId) => {
        const role = this.roles.get(userId)
        const name = this.names.get(userId) ?? `Person ${userId}`
        return role === undefined ? [] : [[userId, { role, name, guest: this.guests.has(userId) }] as const]
      }),
    )
  }

  #store(author: Principal, what: string): { id: number } {
    this.authors.push(`${author.name}${author.guest ? ', a guest' : ''}`)
    if (what === 'refuse me') throw new Fault('too_large', 'Too long.')
    return this.#orAway(() => ({ id: this.stored.push(what) }))
  }

  row(bytes: Uint8Array, counter: number, newClients: number[] = []): AppendRow {
    return { storyId: 1, beatId: 1, bytes, userId: 99, newClients, counter, at: TEST_TIME }
  }

  #orAway<Result>(result: () => Result): Result {
    if (this.isAway) throw new Error('The database is away.')
    return result()
  }

  #log(): UpdateLog {
    const { memory } = this
    return {
      appendBatch: async (rows) =>
        this.#orAway(() => {
          this.commits.push(rows.length)
          return rows.map((row) => memory.append(row))
        }),
      load: async (beatId) => {
        this.loads.push(beatId)
        return this.#orAway(() => memory.load(beatId, [SCENE_KEY]))
      },
      loadAt: async () => undefined,
      newsAfter: async (beatId, seq) => this.#orAway(() => memory.newsAfter(beatId, seq, [SCENE_KEY])),
      compact: async () => undefined,
      project: async (batch) => void this.#orAway(() => this.projections.push(...batch)),
    }
  }

  #loadStory(): StoryState | undefined {
    this.storyLoads += 1
    if (!this.storyExists) return undefined
    const nothing = {
      premise: null,
      genre: null,
      logline: null,
      length: null,
      created_at: TIME,
      updated_at: TIME,
    }
    return {
      story: { id: 1, project_id: 1, title: 'Story', status: 'draft', ...nothing },
      locks: [],
      chat: [],
      beats: [{ id: 1, beat_index: 0, act: null, title: 'Beat 1', scenes: [] }],
      storySeq: this.storySeq,
    }
  }

  async enter(userId: number, role: Role = 'editor'): Promise<Guest> {
    this.roles.set(userId, role)
    const isGuest = this.guests.has(userId)
    const guest = new Guest(`socket-${userId}`, userId)
    const visitor: Arrival = {
      ...{
        connectionId: guest.id,
        userId,
        name: `Person ${userId}`,
        email: null,
        color: '#123456',
        guest: isGuest,
      },
      ...{ role, connectedAt: this.timers.now(), documentsOnly: false, schema: 1, since: undefined },
    }
    const entering = this.rooms.enter(1, visitor, guest)
    await this.timers.pass(0)
    const seat = await entering
    if (seat !== undefined) guest.sit(seat)
    return guest
  }
}

type Seat = NonNullable<Awaited<ReturnType<Rooms['enter']>>>

export class Guest implements Connection {
  readonly id: string
  readonly principal: Principal
  readonly messages: ServerMessage[] = []
  readonly frames: string[] = []
  readonly closes: number[] = []
  isSeated = false
  #seat: Seat | undefined

  constructor(id: string, userId: number) {
    this.id = id
    const name = `Person ${userId}`
    this.principal = {
      userId,
      name,
      email: null,
      guest: false,
      via: 'token',
      sessionId: null,
      expiresAt: null,
    }
  }

  sit(seat: Seat): void {
    this.#seat = seat
    this.isSeated = true
  }

  send(data: string | Uint8Array): void {
    if (typeof data === 'string') this.messages.push(JSON.parse(data) as ServerMessage)
    else {
      const frame = decodeServerFrame(data)
      if (frame?.type === 'sync_status') this.frames.push(frame.accepted ? '1' : '0')
      else this.frames.push(frame?.type ?? 'unreadable')
    }
  }

  close(code: number): void {
    this.closes.push(code)
  }

  pause(): void {}

  open(token = ''): void {
    this.#seat?.frame({ frame: { type: 'auth', key: KEY, token }, bytes: 10 })
    this.#seat?.frame({ frame: { type: 'step1', key: KEY, stateVector: new Uint8Array() }, bytes: 10 })
  }

  type(clientId: number, text: string): void {
    const doc = new Y.Doc()
    doc.clientID = clientId
    doc.getText('goal').insert(0, text)
    this.#seat?.frame({ frame: { type: 'update', key: KEY, update: Y.encodeStateAsUpdate(doc) }, bytes: 10 })
  }

  edit(title: string, request_id: number): void {
    this.message({ type: 'edit', beat_id: 1, changes: { title }, request_id })
  }

  say(message: string): void {
    this.message({ type: 'chat', message })
  }

  message(message: RoomMessage): void {
    this.#seat?.message(message)
  }

  leave(saidGoodbye = true): void {
    this.#seat?.leave(saidGoodbye)
  }
}

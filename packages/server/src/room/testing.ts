import {
  beatDocumentName,
  CARD_FIELDS,
  type ClientFrame,
  decodeServerFrame,
  META_ROOT,
  personColor,
  type Role,
  type ServerFrame,
  type ServerMessage,
  sceneRoot,
} from '@storyweave/protocol'
import * as Y from 'yjs'
import type { NodeMessage } from './nodes/node-message.ts'
import type {
  AppendRow,
  ConnectionId,
  DiscussionMessage,
  EventReader,
  Lock,
  LockNotice,
  LockOutcome,
  LockWish,
  Millis,
  Projection,
  RoomMessage,
  RoomPorts,
  StoryState,
  Visitor,
  Weight,
} from './ports.ts'
import { Room } from './room.ts'
import { MemoryLog } from './testing-log.ts'
import { Writer } from './testing-writer.ts'

/** A room with sockets, a log and a clock that the test moves by hand. Real Yjs documents, nothing else is real. */

export const TEST_TIME: Millis = Date.UTC(2026, 0, 5, 9)
export const SCENE_KEY = 'aaaaaaaaaaaa'

/** A socket that writes down what it is sent. */
export class Socket {
  readonly id: ConnectionId
  readonly messages: ServerMessage[] = []
  readonly frames: ServerFrame[] = []
  readonly weights: Weight[] = []
  closed: { code: number; reason: string } | undefined
  isPaused = false

  constructor(id: ConnectionId) {
    this.id = id
  }

  receive(data: string | Uint8Array, weight: Weight): void {
    this.weights.push(weight)
    if (typeof data === 'string') {
      this.messages.push(JSON.parse(data) as ServerMessage)
      return
    }
    const frame = decodeServerFrame(data)
    if (frame === undefined) throw new Error('The room has sent a frame that cannot be read.')
    this.frames.push(frame)
  }

  /** The frames since the last call. */
  takeFrames(): ServerFrame[] {
    return this.frames.splice(0)
  }

  takeMessages(): ServerMessage[] {
    return this.messages.splice(0)
  }
}

export interface BenchOptions {
  readonly beats?: readonly number[]
  /** Those of before the room was opened. */
  readonly locks?: readonly Lock[]
  /** There are other nodes. */
  readonly isShared?: boolean
}

export class RoomBench {
  readonly log = new MemoryLog()
  readonly room: Room
  readonly sockets = new Map<ConnectionId, Socket>()
  readonly projections: Projection[] = []
  readonly notes: { event: string; details: Readonly<Record<string, unknown>> }[] = []
  readonly loads: number[] = []
  readonly newsReads: { beatId: number; seq: number }[] = []
  readonly toNodes: NodeMessage[] = []
  readonly compactions: number[] = []
  readonly authentications: { connection: ConnectionId; key: string; token: string }[] = []
  readonly wishes: LockWish[] = []
  readonly carried: { connection: ConnectionId; message: DiscussionMessage }[] = []
  readonly notices: LockNotice[] = []
  /** The locks as they are kept. */
  readonly kept = new Map<number, Lock>()
  readonly eventReads: { since: number; reader: EventReader }[] = []
  readonly sceneKeys: string[] = [SCENE_KEY]
  wakeAt: Millis | undefined
  now: Millis = TEST_TIME
  /** Rows on their way to the log; `commit` answers them. */
  #appended: AppendRow[] = []
  #counter = 0
  #sockets = 0
  #seed = 1
  #clientId = 1_000

  constructor({ beats = [1], locks = [], isShared = false }: BenchOptions = {}) {
    for (const beat of beats) this.#seedBeat(beat)
    for (const lock of locks) this.kept.set(lock.beatId, lock)
    this.room = new Room({
      storyId: 1,
      state: { ...this.#state(beats), locks },
      ports: this.#ports(),
      describeScene: (fragment) => ({ plainText: fragment.toJSON(), wordCount: fragment.length }),
      random: () => this.#random(),
      nextCounter: () => ++this.#counter,
      schemaVersion: 1,
      isShared,
      now: this.now,
    })
  }

  /** A small generator with a fixed seed. */
  #random(): number {
    this.#seed = (this.#seed * 48_271) % 2_147_483_647
    return this.#seed / 2_147_483_647
  }

  #seedBeat(beatId: number): void {
    const doc = new Y.Doc()
    doc.clientID = 9_000 + beatId
    doc.transact(() => {
      for (const field of CARD_FIELDS) doc.getText(field)
      doc.getText('title').insert(0, `Beat ${beatId}`)
      doc.getMap(META_ROOT).set('schema', 1)
      doc.getXmlFragment(sceneRoot(SCENE_KEY)).insert(0, [new Y.XmlElement('paragraph')])
    })
    const bytes = Y.encodeStateAsUpdate(doc)
    const row = {
      storyId: 1,
      beatId,
      bytes,
      userId: 99,
      newClients: [doc.clientID],
      counter: -beatId,
      at: this.now,
    }
    this.log.append(row)
  }

  #state(beats: readonly number[]): StoryState {
    const time = new Date(TEST_TIME).toISOString()
    const scenes = [{ id: 1, key: SCENE_KEY, title: null, word_count: 0 }]
    const nothing = { premise: null, genre: null, logline: null, length: null }
    return {
      story: {
        id: 1,
        project_id: 1,
        title: 'Story',
        ...nothing,
        status: 'draft',
        created_at: time,
        updated_at: time,
      },
      locks: [],
      chat: [],
      beats: beats.map((id, index) => ({ id, beat_index: index, act: null, title: `Beat ${id}`, scenes })),
      storySeq: 0,
    }
  }

  #ports(): RoomPorts {
    return {
      send: (to, data, weight) => {
        for (const id of to) this.sockets.get(id)?.receive(data, weight)
      },
      close: (id, code, reason) => {
        const socket = this.sockets.get(id)
        if (socket !== undefined) socket.closed = { code, reason }
      },
      load: (beatId) => this.loads.push(beatId),
      readNews: (beatId, seq) => this.newsReads.push({ beatId, seq }),
      tellNodes: (message) => this.toNodes.push(message),
      append: (row) => this.#appended.push(row),
      project: (projection) => {
        this.projections.push(projection)
        this.log.projected.set(projection.beatId, projection.seq)
      },
      compact: (beatId) => this.compactions.push(beatId),
      unloaded: () => undefined,
      authenticate: (connection, key, token) => this.authentications.push({ connection, key, token }),
      readEvents: (since, reader) => this.eventReads.push({ since, reader }),
      pause: (id, paused) => {
        const socket = this.sockets.get(id)
        if (socket !== undefined) socket.isPaused = paused
      },
      wake: (at) => {
        this.wakeAt = Math.min(at, this.wakeAt ?? Number.POSITIVE_INFINITY)
      },
      lock: (wish) => this.wishes.push(wish),
      carryOut: (connection, message) => this.carried.push({ connection, message }),
      notify: (notice) => this.notices.push(notice),
      note: (event, details) => this.notes.push({ event, details }),
    }
  }

  join(userId: number, role: Role = 'editor', options: Partial<Visitor> = {}): Socket {
    this.#sockets += 1
    const socket = new Socket(`socket-${this.#sockets}`)
    this.sockets.set(socket.id, socket)
    const visitor: Visitor = {
      connectionId: socket.id,
      userId,
      name: `Person ${userId}`,
      email: null,
      color: personColor(userId),
      guest: false,
      role,
      connectedAt: this.now,
      documentsOnly: false,
      schema: 1,
      since: undefined,
      unread: 0,
      ...options,
    }
    this.room.join(visitor, this.now)
    return socket
  }

  /** Undefined takes it away. */
  setRole(userId: number, role: Role | undefined): void {
    const standing = role === undefined ? undefined : { role, name: `Person ${userId}`, guest: false }
    this.room.setStanding(userId, standing, this.now)
  }

  leave(socket: Socket, saidGoodbye = true): void {
    this.sockets.delete(socket.id)
    this.room.leave(socket.id, saidGoodbye, this.now)
  }

  say(socket: Socket, message: RoomMessage): void {
    this.room.message(socket.id, message, this.now)
  }

  frame(socket: Socket, frame: ClientFrame, bytes = 100): void {
    this.room.frame(socket.id, { frame, bytes }, this.now)
  }

  /** Answers every load that was asked for. */
  finishLoads(): void {
    for (const beatId of this.loads.splice(0)) {
      this.room.documentLoaded(beatId, this.log.load(beatId, this.sceneKeys), this.now)
    }
  }

  /** Answers every question what the log has beyond a row. */
  finishNewsReads(): void {
    for (const { beatId, seq } of this.newsReads.splice(0)) {
      const news = this.log.newsAfter(beatId, seq, this.sceneKeys)
      this.room.elsewhere.newsRead(beatId, news, this.now)
    }
  }

  /** Brings what waits for the log to disk, and answers the room. */
  commit(): void {
    const byBeat = Map.groupBy(this.#appended.splice(0), ({ beatId }) => beatId)
    for (const [beatId, rows] of byBeat) {
      const results = rows.map((row) => this.log.append(row))
      this.room.appended(beatId, results, this.now)
    }
  }

  /** Does what was wished about locks, and answers the room. */
  keepLocks(): void {
    for (let wish = this.wishes.shift(); wish !== undefined; wish = this.wishes.shift()) {
      this.room.lockAnswered(wish, this.#keep(wish), this.now)
    }
  }

  /** Every wish comes true, and no answer arrives. */
  keepUnheard(): void {
    for (const wish of this.wishes.splice(0)) {
      this.#keep(wish)
      this.room.lockAnswered(wish, { kind: 'away' }, this.now)
    }
  }

  #keep(wish: LockWish): LockOutcome {
    const kept = this.kept.get(wish.beatId)
    const standing = kept !== undefined && kept.expiresAt > this.now ? kept : undefined
    if (wish.kind === 'look')
      return standing === undefined ? { kind: 'nothing' } : { kind: 'stands', lock: standing }
    if (wish.kind === 'release') {
      if (standing?.userId !== wish.userId) return { kind: 'nothing' }
      this.kept.delete(wish.beatId)
      return { kind: 'freed' }
    }
    const userId = wish.kind === 'take' ? wish.userId : wish.to
    if (wish.kind === 'take' && standing !== undefined && standing.userId !== userId) {
      return { kind: 'elsewhere', lock: standing }
    }
    if (wish.kind === 'hand_over' && standing?.userId !== wish.from) return { kind: 'nothing' }
    const expiresAt = this.now + wish.durationMs
    const lock = { beatId: wish.beatId, userId, userName: `Person ${userId}`, expiresAt }
    this.kept.set(wish.beatId, lock)
    return { kind: 'held', lock }
  }

  get uncommitted(): number {
    return this.#appended.length
  }

  pass(ms: number): void {
    this.now += ms
    this.wakeAt = undefined
    this.room.tick(this.now)
  }

  /** Opens a beat on a socket as a client does: Auth and Step1 at once; answers the server's Step1. */
  open(socket: Socket, beatId = 1, key = beatDocumentName(beatId)): Y.Doc {
    const doc = new Y.Doc()
    doc.clientID = ++this.#clientId
    this.frame(socket, { type: 'auth', key, token: '' })
    this.frame(socket, { type: 'step1', key, stateVector: Y.encodeStateVector(doc) })
    this.finishLoads()
    this.commit()
    this.answer(socket, doc, key)
    return doc
  }

  /** Does with the socket's frames what a client does: applies what comes, answers Step1. */
  answer(socket: Socket, doc: Y.Doc, key: string): ServerFrame[] {
    const frames = socket.takeFrames()
    for (const frame of frames) {
      if (frame.key !== key) continue
      if (frame.type === 'step2' || frame.type === 'update') Y.applyUpdate(doc, frame.update, 'server')
      if (frame.type === 'step1') {
        this.frame(socket, { type: 'step2', key, update: Y.encodeStateAsUpdate(doc, frame.stateVector) })
      }
    }
    return frames
  }

  /** A person who joins and opens a beat. */
  writer(userId: number, role: Role = 'editor', options: Partial<Visitor> = {}): Writer {
    return new Writer(this, this.join(userId, role, options))
  }

  /** What a change made here would send. */
  change(doc: Y.Doc, change: (doc: Y.Doc) => void): Uint8Array {
    const before = Y.encodeStateVector(doc)
    const updates: Uint8Array[] = []
    const record = (update: Uint8Array) => updates.push(update)
    doc.on('update', record)
    doc.transact(() => change(doc))
    doc.off('update', record)
    return updates[0] ?? Y.encodeStateAsUpdate(doc, before)
  }
}

import { assertNever, Fault, type StoryEvent } from '@storyweave/protocol'
import type { Principal } from '../access/principal.ts'
import type { StoryCommands } from '../api/ports.ts'
import type { DescribeScene } from '../room/documents/content.ts'
import type {
  AppendRow,
  CarryOutcome,
  Connection,
  ConnectionId,
  DiscussionMessage,
  EventReader,
  LockKeeper,
  LockNotice,
  LockOutcome,
  LockWish,
  Millis,
  Projection,
  RoomPorts,
  StoryState,
  UpdateLog,
} from '../room/ports.ts'
import { Room } from '../room/room.ts'
import { InTurn } from './in-turn.ts'
import type { Neighbours } from './neighbours.ts'
import { RightsWatch, type Standings } from './rights-watch.ts'
import type { Timers } from './timers.ts'

/** What every room of this process shares. */
export interface Household {
  readonly log: Pick<UpdateLog, 'load' | 'compact' | 'newsAfter'>
  readonly timers: Timers
  readonly random: () => number
  readonly describeScene: DescribeScene
  readonly schemaVersion: number
  readonly nextCounter: () => number
  readonly append: (row: AppendRow) => void
  readonly project: (storyId: number, projection: Projection) => void
  /** Who a token names; undefined where it names nobody. Rejects where that can't be found out now. */
  readonly personOfToken: (token: string) => Promise<number | undefined>
  readonly standingsOf: (storyId: number, userIds: readonly number[]) => Promise<Standings>
  /** Undefined where there is no such story, or it is deleted. */
  readonly loadStoryState: (storyId: number) => Promise<StoryState | undefined>
  readonly eventsSince: (storyId: number, since: number) => Promise<readonly StoryEvent[] | undefined>
  readonly locks: LockKeeper
  readonly discussion: StoryCommands
  readonly notify: (storyId: number, notice: LockNotice) => void
  /** A document of the room can't be read now; it is tried again. */
  readonly loadFailed: (living: LivingRoom) => void
  readonly note: (event: string, details: Readonly<Record<string, unknown>>) => void
  /** Undefined where the house is of one process. */
  readonly neighbours: Neighbours | undefined
}

/** While the database can't be read, what the room needs of it is asked for again after this long. */
const READ_AGAIN_MS = 500
/** What was committed or not, nobody knows, is decided within this time. */
const DOUBT_MS = 1_000

/** A room and what carries out its wishes: sockets, log, timer. */
export class LivingRoom {
  readonly room: Room
  readonly storyId: number
  readonly rights: RightsWatch
  readonly #house: Household
  readonly #connections = new Map<ConnectionId, Connection>()
  /** Wishes about locks, by beat. */
  readonly #locking = new InTurn<number>()
  /** What is said in the story, by socket: two lines of one person must not change places. */
  readonly #saying = new InTurn<ConnectionId>()
  #cancelWake: (() => void) | undefined
  #wakesAt = Number.POSITIVE_INFINITY
  #isOver = false
  readonly #emptied: () => void
  #accessEpoch: number | undefined

  /** `emptied` is called when nobody is here and nothing is in memory. */
  constructor(storyId: number, state: StoryState, house: Household, emptied: () => void) {
    const { describeScene, random, nextCounter, schemaVersion, timers, neighbours } = house
    this.storyId = storyId
    this.#house = house
    this.#emptied = emptied
    const now = timers.now()
    const ports = this.#ports()
    const isShared = neighbours !== undefined
    this.room = new Room({
      ...{ storyId, state, ports, describeScene, random, nextCounter, schemaVersion, isShared, now },
    })
    if (neighbours?.areHeard === false) this.room.elsewhere.nodesHeard(false, now)
    this.rights = new RightsWatch({
      room: this.room,
      timers,
      standingsOf: (userIds) => house.standingsOf(storyId, userIds),
      failed: (error) => house.note('rights_failed', { story: storyId, error }),
    })
  }

  /** Let go: whoever wants in opens it anew. */
  get isOver(): boolean {
    return this.#isOver
  }

  get connections(): Iterable<Connection> {
    return this.#connections.values()
  }

  add(connection: Connection): void {
    this.#connections.set(connection.id, connection)
  }

  remove(connectionId: ConnectionId, saidGoodbye: boolean): void {
    this.#connections.delete(connectionId)
    this.room.leave(connectionId, saidGoodbye, this.#house.timers.now())
    this.offerEnd()
  }

  /** Lets the room go if nothing holds it. */
  offerEnd(): void {
    if (this.#isOver || !this.room.isEmpty || this.#connections.size > 0) return
    this.#isOver = true
    this.#cancelWake?.()
    this.room.elsewhere.end()
    this.#emptied()
  }

  #ports(): RoomPorts {
    const { append, project, note, log } = this.#house
    return {
      send: (to, data, weight) => {
        for (const id of to) this.#connections.get(id)?.send(data, weight)
      },
      close: (id, code, reason) => this.#connections.get(id)?.close(code, reason),
      load: (beatId) => void this.#load(beatId),
      readNews: (beatId, seq) => void this.#readNews(beatId, seq),
      tellNodes: (message) => this.#house.neighbours?.tellStory(this.storyId, message),
      append,
      project: (projection) => project(this.storyId, projection),
      compact: (beatId) => {
        log.compact(beatId).catch((error: unknown) => note('compact_failed', { beat: beatId, error }))
      },
      unloaded: () => this.#house.timers.after(0, () => this.offerEnd()),
      authenticate: (id, key, token) => void this.#authenticate(id, key, token),
      readEvents: (since, reader) => void this.#readEvents(since, reader),
      lock: (wish) => void this.#lock(wish),
      carryOut: (id, message) => void this.#carryOut(id, message),
      notify: (notice) => this.#house.notify(this.storyId, notice),
      pause: (id, paused) => this.#connections.get(id)?.pause(paused),
      wake: (at) => this.#wake(at),
      note: (event, details) => note(event, { story: this.storyId, ...details }),
    }
  }

  /** Never rejects: while the database is away the load is tried again, and the document's jobs wait. */
  async #load(beatId: number): Promise<void> {
    const { log, timers, note } = this.#house
    try {
      const document = await log.load(beatId)
      this.room.documentLoaded(beatId, document, timers.now())
      this.offerEnd()
    } catch (error) {
      note('load_failed', { story: this.storyId, beat: beatId, error })
      this.#house.loadFailed(this)
      timers.after(READ_AGAIN_MS, () => void this.#load(beatId))
    }
  }

  /** Something may have been committed that this room was not told of: it looks for itself, once that is decided. */
  inDoubt(): void {
    const { timers } = this.#house
    timers.after(DOUBT_MS, () => {
      if (this.#isOver) return
      this.rights.askAll()
      this.room.elsewhere.catchUp(timers.now())
    })
  }

  /** Never rejects: while the database is away it is tried again. */
  async #readNews(beatId: number, after: number): Promise<void> {
    const { log, timers, note } = this.#house
    try {
      this.room.elsewhere.newsRead(beatId, await log.newsAfter(beatId, after), timers.now())
      this.offerEnd()
    } catch (error) {
      note('news_failed', { story: this.storyId, beat: beatId, error })
      timers.after(READ_AGAIN_MS, () => void this.#readNews(beatId, after))
    }
  }

  /** How the story's rights stand in the database. */
  accessRead({ accessEpoch, deleted }: { readonly accessEpoch: number; readonly deleted: boolean }): void {
    if (accessEpoch === this.#accessEpoch && !deleted) return
    this.#accessEpoch = accessEpoch
    this.rights.askAll()
  }

  /** Never rejects. */
  async #lock(wish: LockWish): Promise<void> {
    const outcome = await this.#locking.run(wish.beatId, () => this.#tryLock(wish))
    this.room.lockAnswered(wish, outcome, this.#house.timers.now())
    this.offerEnd()
  }

  async #tryLock(wish: LockWish): Promise<LockOutcome> {
    try {
      return await changeLock(this.#house.locks, this.storyId, wish)
    } catch (error) {
      this.#house.note('lock_failed', { story: this.storyId, beat: wish.beatId, error })
      return { kind: 'away' }
    }
  }

  /** Never rejects. */
  async #carryOut(id: ConnectionId, message: DiscussionMessage): Promise<void> {
    const connection = this.#connections.get(id)
    const who = this.room.whoIs(id)
    if (connection === undefined || who === undefined) return
    const { name, guest } = who
    const author = { ...connection.principal, name, guest }
    const outcome = await this.#saying.run(id, () => this.#discuss(author, message))
    this.room.carriedOut(id, message.request_id, outcome, this.#house.timers.now())
  }

  async #discuss(author: Principal, message: DiscussionMessage): Promise<CarryOutcome> {
    const { discussion, note } = this.#house
    try {
      const result =
        message.type === 'chat'
          ? await discussion.chat(author, this.storyId, message)
          : await discussion.comment(author, this.storyId, message)
      return { ok: true, result }
    } catch (error) {
      if (error instanceof Fault) {
        return { ok: false, code: error.code, message: error.message, details: error.details }
      }
      note('discussion_failed', { story: this.storyId, error })
      return {
        ok: false,
        code: 'unavailable',
        message: 'This could not be stored now; try again.',
        details: {},
      }
    }
  }

  /** Never rejects: whose name can't be found out now is denied, and may ask again. */
  async #authenticate(id: ConnectionId, key: string, token: string): Promise<void> {
    const { personOfToken, note, timers } = this.#house
    const person = await personOfToken(token).catch((error: unknown) => {
      note('authentication_failed', { story: this.storyId, error })
      return undefined
    })
    const isSame = person !== undefined && person === this.#connections.get(id)?.principal.userId
    this.room.authDecided(id, key, isSame ? 'allowed' : 'denied', timers.now())
  }

  async #readEvents(since: number, reader: EventReader): Promise<void> {
    const { eventsSince, timers, note } = this.#house
    try {
      const events = await eventsSince(this.storyId, since)
      if (events === undefined && reader.kind === 'room') return await this.#readState()
      this.room.elsewhere.eventsRead(reader, events, timers.now())
    } catch (error) {
      note('events_failed', { story: this.storyId, error })
      if (reader.kind === 'socket') this.room.elsewhere.eventsRead(reader, undefined, timers.now())
      else timers.after(READ_AGAIN_MS, () => void this.#readEvents(since, reader))
    }
  }

  /** More was missed than is told one by one: the story is taken as it stands. */
  async #readState(): Promise<void> {
    const { loadStoryState, timers } = this.#house
    this.room.elsewhere.stateRead(await loadStoryState(this.storyId), timers.now())
  }

  #wake(at: Millis): void {
    if (at >= this.#wakesAt || this.#isOver) return
    this.#cancelWake?.()
    this.#wakesAt = at
    const { timers } = this.#house
    this.#cancelWake = timers.after(Math.max(1, at - timers.now()), () => {
      this.#wakesAt = Number.POSITIVE_INFINITY
      this.room.tick(timers.now())
      this.offerEnd()
    })
  }
}

async function changeLock(locks: LockKeeper, storyId: number, wish: LockWish): Promise<LockOutcome> {
  switch (wish.kind) {
    case 'take': {
      const lock = await locks.take(storyId, wish)
      if (lock === undefined) return { kind: 'nothing' }
      return { kind: lock.userId === wish.userId ? 'held' : 'elsewhere', lock }
    }
    case 'release': {
      if (await locks.release(wish.beatId, wish.userId, wish.unless)) return { kind: 'freed' }
      const lock = wish.unless === undefined ? undefined : await locks.look(storyId, wish.beatId)
      return lock?.userId === wish.userId ? { kind: 'stands', lock } : { kind: 'nothing' }
    }
    case 'hand_over': {
      const lock = await locks.handOver(wish)
      return lock === undefined ? { kind: 'nothing' } : { kind: 'held', lock }
    }
    case 'look': {
      const lock = await locks.look(storyId, wish.beatId)
      return lock === undefined ? { kind: 'nothing' } : { kind: 'stands', lock }
    }
    default:
      return assertNever(wish)
  }
}

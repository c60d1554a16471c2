import type { StoryEvent } from '@storyweave/protocol'
import type { DescribeScene } from '../room/documents/content.ts'
import type {
  AppendRow,
  Connection,
  ConnectionId,
  EventReader,
  Millis,
  Projection,
  RoomPorts,
  StoryState,
  UpdateLog,
} from '../room/ports.ts'
import { Room } from '../room/room.ts'
import type { Timers } from './timers.ts'

/** What every room of this process shares. */
export interface Household {
  readonly log: Pick<UpdateLog, 'load' | 'compact'>
  readonly timers: Timers
  readonly random: () => number
  readonly describeScene: DescribeScene
  readonly schemaVersion: number
  readonly nextCounter: () => number
  readonly append: (row: AppendRow) => void
  readonly project: (projection: Projection) => void
  /** Who a token names; undefined where it names nobody. Rejects where that can't be found out now. */
  readonly personOfToken: (token: string) => Promise<number | undefined>
  readonly eventsSince: (storyId: number, since: number) => Promise<readonly StoryEvent[] | undefined>
  readonly note: (event: string, details: Readonly<Record<string, unknown>>) => void
}

/** While the database can't be read, what the room needs of it is asked for again after this long. */
const READ_AGAIN_MS = 500

/** A room and what carries out its wishes: sockets, log, timer. */
export class LivingRoom {
  readonly room: Room
  readonly storyId: number
  readonly #house: Household
  readonly #connections = new Map<ConnectionId, Connection>()
  #cancelWake: (() => void) | undefined
  #wakesAt = Number.POSITIVE_INFINITY
  #isOver = false
  readonly #emptied: () => void

  /** `emptied` is called when nobody is here and nothing is in memory. */
  constructor(storyId: number, state: StoryState, house: Household, emptied: () => void) {
    const { describeScene, random, nextCounter, schemaVersion, timers } = house
    this.storyId = storyId
    this.#house = house
    this.#emptied = emptied
    const now = timers.now()
    const ports = this.#ports()
    this.room = new Room({ storyId, state, ports, describeScene, random, nextCounter, schemaVersion, now })
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

  remove(connectionId: ConnectionId): void {
    this.#connections.delete(connectionId)
    this.room.leave(connectionId, this.#house.timers.now())
    this.offerEnd()
  }

  /** Lets the room go if nothing holds it. */
  offerEnd(): void {
    if (this.#isOver || !this.room.isEmpty || this.#connections.size > 0) return
    this.#isOver = true
    this.#cancelWake?.()
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
      append,
      project,
      compact: (beatId) => {
        log.compact(beatId).catch((error: unknown) => note('compact_failed', { beat: beatId, error }))
      },
      unloaded: () => this.#house.timers.after(0, () => this.offerEnd()),
      authenticate: (id, key, token) => void this.#authenticate(id, key, token),
      readEvents: (since, reader) => void this.#readEvents(since, reader),
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
      timers.after(READ_AGAIN_MS, () => void this.#load(beatId))
    }
  }

  /** Never rejects: whose name can't be found out now is denied, and may ask again. */
  async #authenticate(id: ConnectionId, key: string, token: string): Promise<void> {
    const { personOfToken, note, timers } = this.#house
    const person = await personOfToken(token).catch((error: unknown) => {
      note('authentication_failed', { story: this.storyId, error })
      return undefined
    })
    const isSame = person !== undefined && person === this.#connections.get(id)?.userId
    this.room.authDecided(id, key, isSame ? 'allowed' : 'denied', timers.now())
  }

  async #readEvents(since: number, reader: EventReader): Promise<void> {
    const { eventsSince, timers, note } = this.#house
    try {
      this.room.eventsRead(reader, await eventsSince(this.storyId, since), timers.now())
    } catch (error) {
      note('events_failed', { story: this.storyId, error })
      if (reader.kind === 'socket') this.room.eventsRead(reader, undefined, timers.now())
      else timers.after(READ_AGAIN_MS, () => void this.#readEvents(since, reader))
    }
  }

  #wake(at: Millis): void {
    if (at >= this.#wakesAt || this.#isOver) return
    this.#cancelWake?.()
    this.#wakesAt = at
    const { timers } = this.#house
    this.#cancelWake = timers.after(Math.max(1, at - timers.now()), () => {
      this.#wakesAt = Number.POSITIVE_INFINITY
      this.room.tick(timers.now())
    })
  }
}

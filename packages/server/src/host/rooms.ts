import {
  type CardChanges,
  Fault,
  type Notification,
  type StoryEvent,
  type StoryPresence,
} from '@storyweave/protocol'
import type { LiveRooms, StoryCommands } from '../api/ports.ts'
import type { DescribeScene } from '../room/documents/content.ts'
import type {
  AppendResult,
  AppendRow,
  Arrival,
  Connection,
  ForeignRow,
  FrameInput,
  LockKeeper,
  RoomMessage,
  UpdateLog,
} from '../room/ports.ts'
import { GroupCommit } from './group-commit.ts'
import { type Household, LivingRoom } from './living-room.ts'
import { ProjectionWriter } from './projection-writer.ts'
import { Tending } from './tending.ts'
import type { Timers } from './timers.ts'
import { Windows } from './windows.ts'

export interface RoomsOptions {
  readonly log: UpdateLog
  readonly timers: Timers
  /** From 0 up to and without 1. */
  readonly random: () => number
  readonly describeScene: DescribeScene
  readonly schemaVersion: number
  readonly loadStoryState: Household['loadStoryState']
  readonly eventsSince: Household['eventsSince']
  readonly personOfToken: Household['personOfToken']
  readonly standingOf: Household['standingOf']
  readonly locks: LockKeeper
  readonly discussion: StoryCommands
  /** Finds comments' places again after their beat's text has changed. */
  readonly tend: (storyId: number, beatId: number) => Promise<void>
  readonly notifyOfLock: Household['notify']
  /** How many notifications a person has not read. */
  readonly unreadOf: (userId: number) => Promise<number>
  readonly note: Household['note']
}

/** Locks that have expired are cleared this often. */
const SWEEP_EVERY_MS = 1_000

const notNow = (): Fault =>
  new Fault('unavailable', 'The server can’t reach its database right now. Nothing was changed; try again.')

/** A socket's place in a room. */
export interface Seat {
  message(message: RoomMessage): void
  frame(input: FrameInput): void
  /** The reader was slow and missed presence; it is slow no longer. */
  caughtUp(): void
  /** `saidGoodbye`: the socket was closed on purpose, and not lost. */
  leave(saidGoodbye: boolean): void
}

/** A room that is being opened, with what is to be told to it as soon as it stands. */
interface Opening {
  readonly room: Promise<LivingRoom | undefined>
  readonly events: StoryEvent[]
}

/** All rooms of this process: opened when somebody comes, let go when nobody is left. */
export class Rooms implements LiveRooms {
  readonly #options: RoomsOptions
  readonly #house: Household
  readonly #living = new Map<number, LivingRoom>()
  readonly #opening = new Map<number, Opening>()
  readonly #commits: GroupCommit
  readonly #projections: ProjectionWriter
  readonly #tending: Tending
  readonly #windows = new Windows()
  /** Who waits for what is accepted to be on disk, and does so no longer when the database goes away. */
  readonly #whenAway = new Map<() => void, LivingRoom>()
  #counter = 0
  #cancelSweep: (() => void) | undefined

  constructor(options: RoomsOptions) {
    const { log, timers, note } = options
    this.#options = options
    this.#projections = new ProjectionWriter({
      log,
      timers,
      failed: (error) => note('project_failed', { error }),
    })
    this.#commits = new GroupCommit({
      log,
      timers,
      answered: (rows, results) => this.#answered(rows, results),
      away: (isAway, error) => this.#databaseAway(isAway, error),
    })
    this.#house = {
      ...options,
      nextCounter: () => {
        this.#counter += 1
        return this.#counter
      },
      append: (row) => this.#commits.append(row),
      project: (storyId, projection) => {
        this.#projections.take(projection)
        this.#tending.touch(storyId, projection.beatId)
      },
      notify: options.notifyOfLock,
      loadFailed: (living) => this.#giveUp(living),
    }
    this.#tending = new Tending({ timers, tend: options.tend, note })
    this.#planSweep()
  }

  /** How many rooms and sockets this process holds. */
  get size(): { rooms: number; sockets: number } {
    let sockets = 0
    for (const { room } of this.#living.values()) sockets += room.population
    return { rooms: this.#living.size, sockets }
  }

  get isDatabaseAway(): boolean {
    return this.#commits.isAway
  }

  /** Undefined where there is no such story. Rejects while the database can't be read. */
  async enter(storyId: number, arrival: Arrival, connection: Connection): Promise<Seat | undefined> {
    const opening = this.#open(storyId)
    const [living, unread] = await Promise.all([opening, this.#options.unreadOf(arrival.userId)])
    if (living === undefined) return undefined
    // It may have been let go in the moment between its opening and this line.
    if (living.isOver) return this.enter(storyId, arrival, connection)
    const visitor = { ...arrival, unread }
    const { timers } = this.#options
    living.add(connection)
    if (!visitor.documentsOnly) this.#windows.add(visitor.userId, connection)
    living.room.join(visitor, timers.now())
    // What is known of the visitor was read before they were in the room: a change in between was told to nobody.
    living.rights.askOne(visitor.userId)
    return {
      message: (message) => living.room.message(connection.id, message, timers.now()),
      frame: (input) => living.room.frame(connection.id, input, timers.now()),
      caughtUp: () => living.room.caughtUp(connection.id, timers.now()),
      leave: (saidGoodbye) => {
        this.#windows.remove(visitor.userId, connection)
        living.remove(connection.id, saidGoodbye)
      },
    }
  }

  announce(storyId: number, event: StoryEvent): void {
    this.#opening.get(storyId)?.events.push(event)
    this.#living.get(storyId)?.room.event(event, this.#options.timers.now())
  }

  inDoubt(storyId: number): void {
    this.#living.get(storyId)?.inDoubt()
    const doubt = (living: LivingRoom | undefined) => living?.inDoubt()
    // Whoever waits for the room hears why it could not be opened.
    this.#opening.get(storyId)?.room.then(doubt, () => undefined)
  }

  documentChanged(storyId: number, beatId: number, rows: readonly ForeignRow[]): void {
    // A story that nobody has open has no room whose projections would say so.
    this.#tending.touch(storyId, beatId)
    this.#living.get(storyId)?.room.foreignRows(beatId, rows, this.#options.timers.now())
  }

  async editCard(edit: Parameters<LiveRooms['editCard']>[0]): Promise<void> {
    const { storyId, beatId, changes, base, author } = edit
    const living = await this.#open(storyId)
    if (living === undefined) throw new Fault('not_found', 'There is no such story.')
    if (living.isOver) return this.editCard(edit)
    try {
      await this.#editIn(living, beatId, changes, base, author)
    } finally {
      living.offerEnd()
    }
  }

  #editIn(
    { room }: LivingRoom,
    beatId: number,
    changes: CardChanges,
    base: CardChanges | undefined,
    author: { readonly userId: number; readonly name: string },
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      room.editCard(
        {
          beatId,
          changes,
          base,
          userId: author.userId,
          userName: author.name,
          done: (outcome) => {
            if (outcome.ok) resolve()
            else {
              const code = outcome.code === 'pending' ? 'conflict' : outcome.code
              reject(new Fault(code, outcome.message, outcome.details))
            }
          },
        },
        this.#options.timers.now(),
      )
    })
  }

  notify(userId: number, notification: Notification): void {
    this.#windows.tell(userId, { type: 'notification', ...notification })
  }

  async whileHeld<Result>(storyId: number, beatId: number, work: () => Promise<Result>): Promise<Result> {
    const living = this.#living.get(storyId)
    const release = living === undefined ? undefined : await this.#held(living, beatId)
    try {
      return await work()
    } finally {
      release?.()
      living?.offerEnd()
    }
  }

  #held(living: LivingRoom, beatId: number): Promise<() => void> {
    const now = this.#options.timers.now()
    return this.#unlessAway<() => void>(
      living,
      (begin) => living.room.hold(beatId, begin, now),
      (release) => release(),
    )
  }

  /**
   * What a room says once everything it has accepted is on disk; `late` is called where nobody waits for it any more.
   * @throws Fault `unavailable` where the database can't be written now, or what the room needs of it not be read.
   */
  #unlessAway<Result>(
    living: LivingRoom,
    ask: (say: (result: Result) => void) => void,
    late: (result: Result) => void,
  ): Promise<Result> {
    if (this.isDatabaseAway) return Promise.reject(notNow())
    return new Promise((resolve, reject) => {
      const giveUp = () => reject(notNow())
      this.#whenAway.set(giveUp, living)
      ask((result) => {
        if (this.#whenAway.delete(giveUp)) resolve(result)
        else late(result)
      })
    })
  }

  /** Of one room, or of all. */
  #giveUp(living?: LivingRoom): void {
    for (const [giveUp, waitsFor] of this.#whenAway) {
      if (living !== undefined && living !== waitsFor) continue
      this.#whenAway.delete(giveUp)
      giveUp()
    }
  }

  present(): ReadonlyMap<number, StoryPresence['users']> {
    const now = this.#options.timers.now()
    const rooms = [...this.#living].map(([storyId, { room }]) => [storyId, room.present(now)] as const)
    return new Map(
      rooms
        .filter(([, users]) => users.length > 0)
        .map(([storyId, users]) => [
          storyId,
          users.map(({ user_id, user_name, color }) => ({ user_id, user_name, color })),
        ]),
    )
  }

  async settle(storyId: number): Promise<void> {
    const living = this.#living.get(storyId)
    const now = this.#options.timers.now()
    if (living !== undefined) {
      const nothing = () => undefined
      await this.#unlessAway<void>(living, (done) => living.room.settle(done, now), nothing)
    }
    await this.#projections.flush()
  }

  rightsChanged(storyId: number): void {
    this.#living.get(storyId)?.rights.askAll()
  }

  /** Somebody has another name, or is no guest any more: every room they are in learns it. */
  personChanged(userId: number): void {
    for (const { room, rights } of this.#living.values()) if (room.userIds.has(userId)) rights.askOne(userId)
  }

  /** Expired locks are cleared once a second and told in their own room. */
  #planSweep(): void {
    const { timers } = this.#options
    this.#cancelSweep = timers.after(SWEEP_EVERY_MS, () => {
      void this.#sweep().then(() => {
        if (this.#cancelSweep !== undefined) this.#planSweep()
      })
    })
  }

  /** Never rejects: what can't be swept now is swept a second later, and locks nothing meanwhile. */
  async #sweep(): Promise<void> {
    const { locks, timers, note } = this.#options
    if (this.isDatabaseAway) return
    try {
      for (const lock of await locks.sweep()) {
        const living = this.#living.get(lock.storyId)
        living?.room.lockExpired(lock, timers.now())
        living?.offerEnd()
      }
    } catch (error) {
      note('sweep_failed', { error })
    }
  }

  /** Nothing is begun any more by itself. */
  end(): void {
    this.#cancelSweep?.()
    this.#cancelSweep = undefined
    this.#tending.end()
  }

  /** Every socket of this process. */
  *connections(): Iterable<Connection> {
    for (const living of this.#living.values()) yield* living.connections
  }

  /** Resolves when nothing acknowledged or accepted is only in memory. */
  async drained(): Promise<void> {
    await this.#commits.drained()
    for (const { room } of this.#living.values()) {
      await new Promise<void>((resolve) => room.settle(resolve, this.#options.timers.now()))
    }
    await this.#projections.flush()
    await this.#tending.drained()
  }

  async #open(storyId: number): Promise<LivingRoom | undefined> {
    const living = this.#living.get(storyId)
    if (living !== undefined) return living
    const opening = this.#opening.get(storyId) ?? this.#beginOpening(storyId)
    const opened = await opening.room
    // It may have been let go while we waited for our turn.
    return opened?.isOver === true ? this.#open(storyId) : opened
  }

  #beginOpening(storyId: number): Opening {
    const events: StoryEvent[] = []
    const opening: Opening = { events, room: this.#load(storyId, events) }
    this.#opening.set(storyId, opening)
    return opening
  }

  async #load(storyId: number, events: readonly StoryEvent[]): Promise<LivingRoom | undefined> {
    try {
      const state = await this.#options.loadStoryState(storyId)
      if (state === undefined) return undefined
      const living = new LivingRoom(storyId, state, this.#house, () => this.#living.delete(storyId))
      this.#living.set(storyId, living)
      for (const event of events) living.room.event(event, this.#options.timers.now())
      living.room.databaseAway(this.isDatabaseAway)
      return living
    } finally {
      this.#opening.delete(storyId)
    }
  }

  #answered(rows: readonly AppendRow[], results: readonly AppendResult[]): void {
    const byBeat = new Map<number, { storyId: number; results: AppendResult[] }>()
    for (const [index, { storyId, beatId }] of rows.entries()) {
      const result = results[index]
      if (result === undefined) throw new Error('The log has not answered every row.')
      const known = byBeat.get(beatId)
      if (known === undefined) byBeat.set(beatId, { storyId, results: [result] })
      else known.results.push(result)
    }
    const now = this.#options.timers.now()
    for (const [beatId, { storyId, results }] of byBeat) {
      this.#living.get(storyId)?.room.appended(beatId, results, now)
    }
  }

  #databaseAway(isAway: boolean, error: unknown): void {
    if (isAway) this.#giveUp()
    this.#options.note(isAway ? 'database_away' : 'database_back', { error })
    for (const { room } of this.#living.values()) room.databaseAway(isAway)
  }
}

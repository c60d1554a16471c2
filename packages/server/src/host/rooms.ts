import { Fault, type Notification, type StoryEvent, type StoryPresence } from '@storyweave/protocol'
import type { LiveRooms, StoryCommands } from '../api/ports.ts'
import type { DescribeScene } from '../room/documents/content.ts'
import type {
  AppendResult,
  AppendRow,
  Arrival,
  Connection,
  ExpiredLock,
  ForeignRow,
  LockKeeper,
  UpdateLog,
} from '../room/ports.ts'
import { Arrivals } from './arrivals.ts'
import { byBeat } from './by-beat.ts'
import type { CommitPace } from './commit-pace.ts'
import { editCardIn } from './edit-card.ts'
import { GroupCommit } from './group-commit.ts'
import { HeadsWatch } from './heads-watch.ts'
import { HousePresence, joined } from './house-presence.ts'
import { type Household, LivingRoom } from './living-room.ts'
import { LockSweep } from './lock-sweep.ts'
import { LostNews } from './lost-news.ts'
import type { Neighbours } from './neighbours.ts'
import type { StoryMessage } from './node-codec.ts'
import { Patience } from './patience.ts'
import { ProjectionWriter } from './projection-writer.ts'
import { type Seat, seatIn } from './seat.ts'
import { Settling } from './settling.ts'
import type { SharedHouse } from './shared.ts'
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
  readonly standingsOf: Household['standingsOf']
  readonly locks: LockKeeper
  /** See `GroupCommit`. */
  readonly commitPace?: CommitPace
  readonly discussion: StoryCommands
  /** Finds comments' places again after their beat's text has changed. */
  readonly tend: (storyId: number, beatId: number) => Promise<void>
  readonly notifyOfLock: Household['notify']
  /** How many notifications a person has not read. */
  readonly unreadOf: (userId: number) => Promise<number>
  readonly note: Household['note']
  /** Undefined where the house is of one process, and its database nobody else's. */
  readonly shared: SharedHouse | undefined
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
  readonly #arrivals: Arrivals
  readonly #projections: ProjectionWriter
  readonly #tending: Tending
  readonly #windows = new Windows()
  readonly #patience = new Patience(() => this.isDatabaseAway)
  readonly #settling: Settling
  readonly #sweep: LockSweep
  readonly #heads: HeadsWatch | undefined
  readonly #presence: HousePresence | undefined
  readonly #lost: LostNews | undefined
  #counter = 0

  constructor(options: RoomsOptions) {
    const { log, timers, note } = options
    const isDatabaseAway = () => this.isDatabaseAway
    this.#options = options
    this.#projections = new ProjectionWriter({
      ...{ log, timers },
      failed: (error) => note('project_failed', { error }),
    })
    this.#settling = new Settling({
      ...{ log, timers, patience: this.#patience, projections: this.#projections, content: options },
      living: (storyId) => this.#living.get(storyId),
      unprojected: options.shared?.unprojected,
    })
    this.#commits = new GroupCommit({
      ...{ log, timers, pace: options.commitPace },
      begins: () => this.#arrivals.takeIn(),
      answered: (rows, results) => this.#answered(rows, results),
      away: (isAway, error) => this.#databaseAway(isAway, error),
    })
    this.#arrivals = new Arrivals({ expect: () => this.#commits.expect() })
    this.#house = {
      ...options,
      neighbours: options.shared?.neighbours,
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
      loadFailed: (living) => this.#patience.giveUp(living),
    }
    this.#tending = new Tending({ timers, tend: options.tend, note })
    this.#sweep = new LockSweep({
      ...{ timers, note, locks: options.locks, isDatabaseAway },
      sweepsUntouched: () => this.#heads?.sweepsUntouched === true,
      swept: (lock) => this.#swept(lock),
    })
    if (options.shared !== undefined) {
      const { neighbours, readHeads } = options.shared
      this.#heads = new HeadsWatch({
        ...{ timers, readHeads, note, locks: options.locks, isDatabaseAway },
        rooms: () => [...this.#living.values()],
        areNodesHeard: () => neighbours.areHeard,
      })
      this.#lost = new LostNews({
        ...{ timers, note, source: options.shared, isDatabaseAway },
        userIds: () => this.#windows.userIds,
        tell: ({ userId, notification }) =>
          this.#windows.tell(userId, { type: 'notification', ...notification }),
      })
      this.#presence = new HousePresence({ timers, neighbours, here: () => this.#presentHere() })
      this.#listen(neighbours)
    }
  }

  #listen(neighbours: Neighbours): void {
    neighbours.hearHouse((node, message) => {
      if (message.kind === 'person_changed') this.#personChanged(message.userId)
      if (message.kind === 'notification') this.#notify(message.userId, message.notification)
      if (message.kind === 'present') this.#presence?.heard(node, message.stories)
    })
    neighbours.onChange((areHeard) => {
      const now = this.#options.timers.now()
      for (const { room } of this.#living.values()) room.elsewhere.nodesHeard(areHeard, now)
    })
  }

  #tellStory(storyId: number, message: StoryMessage): void {
    this.#options.shared?.neighbours.tellStory(storyId, message)
  }

  /** What another node says of a story that is open here, or about to be. */
  #heard(storyId: number, node: string, message: StoryMessage): void {
    const living = this.#living.get(storyId)
    if (message.kind === 'event') this.#tookPlace(storyId, message.event)
    else if (message.kind === 'rights') this.#askRights(storyId)
    else living?.room.elsewhere.heard(node, message, this.#options.timers.now())
  }

  /** How many rooms and sockets this process holds. */
  get size(): { rooms: number; sockets: number } {
    const sockets = [...this.#living.values()].reduce((sum, { room }) => sum + room.population, 0)
    return { rooms: this.#living.size, sockets }
  }

  get isDatabaseAway(): boolean {
    return this.#commits.isAway || this.#commits.isLate
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
    const goes = () => this.#windows.remove(visitor.userId, connection)
    return seatIn(living, { id: connection.id, arrivals: this.#arrivals, timers, goes })
  }

  announce(storyId: number, event: StoryEvent): void {
    this.#tellStory(storyId, { kind: 'event', event })
    this.#tookPlace(storyId, event)
  }

  #tookPlace(storyId: number, event: StoryEvent): void {
    this.#arrivals.takeIn()
    this.#opening.get(storyId)?.events.push(event)
    this.#living.get(storyId)?.room.elsewhere.event(event, this.#options.timers.now())
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
    const shared = rows.map((row) => ({ ...row, userName: '', card: {} }))
    this.#tellStory(storyId, { kind: 'rows', beatId, rows: shared })
    this.#living.get(storyId)?.room.elsewhere.foreignRows(beatId, rows, this.#options.timers.now())
  }

  async editCard(edit: Parameters<LiveRooms['editCard']>[0]): Promise<void> {
    const living = await this.#open(edit.storyId)
    this.#arrivals.takeIn()
    if (living === undefined) throw new Fault('not_found', 'There is no such story.')
    if (living.isOver) return this.editCard(edit)
    try {
      await editCardIn(living.room, edit, this.#options.timers.now())
    } finally {
      living.offerEnd()
    }
  }

  notify(userId: number, notification: Notification): void {
    this.#options.shared?.neighbours.tellHouse({ kind: 'notification', userId, notification })
    this.#notify(userId, notification)
  }

  #notify(userId: number, notification: Notification): void {
    if (this.#lost?.isNews(notification.id) === false) return
    this.#windows.tell(userId, { type: 'notification', ...notification })
  }

  async whileHeld<Result>(storyId: number, beatId: number, work: () => Promise<Result>): Promise<Result> {
    this.#arrivals.takeIn()
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
    return this.#patience.wait<() => void>(
      living,
      (begin) => living.room.hold(beatId, begin, now),
      (release) => release(),
    )
  }

  present(): ReadonlyMap<number, StoryPresence['users']> {
    const here = this.#presentHere().map(({ story_id, users }) => [story_id, users] as const)
    const present = new Map(this.#presence?.elsewhere())
    for (const [storyId, users] of here) present.set(storyId, joined(users, present.get(storyId) ?? []))
    return present
  }

  /** Who is in the rooms of this node; stories with nobody in them are left out. */
  #presentHere(): StoryPresence[] {
    return [...this.#living].flatMap(([story_id, { room }]) => {
      const users = room.presentHere()
      return users.length === 0 ? [] : [{ story_id, users }]
    })
  }

  settle(storyId: number): Promise<void> {
    this.#arrivals.takeIn()
    return this.#settling.settle(storyId)
  }

  rightsChanged(storyId: number): void {
    this.#tellStory(storyId, { kind: 'rights' })
    this.#askRights(storyId)
  }

  /** What came before the change was written with the rights of before. */
  #askRights(storyId: number): void {
    this.#arrivals.takeIn()
    this.#living.get(storyId)?.rights.askAll()
  }

  /** Somebody has another name, or is no guest any more: every room they are in learns it. */
  personChanged(userId: number): void {
    this.#options.shared?.neighbours.tellHouse({ kind: 'person_changed', userId })
    this.#personChanged(userId)
  }

  #personChanged(userId: number): void {
    for (const { room, rights } of this.#living.values()) if (room.userIds.has(userId)) rights.askOne(userId)
  }

  #swept(lock: ExpiredLock): void {
    const { storyId, beatId, userId, reason } = lock
    // That its time is over every node knows by itself.
    if (reason !== 'expired') this.#tellStory(storyId, { kind: 'unlock', beatId, userId, reason, by: userId })
    const living = this.#living.get(storyId)
    living?.room.elsewhere.lockSwept(lock, this.#options.timers.now())
    living?.offerEnd()
  }

  /** Nothing is begun any more by itself. */
  end(): void {
    this.#sweep.end()
    this.#heads?.end()
    this.#presence?.end()
    this.#lost?.end()
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

  /** Other nodes are heard before the story is read, so that nothing falls in between. */
  async #load(storyId: number, events: readonly StoryEvent[]): Promise<LivingRoom | undefined> {
    const { timers, loadStoryState, shared } = this.#options
    const hear = (node: string, message: StoryMessage) => this.#heard(storyId, node, message)
    const stopHearing = shared?.neighbours.hearStory(storyId, hear)
    try {
      const state = await loadStoryState(storyId)
      if (state === undefined) return undefined
      const living = new LivingRoom(storyId, state, this.#house, () => {
        this.#living.delete(storyId)
        stopHearing?.()
      })
      this.#living.set(storyId, living)
      for (const event of events) living.room.elsewhere.event(event, timers.now())
      living.room.databaseAway(this.#commits.isAway)
      return living
    } finally {
      this.#opening.delete(storyId)
      if (!this.#living.has(storyId)) stopHearing?.()
    }
  }

  #answered(rows: readonly AppendRow[], results: readonly AppendResult[]): void {
    const now = this.#options.timers.now()
    for (const { storyId, beatId, results: mine } of byBeat(rows, results)) {
      this.#living.get(storyId)?.room.appended(beatId, mine, now)
    }
  }

  #databaseAway(isAway: boolean, error: unknown): void {
    if (isAway) this.#patience.giveUp()
    this.#options.note(isAway ? 'database_away' : 'database_back', { error })
    for (const { room } of this.#living.values()) room.databaseAway(isAway)
  }
}

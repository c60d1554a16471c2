import { countWords, plainTextOfFragment, SCHEMA_VERSION } from '@storyweave/prose'
import { CLOSE, type Comment, Fault, LIMITS, personColor } from '@storyweave/protocol'
import { requireStory } from '@storyweave/server/api/access.ts'
import type { ApiContext } from '@storyweave/server/api/context.ts'
import { type Discussion, makeDiscussion } from '@storyweave/server/api/discussion/discussion.ts'
import { notifyOfLock } from '@storyweave/server/api/notifications/lock-notices.ts'
import { readHeads } from '@storyweave/server/db/heads.ts'
import { DatabaseLocks } from '@storyweave/server/db/lock-keeper.ts'
import { listChat } from '@storyweave/server/db/repositories/chat.ts'
import { listComments } from '@storyweave/server/db/repositories/comments.ts'
import { eventsSince } from '@storyweave/server/db/repositories/events.ts'
import { notificationsAfter, unreadCount } from '@storyweave/server/db/repositories/notifications.ts'
import { roleIn, standingsIn } from '@storyweave/server/db/repositories/permissions.ts'
import { loadStoryState } from '@storyweave/server/db/repositories/story-state.ts'
import { unprojectedBeats } from '@storyweave/server/db/repositories/unprojected.ts'
import type { Schema } from '@storyweave/server/db/schema.ts'
import { Neighbours } from '@storyweave/server/host/neighbours.ts'
import { Rooms, type RoomsOptions } from '@storyweave/server/host/rooms.ts'
import type { Seat } from '@storyweave/server/host/seat.ts'
import type { Arrival } from '@storyweave/server/room/ports.ts'
import { Session } from '@storyweave/server/ws/session.ts'
import type { Kysely } from 'kysely'
import type { Chance } from './chance.ts'
import type { Database } from './database.ts'
import { personName, STORY } from './house.ts'
import type { Line } from './line.ts'
import type { LockWatch } from './lock-watch.ts'
import type { NodeBus } from './node-net.ts'
import type { Scheduler } from './scheduler.ts'
import type { Tables } from './tables.ts'

export interface ServerOptions {
  /** Names the process: the node's id, and the owner of all that it plans. */
  readonly name: string
  /** What it says to other nodes; undefined where there are none. */
  readonly bus: NodeBus | undefined
  readonly tables: Tables
  readonly database: Database
  readonly scheduler: Scheduler
  readonly chance: Chance
  /** Sees who comes, goes and does something. */
  readonly watch: LockWatch
  readonly note: (event: string) => void
}

/** So long after a time without the database nodes have had time to say whose locks are in use. */
const SWEEPS_AFTER_MS = 70_000
/** Small enough for histories to turn pages. */
const CHAT_PAGE = 20
const COMMENT_PAGE = 10

/**
 * One life of the server: the rooms, sessions, locks and discussion of the real one, on simulated sockets and on
 * tables that are a simulated way off.
 */
export class Server {
  readonly name: string
  readonly rooms: Rooms
  readonly #options: ServerOptions
  readonly #api: ApiContext
  readonly #discussion: Discussion
  readonly #sessions = new Set<Session>()
  readonly #lines: Line[] = []
  /** Fails one request over REST each. */
  readonly #requests = new Set<() => void>()
  #cancelTick: (() => void) | undefined
  #sweepsFrom: number
  #isDead = false

  constructor(options: ServerOptions) {
    const { name, database, scheduler, chance, tables } = options
    this.name = name
    this.#options = options
    const db = tables.by(database.wayOf(name))
    const log = database.logOf(name)
    this.rooms = new Rooms({
      log,
      timers: { now: scheduler.now, after: (ms, call) => scheduler.after(name, ms, call) },
      random: chance.fraction,
      schemaVersion: SCHEMA_VERSION,
      describeScene: (fragment) => {
        const plainText = plainTextOfFragment(fragment)
        return { plainText, wordCount: countWords(plainText) }
      },
      loadStoryState: (storyId) => loadStoryState(db, storyId),
      eventsSince: (storyId, since) => eventsSince(db, storyId, since),
      standingsOf: (storyId, userIds) => standingsIn(db, storyId, userIds),
      personOfToken: async () => undefined,
      locks: new DatabaseLocks(db, scheduler.now),
      discussion: {
        chat: (author, storyId, message) => this.#discussion.chat(author, storyId, message),
        comment: (author, storyId, request) => this.#discussion.comment(author, storyId, request),
      },
      tend: (storyId, beatId) => this.#discussion.tend(storyId, beatId),
      notifyOfLock: (storyId, notice) => {
        notifyOfLock(this.#api, storyId, notice).catch((error: unknown) => this.#note('notice_failed', error))
      },
      unreadOf: (userId) => unreadCount(db, userId, scheduler.now()),
      note: (event, { error }) => this.#note(event, error),
      shared: this.#shared(db),
    })
    const random = (count: number) => Uint8Array.from({ length: count }, () => chance.below(256))
    this.#api = { db, log, rooms: this.rooms, clock: scheduler, random }
    this.#discussion = makeDiscussion(this.#api)
    this.#sweepsFrom = scheduler.now() + SWEEPS_AFTER_MS
    this.#planTick()
  }

  /** Since when, or from when on, it ends the locks of those whom nobody has seen: not while it could not read. */
  get sweepsFrom(): number {
    return this.#sweepsFrom
  }

  cannotSweep(): void {
    this.#sweepsFrom = this.#options.scheduler.now() + SWEEPS_AFTER_MS
  }

  #note(event: string, error: unknown): void {
    if (event === 'heads_failed') this.cannotSweep()
    this.#options.note(error instanceof TypeError ? `${event}: ${error.stack}` : event)
  }

  /** As `shared-house.ts` wires it. */
  #shared(db: Kysely<Schema>): RoomsOptions['shared'] {
    const { bus: messenger, scheduler } = this.#options
    if (messenger === undefined) return undefined
    return {
      neighbours: new Neighbours({ messenger, note: (event) => this.#note(event, undefined) }),
      readHeads: async (asked) => {
        const { changed, ...heads } = await readHeads(db, asked, scheduler.now)
        return {
          ...heads,
          changed: changed.map((beat) => ({ ...asProjection(beat), by: this.#writerOf(beat) })),
        }
      },
      unprojected: (storyId) => unprojectedBeats(db, storyId),
      notificationsAfter: (userIds, id) => notificationsAfter(db, userIds, id),
    }
  }

  /** Rows of the log are in no table here. */
  #writerOf({ beatId }: { readonly beatId: number }) {
    const userId = this.#options.database.lastWriter(beatId)
    return userId === undefined ? undefined : { userId, name: personName(userId) }
  }

  /** How many listen to other nodes. */
  get listeners(): number {
    return this.#options.bus?.listeners ?? 0
  }

  /** Every socket that has ever come here. */
  get lines(): Iterable<Line> {
    return this.#lines
  }

  /** Takes an upgrade as the real server does: who may not in learns it before. */
  async accept(line: Line, userId: number): Promise<void> {
    const connectionId = `${this.name}-${this.#lines.push(line)}`
    try {
      const role = await roleIn(this.#api.db, STORY, userId)
      if (role === undefined) return line.refuse()
      if (line.server.readyState !== line.server.OPEN) return
      line.opens()
      await this.#seat(line, this.#arrival(line, connectionId, userId, role))
    } catch (error) {
      this.#note('upgrade_failed', error)
      line.refuse()
    }
  }

  async #seat(line: Line, arrival: Arrival): Promise<void> {
    const { server: socket } = line
    const session = this.#session(line, arrival)
    socket.pause()
    this.#sessions.add(session)
    socket.on('close', () => this.#sessions.delete(session))
    try {
      const seat = await this.rooms.enter(STORY, arrival, session)
      if (seat === undefined) throw new Error('The story is never deleted here.')
      const watched = this.#watched(seat, arrival.userId)
      session.sit(watched)
      if (socket.readyState === socket.OPEN)
        socket.on('close', (code) => watched.leave(!session.saidGoodbye && (code === 1000 || code === 1001)))
      else watched.leave(false)
    } catch (error) {
      this.#note('enter_failed', error)
      session.close(CLOSE.goingAway, 'try again')
    } finally {
      socket.resume()
    }
  }

  /** What the seat hears, the watch hears as well. */
  #watched(seat: Seat, userId: number): Seat {
    const { watch } = this.#options
    if (!this.#isDead) watch.came(this.name, userId)
    return {
      ...seat,
      message: (message) => {
        watch.heard(userId, message)
        seat.message(message)
      },
      frame: (input) => {
        watch.heardFrame(userId, input.frame)
        seat.frame(input)
      },
      leave: (saidGoodbye) => {
        if (!this.#isDead) watch.went(this.name, userId, saidGoodbye)
        seat.leave(saidGoodbye)
      },
    }
  }

  #session(line: Line, { connectionId, userId, name }: Arrival): Session {
    const { scheduler, note } = this.#options
    const proof = { via: 'ticket', guest: false, email: null, sessionId: null, expiresAt: null } as const
    return new Session({
      id: connectionId,
      socket: line.server.asWebSocket,
      principal: { userId, name, ...proof },
      documentsOnly: false,
      doorkeeper: {
        verifyToken: () => Promise.reject(new Error('Nobody renews a token here.')),
        sessionAlive: () => Promise.resolve(true),
      },
      now: scheduler.now,
      note: (event) => note(event),
    })
  }

  #arrival(line: Line, connectionId: string, userId: number, role: Arrival['role']): Arrival {
    const since = new URL(line.path, 'http://localhost').searchParams.get('since')
    return {
      connectionId,
      userId,
      name: personName(userId),
      email: null,
      color: personColor(userId),
      guest: false,
      role,
      connectedAt: this.#options.scheduler.now(),
      documentsOnly: false,
      schema: SCHEMA_VERSION,
      since: since === null ? undefined : Number(since),
    }
  }

  /** As the route answers it. */
  chatBefore(userId: number, before: number) {
    return this.#request(userId, async ({ db }) => {
      const found = await listChat(db, { storyId: STORY, before, limit: CHAT_PAGE + 1 })
      return { messages: found.slice(0, CHAT_PAGE), next: nextOf(found, CHAT_PAGE) }
    })
  }

  /** As the route answers it. */
  comments(userId: number, after: string | undefined) {
    return this.#request(userId, async ({ db }) => {
      const page = { storyId: STORY, after: Number(after ?? 0), limit: COMMENT_PAGE + 1 }
      const found: readonly Comment[] = await listComments(db, page)
      return { comments: found.slice(0, COMMENT_PAGE), next: nextOf(found, COMMENT_PAGE) }
    })
  }

  /** Rejects also where this server dies meanwhile. */
  #request<Answer>(userId: number, answer: (api: ApiContext) => Promise<Answer>): Promise<Answer> {
    const proof = { via: 'cookie', guest: false, email: null, sessionId: null, expiresAt: null } as const
    const principal = { userId, name: personName(userId), ...proof }
    const asked = requireStory(this.#api.db, { principal, storyId: STORY, action: 'read' })
    return new Promise((resolve, reject) => {
      const fail = () => reject(new Fault('unavailable', 'The server did not answer.'))
      this.#requests.add(fail)
      asked
        .then(() => answer(this.#api))
        .then(resolve, fail)
        .finally(() => this.#requests.delete(fail))
    })
  }

  /** Whoever waits for an answer of this server waits no longer, and what its memory still does counts for nothing. */
  die(): void {
    this.#isDead = true
    this.#options.watch.allGone(this.name)
    for (const fail of this.#requests) fail()
  }

  /** No socket is looked after any more. */
  stop(): void {
    this.rooms.end()
    this.#cancelTick?.()
  }

  #planTick(): void {
    this.#cancelTick = this.#options.scheduler.after(this.name, LIMITS.pingMs, () => {
      for (const session of this.#sessions) session.tick()
      this.#planTick()
    })
  }
}

type Changed = Awaited<ReturnType<typeof readHeads>>['changed'][number]

const asProjection = ({ title, goal, conflict, outcome, scenes, ...beat }: Changed) => ({
  ...beat,
  card: { title, goal, conflict, outcome },
  scenes: scenes.map(({ key, word_count }) => ({ key, wordCount: word_count })),
})

/** Where the next part begins; null where there is none. */
const nextOf = (found: readonly { readonly id: number }[], limit: number): string | null =>
  found.length > limit ? String(found[limit - 1]?.id) : null

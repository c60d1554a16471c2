import { countWords, plainTextOfFragment, SCHEMA_VERSION } from '@storyweave/prose'
import { CLOSE, LIMITS, personColor } from '@storyweave/protocol'
import { Rooms } from '@storyweave/server/host/rooms.ts'
import type { Arrival, LockKeeper } from '@storyweave/server/room/ports.ts'
import { Session } from '@storyweave/server/ws/session.ts'
import type { Chance } from './chance.ts'
import type { Database } from './database.ts'
import { type House, STORY } from './house.ts'
import type { Line } from './line.ts'
import type { Scheduler } from './scheduler.ts'

export interface ServerOptions {
  /** Names the process: the node's id, and the owner of all that it plans. */
  readonly name: string
  readonly house: House
  readonly database: Database
  readonly scheduler: Scheduler
  readonly chance: Chance
  readonly note: (event: string) => void
}

/** One life of the server: the rooms and the sessions of the real one, on simulated sockets and a simulated database. */
export class Server {
  readonly name: string
  readonly rooms: Rooms
  readonly #options: ServerOptions
  readonly #sessions = new Set<Session>()
  readonly #lines: Line[] = []
  #cancelTick: (() => void) | undefined

  constructor(options: ServerOptions) {
    const { name, house, database, scheduler, chance, note } = options
    this.name = name
    this.#options = options
    const ask = <Answer>(read: () => Answer) => database.ask(name, read)
    this.rooms = new Rooms({
      log: database.logOf(name),
      timers: { now: scheduler.now, after: (ms, call) => scheduler.after(name, ms, call) },
      random: chance.fraction,
      schemaVersion: SCHEMA_VERSION,
      describeScene: (fragment) => {
        const plainText = plainTextOfFragment(fragment)
        return { plainText, wordCount: countWords(plainText) }
      },
      loadStoryState: () => ask(() => house.state()),
      eventsSince: (_storyId, since) => ask(() => house.eventsSince(since)),
      standingOf: (_storyId, userId) => ask(() => house.standingOf(userId)),
      personOfToken: async () => undefined,
      locks: NO_LOCKS,
      discussion: { chat: notHere, comment: notHere },
      tend: async () => undefined,
      notifyOfLock: () => undefined,
      unreadOf: async () => 0,
      note: (event, { error }) => note(error instanceof TypeError ? `${event}: ${error.stack}` : event),
    })
    this.#planTick()
  }

  /** Every socket that has ever come here. */
  get lines(): Iterable<Line> {
    return this.#lines
  }

  /** Takes an upgrade as the real server does: who may not in learns it before. */
  async accept(line: Line, userId: number): Promise<void> {
    const { database, house, note } = this.#options
    const connectionId = `${this.name}-${this.#lines.push(line)}`
    try {
      const role = await database.ask(this.name, () => house.roles.get(userId))
      if (role === undefined) return line.refuse()
      if (line.server.readyState !== line.server.OPEN) return
      line.opens()
      await this.#seat(line, this.#arrival(line, connectionId, userId, role))
    } catch (error) {
      note(`upgrade failed: ${error}`)
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
      session.sit(seat)
      if (socket.readyState === socket.OPEN)
        socket.on('close', (code) => seat.leave(code === 1000 || code === 1001))
      else seat.leave(false)
    } catch (error) {
      this.#options.note(`enter failed: ${error}`)
      session.close(CLOSE.goingAway, 'try again')
    } finally {
      socket.resume()
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
      doorkeeper: { verifyToken: () => Promise.reject(new Error('Nobody renews a token here.')) },
      now: scheduler.now,
      note: (event) => note(event),
    })
  }

  #arrival(line: Line, connectionId: string, userId: number, role: Arrival['role']): Arrival {
    const since = new URL(line.path, 'http://localhost').searchParams.get('since')
    return {
      connectionId,
      userId,
      name: `Person ${userId}`,
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

/** Locks come and go in the log alone, as another node takes them: nobody here asks for one. */
const NO_LOCKS: LockKeeper = {
  take: notHere,
  release: notHere,
  handOver: notHere,
  sweep: async () => [],
}

function notHere(): never {
  throw new Error('Nobody locks, chats or comments in these histories.')
}

import { randomUUID } from 'node:crypto'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { CLOSE, Fault, HTTP_STATUS, LIMITS, MAX_ID, personColor, type Role } from '@storyweave/protocol'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Principal } from '../access/principal.ts'
import type { Arrival } from '../room/ports.ts'
import { awaitName } from './nameless.ts'
import type { Doorkeeper, Note, RoomDoor } from './ports.ts'
import { asFault, Session } from './session.ts'

export interface SocketsOptions {
  readonly doorkeeper: Doorkeeper
  readonly rooms: RoomDoor
  /** In open mode people see each other's addresses. */
  readonly showsAddresses: boolean
  readonly now: () => number
  readonly after: (ms: number, call: () => void) => () => void
  /** From 0 up to and without 1. */
  readonly random: () => number
  readonly note: Note
}

/** Where a socket wants to, taken from its path and query. */
interface Destination {
  readonly storyId: number
  readonly documentsOnly: boolean
  readonly schema: number | undefined
  readonly since: number | undefined
}

const PATH = /^\/collaboration\/(ws|documents)\/story\/([^/]+)$/

/** All WebSockets of this process: upgrade, who it is, and a session each. */
export class Sockets {
  readonly #options: SocketsOptions
  readonly #server = new WebSocketServer({
    noServer: true,
    maxPayload: LIMITS.documentFrameBytes,
    perMessageDeflate: false,
  })
  readonly #sessions = new Map<Session, number>()
  #cancelTick: (() => void) | undefined
  #isLeaving = false

  constructor(options: SocketsOptions) {
    this.#options = options
    this.#planTick()
  }

  get size(): number {
    return this.#sessions.size
  }

  /** The sessions (of sign-ins) that sockets here are of. */
  get sessionIds(): ReadonlySet<string> {
    return new Set([...this.#sessions.keys()].flatMap(({ sessionId }) => sessionId ?? []))
  }

  /** Takes the upgrades of an HTTP server. */
  attach(server: Server<typeof IncomingMessage, typeof ServerResponse>): void {
    server.on('upgrade', (request, socket, head) => {
      socket.on('error', this.#upgradeFailed)
      this.#upgrade(request, socket, head).catch((error: unknown) => {
        refuse(socket, asFault(error, this.#options.note))
      })
    })
  }

  /** Of a connection that is no WebSocket yet; one that breaks later is just closed. */
  readonly #upgradeFailed = (error: Error): void => {
    this.#options.note('upgrade_socket_failed', { error })
  }

  /** A session was ended somewhere: its sockets are signed out. */
  sessionEnded(sessionId: string): void {
    for (const session of this.#sessions.keys()) {
      if (session.sessionId === sessionId) session.close(CLOSE.signedOut, 'signed out')
    }
  }

  /**
   * Says goodbye to everyone: they come back after a while of their own. `overMs`: the sockets are closed one by one
   * over this time, so that those who come back do not all come at once. Resolves when the last was told to close.
   */
  async goAway({ retryAfterMs, overMs }: { retryAfterMs: number; overMs: number }): Promise<void> {
    this.#isLeaving = true
    const message = JSON.stringify({ type: 'going_away', retry_after_ms: retryAfterMs })
    const leaving = [...this.#sessions.keys()]
    for (const session of leaving) if (!session.documentsOnly) session.send(message, 'asked')
    await Promise.all(leaving.map((session) => this.#closeLater(session, overMs)))
  }

  async #closeLater(session: Session, withinMs: number): Promise<void> {
    const { after, random } = this.#options
    const wait = Math.floor(random() * withinMs)
    if (wait > 0) await new Promise<void>((resolve) => after(wait, resolve))
    session.close(CLOSE.goingAway, 'going away')
  }

  /** Ends what has not closed by itself. */
  terminate(): void {
    this.#cancelTick?.()
    for (const socket of this.#server.clients) socket.terminate()
    this.#server.close()
  }

  #planTick(): void {
    this.#cancelTick = this.#options.after(LIMITS.pingMs, () => {
      for (const session of this.#sessions.keys()) session.tick()
      this.#planTick()
    })
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    if (this.#isLeaving) throw new Fault('unavailable', 'This server is about to stop; try again.')
    const url = URL.parse(request.url ?? '/', 'http://localhost')
    const destination = url === null ? undefined : readDestination(url)
    if (url === null || destination === undefined) throw NO_STORY
    const { doorkeeper } = this.#options
    const remoteAddress = request.socket.remoteAddress ?? ''
    const principal = await doorkeeper.identify({ headers: request.headers, url, remoteAddress })
    if (principal === undefined && !destination.documentsOnly) {
      throw new Fault('unauthenticated', 'Sign in, or name a ticket or a token.')
    }
    if (principal === undefined) {
      const websocket = await this.#handshake(request, socket, head)
      return this.#awaitName(websocket, destination)
    }
    const role = await this.#admit(destination, principal)
    const websocket = await this.#handshake(request, socket, head)
    await this.#seat(websocket, destination, principal, role)
  }

  #handshake(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<WebSocket> {
    return new Promise((resolve) => {
      this.#server.handleUpgrade(request, socket, head, (websocket) => {
        socket.off('error', this.#upgradeFailed)
        websocket.on('error', (error) => this.#options.note('socket_error', { error: error.message }))
        resolve(websocket)
      })
    })
  }

  /** The person's role. Throws Fault where the story is not theirs, or they have too many sockets in it. */
  async #admit({ storyId }: Destination, principal: Principal): Promise<Role> {
    const role = await this.#options.doorkeeper.roleOf(storyId, principal)
    if (role === undefined) throw NO_STORY
    const inStory = [...this.#sessions].filter(([, id]) => id === storyId)
    const mine = inStory.filter(([{ userId }]) => userId === principal.userId)
    if (mine.length >= LIMITS.socketsPerPersonAndStory || inStory.length >= LIMITS.socketsPerStory) {
      throw new Fault('rate_limited', 'Too many windows are open in this story; close one.')
    }
    return role
  }

  async #awaitName(websocket: WebSocket, destination: Destination): Promise<void> {
    const { doorkeeper, note, after } = this.#options
    const named = await awaitName({
      socket: websocket,
      note,
      after,
      admit: async (token) => {
        const principal = await doorkeeper.verifyToken(token)
        await this.#admit(destination, principal)
        return principal
      },
    })
    if (named === undefined) return
    websocket.pause()
    const role = await doorkeeper.roleOf(destination.storyId, named.principal)
    if (role === undefined) return websocket.close(CLOSE.accessRevoked, 'access revoked')
    const session = await this.#seat(websocket, destination, named.principal, role)
    for (const input of named.held) session?.takeFrame(input)
  }

  /** Gives the socket its place in the room; until it has it, nothing is read from it. */
  async #seat(
    socket: WebSocket,
    destination: Destination,
    principal: Principal,
    role: Role,
  ): Promise<Session | undefined> {
    const { doorkeeper, rooms, now, note } = this.#options
    const { storyId, documentsOnly } = destination
    // A socket that is gone already would never say so again, and would be counted for ever.
    if (socket.readyState !== socket.OPEN) return undefined
    socket.pause()
    const id = randomUUID()
    const session = new Session({ id, socket, principal, documentsOnly, doorkeeper, now, note })
    this.#sessions.set(session, storyId)
    socket.on('close', () => this.#sessions.delete(session))
    try {
      if (await session.closeIfEnded()) return undefined
      const seat = await rooms.enter(storyId, this.#arrival(id, destination, principal, role), session)
      if (seat === undefined) {
        session.close(CLOSE.storyDeleted, 'story deleted')
        return undefined
      }
      session.sit(seat)
      if (socket.readyState === socket.OPEN)
        socket.on('close', (code) => seat.leave(!session.saidGoodbye && isGoodbye(code)))
      else seat.leave(false)
      return session
    } catch (error) {
      note('enter_failed', { error })
      session.close(CLOSE.goingAway, 'try again')
      return undefined
    } finally {
      socket.resume()
    }
  }

  #arrival(id: string, destination: Destination, principal: Principal, role: Role): Arrival {
    const { documentsOnly, schema, since } = destination
    const { userId, name, email, guest } = principal
    return {
      connectionId: id,
      userId,
      name,
      email: this.#options.showsAddresses ? email : null,
      color: personColor(userId),
      guest,
      role,
      connectedAt: this.#options.now(),
      documentsOnly,
      schema,
      since,
    }
  }
}

/**
 * Closed on purpose: a page that is left says 1001, and a plain `ws.close()` says no code, which is told as 1005.
 * A connection that broke is 1006.
 */
const isGoodbye = (code: number): boolean => code === 1000 || code === 1001 || code === 1005

const NO_STORY = new Fault('not_found', 'There is no such story for you.')

function readDestination(url: URL): Destination | undefined {
  const [, kind, id = ''] = PATH.exec(url.pathname) ?? []
  const storyId = wholeNumber(id)
  if (kind === undefined || storyId === undefined || storyId < 1 || storyId > MAX_ID) return undefined
  return {
    storyId,
    documentsOnly: kind === 'documents',
    schema: wholeNumber(url.searchParams.get('schema')),
    since: wholeNumber(url.searchParams.get('since')),
  }
}

function wholeNumber(text: string | null): number | undefined {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined
}

/** Always before the upgrade, never by accepting and closing. */
function refuse(socket: Duplex, { code, message }: Fault): void {
  if (!socket.writable) return
  const status = HTTP_STATUS[code]
  const body = JSON.stringify({
    type: 'about:blank',
    title: STATUS_CODES[status],
    status,
    detail: message,
    code,
  })
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Connection: close',
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}

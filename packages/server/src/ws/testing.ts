import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { Fault, type Role, type ServerMessage } from '@storyweave/protocol'
import { type ClientOptions, type RawData, WebSocket } from 'ws'
import type { Principal } from '../access/principal.ts'
import { SimulatedTimers } from '../host/testing.ts'
import type { Arrival, Connection, FrameInput, RoomMessage } from '../room/ports.ts'
import type { Doorkeeper, RoomDoor, Seat } from './ports.ts'
import { Sockets } from './sockets.ts'

/** Sockets on a real HTTP server, with a doorkeeper and a room that only write down; time is moved by the test. */

/** Waits for what real sockets bring; a test that waits in vain runs into its own time limit. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await setImmediate()
}

/** One place in the room, and what came from its socket. */
export interface Seated {
  readonly visitor: Arrival
  readonly connection: Connection
  readonly messages: RoomMessage[]
  readonly frames: FrameInput[]
  hasLeft: boolean
  /** How often it was said that the reader has caught up. */
  caughtUp: number
}

/** What a refused upgrade was answered with. */
export interface RefusedUpgrade {
  readonly status: number
  readonly contentType: string | undefined
  readonly body: unknown
}

export class SocketHouse {
  readonly timers = new SimulatedTimers()
  readonly seats: Seated[] = []
  readonly notes: string[] = []
  /** The roles in story 1; there is no other story. */
  readonly roles = new Map<number, Role>()
  /** Milliseconds since 1970 UTC at which tokens given now end. */
  tokensEndAt: number | null = null
  /** Their tokens were looked at before: it is for the sockets to ask. */
  readonly endedSessions = new Set<string>()
  /** What the room does with whoever enters. */
  entrance: 'open' | 'gone' | 'failing' = 'open'
  /** What the room says to a frame. */
  answer: (connection: Connection) => void = () => undefined
  readonly sockets: Sockets
  readonly #server: Server
  readonly #clients: Client[] = []

  private constructor(showsAddresses: boolean) {
    this.sockets = new Sockets({
      doorkeeper: this.#doorkeeper(),
      rooms: this.#rooms(),
      showsAddresses,
      now: () => this.timers.now(),
      after: (ms, call) => this.timers.after(ms, call),
      random: () => 0.5,
      note: (event) => this.notes.push(event),
    })
    this.#server = createServer()
    this.sockets.attach(this.#server)
  }

  static async open({ showsAddresses = false } = {}): Promise<SocketHouse> {
    const house = new SocketHouse(showsAddresses)
    await new Promise<void>((resolve) => house.#server.listen(0, '127.0.0.1', resolve))
    return house
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.socket.terminate()
    this.sockets.terminate()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  get #port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** `as-7` names person 7, `as-7-phone` the same one in another session; anything else nobody. */
  #principal(token: string): Principal {
    const [, id, session = ''] = /^as-(\d+)(-\w+)?$/.exec(token) ?? []
    const userId = Number(id)
    if (Number.isNaN(userId)) throw new Fault('unauthenticated', 'This token names nobody.')
    const sessionId = `session of ${userId}${session}`
    const email = `${userId}@example.org`
    const { tokensEndAt: expiresAt } = this
    return { userId, name: `Person ${userId}`, email, guest: false, via: 'token', sessionId, expiresAt }
  }

  #doorkeeper(): Doorkeeper {
    return {
      identify: async ({ headers, url }) => {
        if (headers.origin === 'https://evil.example') throw new Fault('forbidden', 'This origin may not.')
        const token = url.searchParams.get('token')
        return token === null ? undefined : this.#principal(token)
      },
      verifyToken: async (token) => this.#principal(token),
      sessionAlive: async (sessionId) => !this.endedSessions.has(sessionId),
      roleOf: async (storyId, { userId }) => (storyId === 1 ? this.roles.get(userId) : undefined),
    }
  }

  #rooms(): RoomDoor {
    return {
      enter: async (_, visitor, connection): Promise<Seat | undefined> => {
        if (this.entrance === 'failing') throw new Error('The database is away.')
        if (this.entrance === 'gone') return undefined
        const seated: Seated = { visitor, connection, messages: [], frames: [], hasLeft: false, caughtUp: 0 }
        this.seats.push(seated)
        return {
          message: (message) => seated.messages.push(message),
          frame: (input) => {
            seated.frames.push(input)
            this.answer(connection)
          },
          caughtUp: () => {
            seated.caughtUp += 1
          },
          leave: () => {
            seated.hasLeft = true
          },
        }
      },
    }
  }

  /** The place of the person who came last. */
  get seat(): Seated {
    const seat = this.seats.at(-1)
    if (seat === undefined) throw new Error('Nobody has a place.')
    return seat
  }

  /** A socket that is open and has its place. */
  async enter(userId: number, path = '/collaboration/ws/story/1', query = ''): Promise<Client> {
    if (!this.roles.has(userId)) this.roles.set(userId, 'editor')
    const before = this.seats.length
    const client = this.connect(`${path}?token=as-${userId}${query}`)
    await until(() => this.seats.length > before && client.socket.readyState === WebSocket.OPEN)
    return client
  }

  connect(path: string, options: ClientOptions = {}): Client {
    const client = new Client(new WebSocket(`ws://127.0.0.1:${this.#port}${path}`, options))
    this.#clients.push(client)
    return client
  }

  /** A session ends, and its sockets are told. */
  endSession(sessionId: string): void {
    this.endedSessions.add(sessionId)
    this.sockets.sessionEnded(sessionId)
  }

  /** Asks for an upgrade that is refused. Rejects where it is granted. */
  refusal(path: string, headers: Record<string, string> = {}): Promise<RefusedUpgrade> {
    const upgrade = { Connection: 'Upgrade', Upgrade: 'websocket' }
    const key = { 'Sec-WebSocket-Version': '13', 'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==' }
    return new Promise((resolve, reject) => {
      const asked = request({
        port: this.#port,
        host: '127.0.0.1',
        path,
        headers: { ...upgrade, ...key, ...headers },
      })
      asked.on('upgrade', (_, socket) => {
        socket.destroy()
        reject(new Error('The upgrade was granted.'))
      })
      asked.on('error', reject)
      asked.on('response', (response) => {
        let text = ''
        response.on('data', (chunk: Buffer) => {
          text += chunk.toString()
        })
        response.on('end', () => {
          const { statusCode: status = 0, headers } = response
          resolve({ status, contentType: headers['content-type'], body: JSON.parse(text) })
        })
      })
      asked.end()
    })
  }
}

/** A real client that writes down what it hears. */
export class Client {
  readonly socket: WebSocket
  readonly messages: ServerMessage[] = []
  readonly frames: Uint8Array[] = []
  pings = 0
  closed: { code: number; reason: string } | undefined

  constructor(socket: WebSocket) {
    this.socket = socket
    socket.on('message', (data, isBinary) => this.#received(data, isBinary))
    socket.on('ping', () => {
      this.pings += 1
    })
    socket.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString() }
    })
    // The close that follows is what tests look at.
    socket.on('error', () => undefined)
  }

  #received(data: RawData, isBinary: boolean): void {
    const bytes = data as Buffer
    if (isBinary) this.frames.push(Uint8Array.from(bytes))
    else this.messages.push(JSON.parse(bytes.toString()) as ServerMessage)
  }

  say(message: unknown): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message))
  }

  async opened(): Promise<void> {
    await until(() => this.socket.readyState !== WebSocket.CONNECTING)
  }

  /** Resolves with the close code. */
  async gone(): Promise<number> {
    await until(() => this.closed !== undefined)
    return this.closed?.code ?? 0
  }

  /** Resolves with the next message that has not been looked at. */
  async hears(): Promise<ServerMessage> {
    await until(() => this.messages.length > 0)
    return this.messages.shift() as ServerMessage
  }
}

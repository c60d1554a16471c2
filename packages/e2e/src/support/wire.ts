import { decodeServerFrame, type ServerFrame, type ServerMessage } from '@storyweave/protocol'
import { WebSocket } from 'ws'
import type { House } from './house.ts'
import type { Person } from './person.ts'

/** A bare socket: sends what it is told to, good or bad, and waits for what comes. */
export class Wire {
  readonly messages: ServerMessage[] = []
  readonly frames: ServerFrame[] = []
  closed: number | undefined
  readonly #socket: WebSocket
  readonly #waiting = new Set<() => void>()

  private constructor(socket: WebSocket) {
    this.#socket = socket
    socket.on('message', (data: Buffer, isBinary: boolean) => {
      if (!isBinary) this.messages.push(JSON.parse(data.toString()) as ServerMessage)
      else {
        const frame = decodeServerFrame(data)
        if (frame !== undefined) this.frames.push(frame)
      }
      this.#look()
    })
    socket.on('close', (code) => {
      this.closed = code
      this.#look()
    })
    // A connection that breaks is seen by its close.
    socket.on('error', () => undefined)
  }

  /** Opens the story's room as a person, by a ticket. */
  static async open(
    { socketAddress }: House,
    person: Person,
    storyId: number,
    kind: 'ws' | 'documents' = 'ws',
  ): Promise<Wire> {
    const path = `/collaboration/${kind}/story/${storyId}?ticket=${await person.ticket()}`
    return Wire.openAt(`${socketAddress}${path}`)
  }

  static async openAt(url: string): Promise<Wire> {
    const socket = new WebSocket(url)
    const wire = new Wire(socket)
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve)
      socket.once('error', reject)
    })
    return wire
  }

  send(data: string | Uint8Array): void {
    this.#socket.send(data)
  }

  say(message: object): void {
    this.send(JSON.stringify(message))
  }

  /** The first message that fits, taken out of those that came. */
  message<Type extends ServerMessage['type']>(
    type: Type,
    fits: (message: Extract<ServerMessage, { type: Type }>) => boolean = () => true,
  ): Promise<Extract<ServerMessage, { type: Type }>> {
    const isIt = (message: ServerMessage): message is Extract<ServerMessage, { type: Type }> =>
      message.type === type && fits(message as Extract<ServerMessage, { type: Type }>)
    return this.#take(() => {
      const index = this.messages.findIndex(isIt)
      const found = this.messages[index]
      if (found === undefined || !isIt(found)) return undefined
      this.messages.splice(index, 1)
      return found
    })
  }

  frame<Type extends ServerFrame['type']>(type: Type): Promise<Extract<ServerFrame, { type: Type }>> {
    return this.#take(() => {
      const index = this.frames.findIndex((frame) => frame.type === type)
      const [found] = index === -1 ? [] : this.frames.splice(index, 1)
      return found as Extract<ServerFrame, { type: Type }> | undefined
    })
  }

  close(): void {
    this.#socket.close(1000)
  }

  /** The connection breaks, without a goodbye. */
  drop(): void {
    this.#socket.terminate()
  }

  whenClosed(): Promise<number> {
    return this.#take(() => this.closed)
  }

  #take<Found>(find: () => Found | undefined): Promise<Found> {
    return new Promise((resolve) => {
      const look = () => {
        const found = find()
        if (found === undefined) return
        this.#waiting.delete(look)
        resolve(found)
      }
      this.#waiting.add(look)
      look()
    })
  }

  #look(): void {
    for (const look of [...this.#waiting]) look()
  }
}

/** The HTTP status with which an upgrade is refused. */
export function refusedUpgrade(url: string, headers: Record<string, string> = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { headers })
    socket.on('unexpected-response', (request, response) => {
      resolve(response.statusCode ?? 0)
      request.destroy()
    })
    socket.on('open', () => {
      socket.terminate()
      reject(new Error('The upgrade was not refused.'))
    })
    // Destroying the request of a refused upgrade is told as an error as well.
    socket.on('error', () => undefined)
  })
}

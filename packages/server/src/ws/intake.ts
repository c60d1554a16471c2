import type { RawData, WebSocket } from 'ws'

/** With more than this unread in this process its reader is heard no more: whatever it asks would only add to it. */
const UNREAD_BYTES = 32 * 1024 * 1024

interface Arrived {
  readonly data: RawData
  readonly isBinary: boolean
}

/**
 * What comes in on one socket, in order. While the room has enough of it, or its reader takes nothing of what it asked
 * for, the socket is not read; what was read already (the library brings thousands of small frames at once) is held.
 */
export class Intake {
  readonly #socket: WebSocket
  readonly #take: (data: RawData, isBinary: boolean) => void
  readonly #goesOn: () => void
  #roomIsFull = false
  #isChoked = false
  #held: Arrived[] = []

  /** `goesOn` is called whenever the socket is read again. */
  constructor(socket: WebSocket, take: (data: RawData, isBinary: boolean) => void, goesOn: () => void) {
    this.#socket = socket
    this.#take = take
    this.#goesOn = goesOn
    socket.on('message', (data, isBinary) => this.#received({ data, isBinary }))
    // The library answers a ping by itself, into the same buffer.
    socket.on('ping', () => this.measure())
    // Whoever sends something and closes has sent it.
    socket.on('close', () => this.#handOn(() => true))
  }

  /** The room reads no more of this socket, or again. */
  get roomIsFull(): boolean {
    return this.#roomIsFull
  }

  set roomIsFull(isFull: boolean) {
    this.#change(() => {
      this.#roomIsFull = isFull
    })
  }

  /** The reader takes nothing of what it asked for. */
  get isChoked(): boolean {
    return this.#isChoked
  }

  /** Called whenever something was sent, and when something has left this process. */
  measure(): void {
    const isChoked = this.#socket.bufferedAmount > UNREAD_BYTES
    if (isChoked === this.#isChoked) return
    this.#change(() => {
      this.#isChoked = isChoked
    })
  }

  get #isOpen(): boolean {
    return !this.#roomIsFull && !this.#isChoked
  }

  #change(change: () => void): void {
    const wasOpen = this.#isOpen
    change()
    if (wasOpen === this.#isOpen) return
    if (wasOpen) return this.#socket.pause()
    this.#goesOn()
    // The room says so in the middle of its work.
    queueMicrotask(() => this.#resume())
  }

  #resume(): void {
    this.#handOn(() => this.#isOpen)
    if (this.#isOpen) this.#socket.resume()
  }

  #handOn(mayGoOn: () => boolean): void {
    let count = 0
    for (const { data, isBinary } of this.#held) {
      if (!mayGoOn()) break
      count += 1
      this.#take(data, isBinary)
    }
    this.#held = this.#held.slice(count)
  }

  #received(arrived: Arrived): void {
    if (this.#isOpen && this.#held.length === 0) return this.#take(arrived.data, arrived.isBinary)
    this.#held.push(arrived)
    // Whoever has resumed it in between did not know.
    if (!this.#isOpen) this.#socket.pause()
  }
}

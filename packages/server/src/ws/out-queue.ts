import { decodeServerFrame, encodeServerFrame, LIMITS } from '@storyweave/protocol'
import { mergeUpdates } from 'yjs'
import type { Weight } from '../room/ports.ts'

/** What the queue needs of a socket. `sent` is called when the bytes have left this process. */
export interface Wire {
  send(data: string | Uint8Array, sent: () => void): void
}

/** From this many unread bytes on a reader is slow: presence is dropped, and updates wait to be merged. */
const SLOW_BYTES = 256 * 1024

/**
 * What goes out on one socket. What its reader asked for does not count; of what it is told, 4 MiB or 10 s may wait.
 * A reader that falls behind loses presence first; then its updates are merged; then it is closed, and resyncs.
 */
export class OutQueue {
  readonly #wire: Wire
  /** Bytes told and not yet out; and since when there has been no moment without any. */
  #unread = 0
  #unreadSince: number | undefined
  /** Updates that wait for the wire to be free, by key. */
  readonly #held = new Map<string, Uint8Array[]>()
  #heldBytes = 0

  constructor(wire: Wire) {
    this.#wire = wire
  }

  /** False where the reader is too slow: the socket is to be closed with 4408. */
  send(data: string | Uint8Array, weight: Weight, now: number): boolean {
    if (weight === 'asked') {
      this.#flushHeld(now)
      this.#wire.send(data, () => undefined)
      return true
    }
    const isSlow = this.#unread >= SLOW_BYTES
    if (isSlow && weight === 'presence') return !this.#isTooSlow(now)
    if (!(isSlow && this.#hold(data))) this.#tell(data, now)
    return !this.#isTooSlow(now)
  }

  #isTooSlow(now: number): boolean {
    const isLate = this.#unreadSince !== undefined && now - this.#unreadSince > LIMITS.slowReaderMs
    return isLate || this.#unread + this.#heldBytes > LIMITS.slowReaderBytes
  }

  #tell(data: string | Uint8Array, now: number): void {
    const { length } = data
    this.#unread += length
    this.#unreadSince ??= now
    this.#wire.send(data, () => this.#out(length))
  }

  #out(bytes: number): void {
    this.#unread -= bytes
    if (this.#unread > 0) return
    const since = this.#unreadSince
    this.#unreadSince = undefined
    if (this.#held.size > 0 && since !== undefined) this.#flushHeld(since)
  }

  /** Keeps an update to be merged with those that follow; false where the frame is none. */
  #hold(data: string | Uint8Array): boolean {
    const frame = typeof data === 'string' ? undefined : decodeServerFrame(data)
    if (frame?.type !== 'update') return false
    const held = this.#held.get(frame.key)
    if (held === undefined) this.#held.set(frame.key, [frame.update])
    else held.push(frame.update)
    this.#heldBytes += frame.update.length
    return true
  }

  #flushHeld(now: number): void {
    const held = [...this.#held]
    this.#held.clear()
    this.#heldBytes = 0
    for (const [key, updates] of held) {
      this.#tell(encodeServerFrame({ type: 'update', key, update: mergeUpdates(updates) }), now)
    }
  }
}

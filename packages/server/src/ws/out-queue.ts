import { decodeServerFrame, encodeServerFrame, LIMITS } from '@storyweave/protocol'
import { mergeUpdates } from 'yjs'
import type { Weight } from '../room/ports.ts'

/** What the queue needs of a socket. `sent` is called when the bytes have left this process. */
export interface Wire {
  send(data: string | Uint8Array, sent: () => void): void
}

/** From this many unread bytes on a reader is slow: presence is dropped, and updates wait to be merged. */
const SLOW_BYTES = 256 * 1024
/** From here down a reader has caught up, and is told anew what of presence it missed. */
const CAUGHT_UP_BYTES = SLOW_BYTES / 2
/** A frame counts for so much at most: one long update says nothing of its reader, who has 10 s to take it. */
const COUNTED_BYTES = LIMITS.slowReaderBytes / 2
/** Yjs takes the square of their number to merge updates. */
const MERGED_AT_ONCE = 64

/**
 * What goes out on one socket. What its reader asked for does not count; of what it is told, 4 MiB or 10 s may wait.
 * A reader that falls behind loses presence first; then its updates are merged; then it is closed, and resyncs.
 * `caughtUp` is called where presence was dropped and there is room for it again.
 */
export class OutQueue {
  readonly #wire: Wire
  readonly #caughtUp: () => void
  /** Bytes told and not yet out. */
  #unread = 0
  /** When each of the frames told and not yet out came, oldest first: a wire keeps the order. */
  #since: number[] = []
  /** Updates that wait for the wire to be free, by key; and when the first of them came. */
  readonly #held = new Map<string, Uint8Array[]>()
  #heldBytes = 0
  #heldSince = 0
  #missedPresence = false

  constructor(wire: Wire, caughtUp: () => void) {
    this.#wire = wire
    this.#caughtUp = caughtUp
  }

  /** False where the reader is too slow: the socket is to be closed with 4408. */
  send(data: string | Uint8Array, weight: Weight, now: number): boolean {
    if (weight === 'asked') {
      this.#flushHeld()
      this.#wire.send(data, () => undefined)
      return true
    }
    // Judged by what was there before: of this frame the reader has seen no byte yet.
    if (this.#isTooSlow(now)) return false
    // Updates never overtake those that are held.
    const isSlow = this.#unread >= SLOW_BYTES || this.#held.size > 0
    if (isSlow && weight === 'presence') this.#missedPresence = true
    else if (!(isSlow && this.#hold(data, now))) this.#tell(data, now)
    return true
  }

  #isTooSlow(now: number): boolean {
    const oldest = this.#since[0]
    const isLate = oldest !== undefined && now - oldest > LIMITS.slowReaderMs
    return isLate || this.#unread + this.#heldBytes > LIMITS.slowReaderBytes
  }

  #tell(data: string | Uint8Array, since: number): void {
    const bytes = counted(data)
    this.#unread += bytes
    this.#since.push(since)
    this.#wire.send(data, () => this.#out(bytes))
  }

  #out(bytes: number): void {
    this.#unread -= bytes
    this.#since.shift()
    if (this.#unread === 0) this.#flushHeld()
    if (!this.#missedPresence || this.#held.size > 0 || this.#unread > CAUGHT_UP_BYTES) return
    this.#missedPresence = false
    this.#caughtUp()
  }

  /** Keeps an update to be merged with those that follow; false where the frame is none. */
  #hold(data: string | Uint8Array, now: number): boolean {
    const frame = typeof data === 'string' ? undefined : decodeServerFrame(data)
    if (frame?.type !== 'update') return false
    if (this.#held.size === 0) this.#heldSince = now
    const held = this.#held.get(frame.key)
    if (held === undefined) this.#held.set(frame.key, [frame.update])
    else held.push(frame.update)
    this.#heldBytes += counted(frame.update)
    return true
  }

  #flushHeld(): void {
    const held = [...this.#held]
    this.#held.clear()
    this.#heldBytes = 0
    for (const [key, updates] of held) {
      for (let from = 0; from < updates.length; from += MERGED_AT_ONCE) {
        const update = mergeUpdates(updates.slice(from, from + MERGED_AT_ONCE))
        this.#tell(encodeServerFrame({ type: 'update', key, update }), this.#heldSince)
      }
    }
  }
}

const counted = ({ length }: string | Uint8Array): number => Math.min(length, COUNTED_BYTES)

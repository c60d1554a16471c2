import type { RestClient, StoryRoomSnapshot } from '@storyweave/client'
import { Fault, type Outline } from '@storyweave/protocol'
import type { Store } from '../hooks/use-store.ts'
import { type BeatTarget, isSameOrder, withMove } from './order.ts'

interface Pending {
  readonly id: number
  readonly target: BeatTarget
  /** The server has done it; the room has not told it yet. */
  isDone: boolean
}

/**
 * A story's beats with the moves made here already done, which the server does one after the other. A move names its
 * own beat and nothing else: what others move meanwhile stays moved, whichever comes first.
 */
export class BeatMoves {
  readonly #room: Store<StoryRoomSnapshot>
  readonly #move: RestClient['beats']['move']
  readonly #listeners = new Set<() => void>()
  #pending: readonly Pending[] = []
  #seen: Outline
  #shown: Outline
  #last: Promise<unknown> = Promise.resolve()

  constructor(room: Store<StoryRoomSnapshot>, move: RestClient['beats']['move']) {
    this.#room = room
    this.#move = move
    this.#seen = room.getSnapshot().beats
    this.#shown = this.#seen
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    const stop = this.#room.subscribe(listener)
    this.#listeners.add(listener)
    return () => {
      stop()
      this.#listeners.delete(listener)
    }
  }

  readonly getSnapshot = (): Outline => {
    const { beats } = this.#room.getSnapshot()
    if (beats === this.#seen) return this.#shown
    // Whatever is done is in what the room tells after it.
    if (!isSameOrder(beats, this.#seen)) this.#pending = this.#pending.filter(({ isDone }) => !isDone)
    this.#seen = beats
    this.#shown = this.#withPending()
    return this.#shown
  }

  /** Shown at once. Rejects with a Fault, and then the beat stands where it stood. */
  move(id: number, target: BeatTarget): Promise<void> {
    const pending: Pending = { id, target, isDone: false }
    this.#set([...this.#pending, pending])
    const done = this.#last.then(() => this.#send(pending))
    this.#last = done.catch(() => undefined)
    return done
  }

  async #send(pending: Pending): Promise<void> {
    try {
      await this.#ask(pending)
      pending.isDone = true
      const { beats } = this.#room.getSnapshot()
      const isTold = isSameOrder(withMove(beats, pending.id, pending.target), beats)
      if (isTold) this.#drop(pending)
    } catch (error) {
      this.#drop(pending)
      throw error
    }
  }

  /** A neighbour that was deleted at the same moment no longer says where; the one before it does. */
  async #ask({ id, target: { act, after } }: Pending): Promise<void> {
    const living = new Set(this.#room.getSnapshot().beats.map((beat) => beat.id))
    const tries = [...after.filter((before) => living.has(before)), null]
    for (const after_beat_id of tries) {
      try {
        await this.#move(id, { act, after_beat_id })
        return
      } catch (error) {
        if (!isGone(error) || after_beat_id === null) throw error
      }
    }
  }

  #drop(pending: Pending): void {
    this.#set(this.#pending.filter((one) => one !== pending))
  }

  #set(pending: readonly Pending[]): void {
    this.#pending = pending
    this.#seen = this.#room.getSnapshot().beats
    this.#shown = this.#withPending()
    for (const tell of this.#listeners) tell()
  }

  #withPending(): Outline {
    return this.#pending.reduce((beats, { id, target }) => withMove(beats, id, target), this.#seen)
  }
}

const isGone = (error: unknown): boolean =>
  error instanceof Fault && error.code === 'not_found' && error.details.path === 'after_beat_id'

import { beatOfKey } from '@storyweave/protocol'
import type { OfflineStore } from '../offline/store.ts'
import type { Clock } from '../ports.ts'

/** Documents on their way home at a time: room is left for those that people open (300 a socket). */
const TOGETHER = 20

export interface HomecomingHost {
  readonly store: OfflineStore
  readonly clock: Clock
  changed(): void
  storeFailed(error: unknown): void
}

/** Words of earlier visits that are not on the server's disk, in beats that nobody has opened since. */
export class Homecoming {
  /** Beats with the number of their changes. */
  readonly #waiting = new Map<number, number>()
  /** Beats opened here: they need no other to open them. */
  readonly #taken = new Set<number>()
  /** Beats whose documents are read from the device and count for themselves. */
  readonly #counted = new Set<number>()
  #foundAt: number | undefined

  constructor(host: HomecomingHost) {
    void this.#find(host)
  }

  /** False until the device has answered: there may be more than is known. */
  get known(): boolean {
    return this.#foundAt !== undefined
  }

  /** A document is being opened. */
  taken(beatId: number): void {
    this.#taken.add(beatId)
  }

  /** Whether changes of this beat wait for somebody to open it. */
  awaits(beatId: number): boolean {
    return this.#waiting.has(beatId)
  }

  /** A document is read from the device, and from now on counts for itself. */
  counted(beatId: number): void {
    this.#counted.add(beatId)
    this.#waiting.delete(beatId)
  }

  /** The beats to open now, `travelling` of them being under way already. */
  next(travelling: number): readonly number[] {
    const ready = [...this.#waiting.keys()].filter((beatId) => !this.#taken.has(beatId))
    return ready.slice(0, Math.max(0, TOGETHER - travelling))
  }

  /** How many changes wait. */
  get changes(): number {
    return [...this.#waiting.values()].reduce((total, changes) => total + changes, 0)
  }

  /** Since when they have been waiting here; milliseconds since 1970 UTC. */
  get since(): number | undefined {
    return this.#waiting.size > 0 ? this.#foundAt : undefined
  }

  async #find(host: HomecomingHost): Promise<void> {
    try {
      for (const { name, changes } of await host.store.unsaved()) {
        const beatId = beatOfKey(name)
        if (beatId !== undefined && !this.#counted.has(beatId)) this.#waiting.set(beatId, changes)
      }
    } catch (error) {
      host.storeFailed(error)
    }
    this.#foundAt = host.clock.now()
    host.changed()
  }
}

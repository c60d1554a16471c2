import { Listeners, sameFields } from '../observable.ts'
import type { BeatDocument, BeatDocumentSnapshot } from '../types.ts'
import type { BeatSync } from './beat-sync.ts'

/** A document that is open here: how many hold it, and what they see of it. */
export class OpenBeat {
  #sync: BeatSync
  readonly #onRelease: () => void
  readonly #listeners = new Listeners()
  #snapshot: BeatDocumentSnapshot
  #holds = 0

  constructor(sync: BeatSync, onRelease: () => void) {
    this.#sync = sync
    this.#onRelease = onRelease
    this.#snapshot = sync.snapshot()
  }

  get sync(): BeatSync {
    return this.#sync
  }

  /** Goes on with another document of the same beat. */
  replace(sync: BeatSync): void {
    this.#sync = sync
    this.refresh()
  }

  get held(): boolean {
    return this.#holds > 0
  }

  hold(): BeatDocument {
    this.#holds++
    let mine = true
    return {
      beatId: this.#sync.beatId,
      subscribe: (listener) => this.#listeners.add(listener),
      getSnapshot: () => this.#snapshot,
      release: () => {
        if (!mine) return
        mine = false
        this.#holds--
        this.#onRelease()
      },
    }
  }

  /** Looks at the document again, and tells those who listen if it is different. */
  refresh(): void {
    const next = this.#sync.snapshot()
    if (sameFields(this.#snapshot, next)) return
    this.#snapshot = next
    this.#listeners.tell()
  }
}

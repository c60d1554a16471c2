import { Listeners, sameFields } from '../observable.ts'
import type { BeatDocument, BeatDocumentSnapshot } from '../types.ts'
import type { BeatSync } from './beat-sync.ts'

/** A document that is open here: how many hold it, and what they see of it. */
export class OpenBeat {
  readonly sync: BeatSync
  readonly #retry: () => void
  readonly #onRelease: () => void
  readonly #listeners = new Listeners()
  #snapshot: BeatDocumentSnapshot
  #holds = 0

  constructor(sync: BeatSync, on: { retry: () => void; released: () => void }) {
    this.sync = sync
    this.#retry = on.retry
    this.#onRelease = on.released
    this.#snapshot = sync.snapshot()
  }

  get held(): boolean {
    return this.#holds > 0
  }

  hold(): BeatDocument {
    this.#holds++
    let mine = true
    return {
      beatId: this.sync.beatId,
      subscribe: (listener) => this.#listeners.add(listener),
      getSnapshot: () => this.#snapshot,
      retry: this.#retry,
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
    const next = this.sync.snapshot()
    if (sameFields(this.#snapshot, next)) return
    this.#snapshot = next
    this.#listeners.tell()
  }
}

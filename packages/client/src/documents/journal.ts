import { mergeUpdates } from 'yjs'
import type { DocumentMemo, NewRow, OfflineStore, StoredDocument } from '../offline/store.ts'
import type { Cancel, Clock } from '../ports.ts'

/** What the server sent is written together after this long: it can be had again, so there is no hurry. */
const SERVER_ROWS_MS = 1_000
/** This many rows make a document slow to load. */
const ROWS_BEFORE_COMPACTION = 200

/**
 * One document's way to the offline store: writes in order, one after the other, and remembers which rows
 * of the store are this tab's to mark as saved. A store that fails is reported; the text goes on in memory.
 */
export class DocumentJournal {
  readonly #name: string
  readonly #store: OfflineStore
  readonly #clock: Clock
  readonly #onFailure: (error: unknown) => void
  #queue: Promise<void> = Promise.resolve()
  #fromServer: Uint8Array[] = []
  #cancelTimer: Cancel | undefined
  /** Rows with unsaved changes that this tab has loaded or written. */
  #unsavedIds: number[] = []
  #rows = 0

  constructor(name: string, store: OfflineStore, clock: Clock, onFailure: (error: unknown) => void) {
    this.#name = name
    this.#store = store
    this.#clock = clock
    this.#onFailure = onFailure
  }

  /** What this device has; an empty document where the store fails. */
  async load(): Promise<StoredDocument> {
    try {
      const stored = await this.#store.load(this.#name)
      this.#rows = stored.rows.length
      this.#unsavedIds.push(...stored.rows.filter(({ unsaved }) => unsaved > 0).map(({ id }) => id))
      return stored
    } catch (error) {
      this.#onFailure(error)
      return { rows: [], memo: undefined }
    }
  }

  /** An empty document; nothing is written before `forgotten` has resolved. */
  async beginAfter(forgotten: Promise<void>): Promise<StoredDocument> {
    this.#queue = forgotten
    await forgotten
    return { rows: [], memo: undefined }
  }

  /** Keeps an update made here, and before it what the server sent that it may stand on. */
  made(update: Uint8Array, changes: number): void {
    this.#append([...this.#takeServerRows(), { update, unsaved: changes }])
  }

  received(update: Uint8Array): void {
    this.#fromServer.push(update)
    this.#cancelTimer ??= this.#clock.setTimer(() => this.#writeServerRows(), SERVER_ROWS_MS)
  }

  /** Runs after all that was given so far is written, and before all that comes. */
  inTurn(work: () => Promise<void>): void {
    this.#enqueue(work)
  }

  /** Everything given to `made` so far is on the server's disk. */
  saved(): void {
    this.#enqueue(async () => {
      const ids = this.#unsavedIds
      if (ids.length === 0) return
      this.#unsavedIds = []
      await this.#store.markSaved(this.#name, ids)
    })
  }

  remember(memo: DocumentMemo): void {
    this.#enqueue(() => this.#store.remember(this.#name, memo))
  }

  /** The rows with unsaved changes that this tab has loaded or written. */
  get unsavedIds(): readonly number[] {
    return this.#unsavedIds
  }

  /** Resolves when everything given so far is written, or has failed and been reported. */
  flush(): Promise<void> {
    this.#writeServerRows()
    return this.#queue
  }

  #writeServerRows(): void {
    const rows = this.#takeServerRows()
    if (rows.length > 0) this.#append(rows)
  }

  #takeServerRows(): NewRow[] {
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
    if (this.#fromServer.length === 0) return []
    const update = mergeUpdates(this.#fromServer)
    this.#fromServer = []
    return [{ update, unsaved: 0 }]
  }

  #append(rows: readonly NewRow[]): void {
    this.#enqueue(async () => {
      const ids = await this.#store.append(this.#name, rows)
      this.#unsavedIds.push(...ids.filter((_, place) => (rows[place]?.unsaved ?? 0) > 0))
      this.#rows += rows.length
      if (this.#rows < ROWS_BEFORE_COMPACTION) return
      this.#rows = this.#unsavedIds.length
      await this.#store.compact(this.#name)
    })
  }

  #enqueue(write: () => Promise<void>): void {
    this.#queue = this.#queue.then(write).catch(this.#onFailure)
  }
}

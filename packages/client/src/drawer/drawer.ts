import { Fault } from '@storyweave/protocol'
import type { OfflineStore } from '../offline/store.ts'
import type { Clock } from '../ports.ts'
import { ClientFault } from '../sentences.ts'
import type { BeatDocument, BeatDocumentSnapshot, DrawerApi } from '../types.ts'
import { type DrawerEntry, type NewDrawerEntry, textOfEntry } from './entry.ts'
import { putBack } from './put-back.ts'

/** A document that has said nothing by then can't be written into now. */
const OPEN_MS = 10_000

export interface DrawerHost {
  readonly clock: Clock
  readonly store: OfflineStore
  openBeat(beatId: number): BeatDocument
  /** The keys of the beat's scenes in their order; undefined where there is no such beat. */
  scenesOf(beatId: number): readonly string[] | undefined
  isConnected(): boolean
  /** Resolves when everything written so far is kept on this device. */
  kept(): Promise<void>
  changed(): void
  /** This person's other tabs have to look again. */
  tellTabs(): void
  storeFailed(error: unknown): void
}

/** Words that the server did not take, until their writer has found a place for them. */
export class Drawer implements DrawerApi {
  readonly #host: DrawerHost
  /** On this device. */
  #kept: readonly DrawerEntry[] = []
  /** Only here: the device could not keep them. */
  #here: readonly DrawerEntry[] = []
  #entries: readonly DrawerEntry[] = []
  readonly #inserting = new Map<number, Promise<void>>()
  /** Gives up one wait for a document each. */
  readonly #waiting = new Set<() => void>()
  #lastOwnId = 0

  constructor(host: DrawerHost) {
    this.#host = host
    void this.reload()
  }

  list(): readonly DrawerEntry[] {
    return this.#entries
  }

  text(id: number): string {
    return textOfEntry(this.#find(id))
  }

  async remove(id: number): Promise<void> {
    this.#find(id)
    await this.#forget(id)
  }

  insert(id: number): Promise<void> {
    const running = this.#inserting.get(id)
    if (running !== undefined) return running
    const inserted = this.#insert(id).finally(() => this.#inserting.delete(id))
    this.#inserting.set(id, inserted)
    return inserted
  }

  /** Words are in the drawer on this device. */
  added(entries: readonly DrawerEntry[]): void {
    if (entries.length === 0) return
    const ids = new Set(entries.map(({ id }) => id))
    this.#set([...this.#kept.filter(({ id }) => !ids.has(id)), ...entries], this.#here)
    this.#host.tellTabs()
  }

  /** Words are in the drawer as long as this page lives. */
  addedHere(entries: readonly NewDrawerEntry[]): void {
    // Ids of the device are positive.
    const own = entries.map((entry) => ({ ...entry, id: --this.#lastOwnId }))
    this.#set(this.#kept, [...this.#here, ...own])
  }

  /** Another tab may have changed what this device keeps. */
  async reload(): Promise<void> {
    try {
      this.#set(await this.#host.store.drawer(), this.#here)
    } catch (error) {
      this.#host.storeFailed(error)
    }
  }

  /** The page goes: what waits for a document waits no more. */
  destroy(): void {
    for (const giveUp of [...this.#waiting]) giveUp()
  }

  async #insert(id: number): Promise<void> {
    const entry = this.#find(id)
    const scenes = this.#host.scenesOf(entry.beatId)
    if (scenes === undefined) throw new ClientFault('not_found', 'beatGone')
    const beat = this.#host.openBeat(entry.beatId)
    try {
      const { state, scope, doc } = await this.#opened(beat)
      if (state === 'denied') throw new ClientFault('not_found', 'beatGone')
      if (scope === 'readonly') {
        throw new ClientFault('forbidden', 'beatReadOnly')
      }
      if (!putBack(doc, entry, scenes)) {
        throw new ClientFault('not_found', 'noScene')
      }
      await this.#host.kept()
      await this.#forget(id)
    } finally {
      beat.release()
    }
  }

  /** The document as soon as it may be written into, or is known not to. */
  #opened(beat: BeatDocument): Promise<BeatDocumentSnapshot> {
    const isKnown = ({ state }: BeatDocumentSnapshot) =>
      state === 'synced' || state === 'denied' || (state === 'local' && !this.#host.isConnected())
    const first = beat.getSnapshot()
    if (isKnown(first)) return Promise.resolve(first)
    return new Promise((resolve, reject) => {
      const stop = () => {
        cancelTimer()
        unsubscribe()
        this.#waiting.delete(giveUp)
      }
      const giveUp = () => {
        stop()
        reject(new Fault('unavailable', 'The beat could not be opened; try again when you are connected.'))
      }
      const cancelTimer = this.#host.clock.setTimer(giveUp, OPEN_MS)
      const unsubscribe = beat.subscribe(() => {
        if (!isKnown(beat.getSnapshot())) return
        stop()
        resolve(beat.getSnapshot())
      })
      this.#waiting.add(giveUp)
    })
  }

  async #forget(id: number): Promise<void> {
    if (id > 0) await this.#host.store.removeFromDrawer(id)
    this.#set(
      this.#kept.filter((entry) => entry.id !== id),
      this.#here.filter((entry) => entry.id !== id),
    )
    this.#host.tellTabs()
  }

  #find(id: number): DrawerEntry {
    const entry = this.#entries.find((one) => one.id === id)
    if (entry === undefined) throw new ClientFault('not_found', 'notInDrawer')
    return entry
  }

  #set(kept: readonly DrawerEntry[], here: readonly DrawerEntry[]): void {
    this.#kept = kept
    this.#here = here
    this.#entries = [...kept, ...here]
    this.#host.changed()
  }
}

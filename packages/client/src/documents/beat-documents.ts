import { beatDocumentName, beatOfKey, decodeServerFrame } from '@storyweave/protocol'
import type { OfflineStore, Refusal } from '../offline/store.ts'
import type { Cancel, Clock } from '../ports.ts'
import type { BeatDocument } from '../types.ts'
import { BeatSync, type BeatSyncHost } from './beat-sync.ts'
import { Homecoming } from './homecoming.ts'
import { OpenBeat } from './open-beat.ts'
import { keepOvertaken } from './overtaken.ts'
import { Resets, type ResetsHost } from './resets.ts'

/** A view that closes and opens a beat in one gesture keeps it. */
const LINGER_MS = 250

export interface DocumentsHost extends ResetsHost {
  readonly clock: Clock
  readonly store: OfflineStore
  send(frame: Uint8Array): void
  /** Something was written here into this beat. */
  wrote(beatId: number): void
  /** This beat's document was put back: the person's other tabs must do the same. */
  putBack(beatId: number, reason: Refusal): void
  /** An open document says what its beat is called. */
  titled(beatId: number, title: string): void
  note(event: string, details: Readonly<Record<string, string | number>>): void
}

export interface UnsavedTotals {
  /** Changes that are not on the server's disk. */
  readonly changes: number
  /** Those of them in documents that the server does not open on this socket. */
  readonly stuck: number
  /** Since when the oldest that is not stuck has been waiting; milliseconds since 1970 UTC. */
  readonly since: number | undefined
  /** False until this device has said what it holds: there may be more. */
  readonly known: boolean
}

/** All documents of one story that are open here, on one socket. A document is kept open until it is saved. */
export class BeatDocuments {
  readonly #host: DocumentsHost
  readonly #open = new Map<number, OpenBeat>()
  readonly #lingering = new Map<number, Cancel>()
  readonly #homecoming: Homecoming
  readonly #resetsHost: ResetsHost
  readonly #resets: Resets
  #connected = false
  /** How often each beat was opened on this socket: the second opening must not hear answers to the first. */
  readonly #openings = new Map<number, number>()
  #destroyed = false

  constructor(host: DocumentsHost) {
    this.#host = host
    this.#homecoming = new Homecoming({
      store: host.store,
      clock: host.clock,
      storeFailed: (error) => host.storeFailed(error),
      changed: () => this.#changed(),
    })
    this.#resetsHost = {
      clock: host.clock,
      store: host.store,
      kept: (entries) => host.kept(entries),
      keptHere: (entries) => host.keptHere(entries),
      changed: () => this.#changed(),
      storeFailed: (error) => host.storeFailed(error),
    }
    this.#resets = new Resets(this.#resetsHost)
  }

  open(beatId: number): BeatDocument {
    return this.#ensure(beatId).hold()
  }

  connected(): void {
    this.#connected = true
    this.#openings.clear()
    for (const { sync } of this.#open.values()) this.#openOnWire(sync)
    this.#changed()
  }

  /** A deleted beat is there again: its document is opened, if anybody still holds it. */
  restored(beatId: number): void {
    const sync = this.#open.get(beatId)?.sync
    if (this.#connected && sync?.denial !== undefined) this.#openOnWire(sync)
  }

  disconnected(): void {
    this.#connected = false
    for (const { sync } of this.#open.values()) sync.lost()
  }

  receive(bytes: Uint8Array): void {
    const frame = decodeServerFrame(bytes)
    if (frame === undefined) return this.#host.note('unknown_frame', { bytes: bytes.length })
    const beatId = beatOfKey(frame.key)
    if (beatId !== undefined) this.#open.get(beatId)?.sync.receive(frame)
  }

  totals(): UnsavedTotals {
    const syncs = [...this.#open.values()].map(({ sync }) => sync)
    const since = [this.#homecoming.since, ...syncs.map(({ waitingSince }) => waitingSince)].filter(
      (start) => start !== undefined,
    )
    return {
      changes: syncs.reduce(
        (sum, sync) => sum + sync.unsaved,
        this.#homecoming.changes + this.#resets.changes,
      ),
      stuck: syncs.reduce((sum, sync) => sum + sync.stuck, 0),
      since: since.length === 0 ? undefined : Math.min(...since),
      known: this.#homecoming.known,
    }
  }

  /** Another tab of this person has been refused: what is unsent here goes into the drawer as well. */
  putBackElsewhere(beatId: number, reason: Refusal): void {
    const sync = this.#open.get(beatId)?.sync
    if (sync !== undefined) {
      sync.giveUp()
      this.#reset(sync, reason)
    } else if (this.#homecoming.awaits(beatId)) {
      // Less may wait now than was found: the document counts for itself.
      this.#ensure(beatId)
    }
  }

  /** Keeps and sends what was made in the last few milliseconds. */
  flush(): void {
    for (const { sync } of this.#open.values()) sync.flush()
  }

  /** Resolves when everything made so far is kept on this device. */
  async kept(): Promise<void> {
    await Promise.all([
      this.#resets.settle(false),
      ...[...this.#open.values()].map(({ sync }) => sync.kept()),
    ])
  }

  async destroy(): Promise<void> {
    this.#destroyed = true
    for (const cancel of this.#lingering.values()) cancel()
    const syncs = [...this.#open.values()].map(({ sync }) => sync)
    this.#open.clear()
    await Promise.all([this.#resets.settle(true), ...syncs.map((sync) => sync.destroy())])
  }

  #ensure(beatId: number): OpenBeat {
    this.#lingering.get(beatId)?.()
    this.#lingering.delete(beatId)
    return this.#open.get(beatId) ?? this.#create(beatId)
  }

  #create(beatId: number): OpenBeat {
    this.#homecoming.taken(beatId)
    const sync = new BeatSync(beatId, this.#hostOf(beatId))
    const open = new OpenBeat(sync, () => this.#changedBeat(beatId))
    this.#open.set(beatId, open)
    this.#watchTitle(sync)
    return open
  }

  #watchTitle(sync: BeatSync): void {
    sync.doc.getText('title').observe((_event, { local }) => {
      if (this.#isShown(sync) && (local || sync.caughtUp)) this.#tellTitle(sync)
    })
  }

  #isShown(sync: BeatSync): boolean {
    return this.#open.get(sync.beatId)?.sync === sync
  }

  #hostOf(beatId: number): BeatSyncHost {
    const { clock, store } = this.#host
    return {
      clock,
      store,
      changed: () => this.#changedBeat(beatId),
      loaded: () => {
        this.#homecoming.counted(beatId)
        const sync = this.#open.get(beatId)?.sync
        if (this.#connected && sync !== undefined && sync.denial === undefined) this.#openOnWire(sync)
      },
      caughtUp: () => {
        const sync = this.#open.get(beatId)?.sync
        if (sync !== undefined) this.#tellTitle(sync)
      },
      wrote: () => this.#host.wrote(beatId),
      refused: (reason) => {
        const sync = this.#open.get(beatId)?.sync
        if (sync === undefined) return
        this.#reset(sync, reason)
        this.#host.putBack(beatId, reason)
      },
      overtaken: (words) => keepOvertaken(this.#resetsHost, beatId, words),
      storeFailed: (error) => this.#host.storeFailed(error),
      note: (event, details) => this.#host.note(event, details),
    }
  }

  /** Goes on with a new document, with a Yjs client id of its own, while the old one's words go into the drawer. */
  #reset(old: BeatSync, reason: Refusal): void {
    const { beatId } = old
    const forgotten = this.#resets.begin({ old, reason })
    const { denial } = old
    const sync = new BeatSync(beatId, this.#hostOf(beatId), { putBack: reason, forgotten, denial })
    this.#watchTitle(sync)
    this.#open.get(beatId)?.replace(sync)
    this.#changedBeat(beatId)
  }

  #openOnWire(sync: BeatSync): void {
    if (!sync.loaded) return sync.forgetDenial()
    const name = beatDocumentName(sync.beatId)
    const before = this.#openings.get(sync.beatId) ?? 0
    this.#openings.set(sync.beatId, before + 1)
    sync.open(before === 0 ? name : `${name}\u0000${before}`, (frame) => this.#host.send(frame))
  }

  #tellTitle(sync: BeatSync): void {
    this.#host.titled(sync.beatId, sync.doc.getText('title').toString())
  }

  #changedBeat(beatId: number): void {
    const open = this.#open.get(beatId)
    if (open === undefined) return
    open.refresh()
    // One that was denied is of no use to whoever opens the beat next: it may be there again.
    if (isDone(open) && open.sync.snapshot().state === 'denied') this.#closeIfDone(beatId)
    else if (isDone(open)) this.#linger(beatId)
    this.#changed()
  }

  #changed(): void {
    if (this.#destroyed) return
    if (this.#connected) this.#bringHome()
    this.#host.changed()
  }

  /** Opens documents with unsaved changes that nobody holds, until they are saved. */
  #bringHome(): void {
    const travelling = [...this.#open.values()].filter(isTravelling).length
    for (const beatId of this.#homecoming.next(travelling)) this.#ensure(beatId)
  }

  #linger(beatId: number): void {
    if (this.#lingering.has(beatId)) return
    const close = () => {
      this.#lingering.delete(beatId)
      this.#closeIfDone(beatId)
    }
    this.#lingering.set(beatId, this.#host.clock.setTimer(close, LINGER_MS))
  }

  #closeIfDone(beatId: number): void {
    const open = this.#open.get(beatId)
    if (open === undefined || !isDone(open)) return
    this.#open.delete(beatId)
    open.sync.close()
    // The journal reports its own failures.
    void open.sync.destroy()
  }
}

/** Nobody holds it, and nothing in it waits for the server. */
const isDone = ({ held, sync }: OpenBeat): boolean => !held && sync.loaded && sync.unsaved === 0

const isTravelling = ({ held, sync }: OpenBeat): boolean =>
  !held && (!sync.loaded || sync.unsaved > sync.stuck)

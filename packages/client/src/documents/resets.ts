import { beatDocumentName } from '@storyweave/protocol'
import type { DrawerEntry, NewDrawerEntry, Span } from '../drawer/entry.ts'
import type { OfflineStore, Refusal, TakeOut } from '../offline/store.ts'
import type { Cancel, Clock } from '../ports.ts'
import type { BeatSync } from './beat-sync.ts'

/** Editors let go of a document within a frame; what was typed into it until then is waited for so long. */
const LATE_WORDS_MS = 1_000

export interface ResetsHost {
  readonly clock: Clock
  readonly store: OfflineStore
  /** Words are in the drawer on this device. */
  kept(entries: readonly DrawerEntry[]): void
  /** Words are in the drawer as long as the page lives: the device can't keep them. */
  keptHere(entries: readonly NewDrawerEntry[]): void
  /** What is unsaved may be different. */
  changed(): void
  storeFailed(error: unknown): void
}

export interface Reset {
  readonly old: BeatSync
  readonly reason: Refusal
}

interface Running {
  /** Changes that are not in the drawer yet. */
  changes: number
  finish: () => Promise<void>
  done: Promise<void>
}

/** Takes refused words out of documents that are given up, into the drawer. */
export class Resets {
  readonly #host: ResetsHost
  readonly #running = new Set<Running>()
  /** The page goes: late words are not waited for any more. */
  #isEnding = false

  constructor(host: ResetsHost) {
    this.#host = host
  }

  /** Changes that are on their way into the drawer. */
  get changes(): number {
    return [...this.#running].reduce((sum, { changes }) => sum + changes, 0)
  }

  /** Resolves when the device has forgotten this tab's changes, the words being in the drawer; never rejects. */
  begin(reset: Reset): Promise<void> {
    const drawn: Span[] = []
    const running: Running = {
      changes: reset.old.unsaved,
      finish: () => this.#finish(reset, drawn),
      done: Promise.resolve(),
    }
    this.#running.add(running)
    running.done = this.#forget(reset, drawn).then(() => {
      running.changes = 0
      this.#wait(running)
      this.#host.changed()
    })
    return running.done
  }

  /** Resolves when the words are in the drawer, late ones being waited for no longer if `now`. */
  async settle(now: boolean): Promise<void> {
    this.#isEnding ||= now
    const running = [...this.#running]
    await Promise.all(running.map(({ done }) => done))
    if (now) await Promise.all(running.map(({ finish }) => finish()))
  }

  #wait(running: Running): void {
    let cancel: Cancel = () => undefined
    const { finish } = running
    let isFinished = false
    running.finish = async () => {
      if (isFinished) return
      isFinished = true
      cancel()
      await finish()
      this.#running.delete(running)
    }
    // Finishing reports its own failures.
    if (this.#isEnding) void running.finish()
    else cancel = this.#host.clock.setTimer(() => void running.finish(), LATE_WORDS_MS)
  }

  async #forget({ old, reason }: Reset, drawn: Span[]): Promise<void> {
    const { store, kept, keptHere, storeFailed } = this.#host
    await old.kept()
    const entriesOf: TakeOut = (drawer) => {
      drawn.length = 0
      drawn.push(...drawer.filter(({ beatId }) => beatId === old.beatId).flatMap(({ spans }) => spans))
      return this.#take(old, reason, drawn)
    }
    try {
      kept(await store.takeOut(beatDocumentName(old.beatId), old.unsavedRows, entriesOf))
    } catch (error) {
      storeFailed(error)
      keptHere(entriesOf([]))
    }
  }

  async #finish({ old, reason }: Reset, drawn: Span[]): Promise<void> {
    const late = this.#take(old, reason, drawn)
    await old.destroy()
    if (late.length === 0) return
    try {
      this.#host.kept(await this.#host.store.putInDrawer(late))
    } catch (error) {
      this.#host.storeFailed(error)
      this.#host.keptHere(late)
    }
  }

  /** What is to be kept; from now on it counts as drawn. */
  #take(old: BeatSync, reason: Refusal, drawn: Span[]): NewDrawerEntry[] {
    const { beatId } = old
    const at = this.#host.clock.now()
    const entries = old.refusedWords(drawn).map((taken) => ({ beatId, ...taken, ...reason, at }))
    drawn.push(...entries.flatMap(({ spans }) => spans))
    return entries
  }
}

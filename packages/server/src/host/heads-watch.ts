import type { DocumentHead, Lock, LockKeeper, LockUse, Millis, StoryHeads } from '../room/ports.ts'
import type { LivingRoom } from './living-room.ts'
import { repeat } from './repeat.ts'
import type { Timers } from './timers.ts'

/** How far stories and documents have come in the database, whoever wrote in them. */
export interface Heads {
  /** The database's clock when this was read. */
  readonly at: Millis
  readonly stories: ReadonlyMap<
    number,
    { readonly storySeq: number; readonly accessEpoch: number; readonly deleted: boolean }
  >
  readonly beats: ReadonlyMap<number, DocumentHead>
  readonly locks: readonly (Lock & { readonly storyId: number })[]
  /** Beats whose projection was written lately; the same may come again, with the same `projectedAt`. */
  readonly changed: readonly (StoryHeads['changed'][number] & {
    readonly storyId: number
    readonly projectedAt: Millis
  })[]
}

export type ReadHeads = (asked: {
  readonly stories: readonly number[]
  readonly beats: readonly number[]
  /** The `at` of the answer before; undefined at first. */
  readonly changedSince: Millis | undefined
}) => Promise<Heads>

export interface HeadsWatchOptions {
  readonly timers: Timers
  readonly readHeads: ReadHeads
  readonly locks: Pick<LockKeeper, 'touch'>
  /** The rooms that are open. */
  readonly rooms: () => readonly LivingRoom[]
  readonly isDatabaseAway: () => boolean
  /** Other nodes tell of what they write. */
  readonly areNodesHeard: () => boolean
  readonly note: (event: string, details: Readonly<Record<string, unknown>>) => void
}

const LOOK_EVERY_MS = 1_000
/** While the bus tells of every row, what projections say is asked for this often; else each time. */
const CHANGED_EVERY_MS = 15_000
/** Locks whose holders are here are touched this often. */
const TOUCH_EVERY_MS = 10_000
/** After a time in which nodes could not touch locks they have this long to do so before anybody sweeps untouched ones. */
const TOUCHED_AFTER_MS = 70_000

/**
 * Asks the database once a second how far the stories of this node have come, and touches the locks of those who are
 * here. So a message that was lost, a node that died between commit and word, and a right that was taken cost a
 * second at most.
 */
export class HeadsWatch {
  readonly #options: HeadsWatchOptions
  readonly #projectedAt = new Map<number, Millis>()
  /** The database's time of the last answer that told of changed projections, and ours. */
  #changed: { readonly at: Millis; readonly askedAt: Millis } | undefined
  #touchedAt = Number.NEGATIVE_INFINITY
  #sweepsAllFrom: Millis
  readonly #stop: () => void

  constructor(options: HeadsWatchOptions) {
    this.#options = options
    this.#sweepsAllFrom = options.timers.now() + TOUCHED_AFTER_MS
    this.#stop = repeat(options.timers, LOOK_EVERY_MS, () => this.#look())
  }

  end(): void {
    this.#stop()
  }

  /** False while holders may be here whom their nodes could not touch. */
  get sweepsUntouched(): boolean {
    return this.#options.timers.now() >= this.#sweepsAllFrom
  }

  /** Never rejects: what can't be read now is read a second later. */
  async #look(): Promise<void> {
    const { isDatabaseAway, note, timers } = this.#options
    try {
      if (isDatabaseAway()) return this.#couldNot()
      await this.#touch()
      await this.#read()
    } catch (error) {
      this.#couldNot()
      note('heads_failed', { error, at: timers.now() })
    }
  }

  #couldNot(): void {
    this.#sweepsAllFrom = this.#options.timers.now() + TOUCHED_AFTER_MS
    this.#touchedAt = Number.NEGATIVE_INFINITY
  }

  async #touch(): Promise<void> {
    const { timers, rooms, locks } = this.#options
    const now = timers.now()
    if (now - this.#touchedAt < TOUCH_EVERY_MS) return
    const uses: LockUse[] = rooms().flatMap(({ room }) => room.elsewhere.locksHeldHere(now))
    if (uses.length > 0) await locks.touch(uses)
    this.#touchedAt = now
  }

  async #read(): Promise<void> {
    const { timers, rooms, readHeads } = this.#options
    const living = rooms()
    if (living.length === 0) {
      this.#changed = undefined
      this.#projectedAt.clear()
      return
    }
    const since = timers.now()
    const heads = await readHeads({
      stories: living.map(({ storyId }) => storyId),
      beats: living.flatMap(({ room }) => room.elsewhere.beatIds),
      changedSince: this.#isChangedDue(since) ? this.#changed?.at : undefined,
    })
    if (this.#isChangedDue(since)) this.#changed = { at: heads.at, askedAt: since }
    const changed = Map.groupBy(
      heads.changed.filter((beat) => this.#isNews(beat)),
      ({ storyId }) => storyId,
    )
    const locks = Map.groupBy(heads.locks, ({ storyId }) => storyId)
    for (const one of living) {
      const story = heads.stories.get(one.storyId)
      if (story === undefined || one.isOver) continue
      one.accessRead(story)
      const mine = { locks: locks.get(one.storyId) ?? [], changed: changed.get(one.storyId) ?? [] }
      const read = { storySeq: story.storySeq, beats: heads.beats, ...mine }
      one.room.elsewhere.headsRead(read, since, timers.now())
    }
  }

  #isChangedDue(now: Millis): boolean {
    if (this.#changed === undefined || !this.#options.areNodesHeard()) return true
    return now - this.#changed.askedAt >= CHANGED_EVERY_MS
  }

  #isNews({ beatId, projectedAt }: Heads['changed'][number]): boolean {
    if (this.#projectedAt.get(beatId) === projectedAt) return false
    this.#projectedAt.set(beatId, projectedAt)
    return true
  }
}

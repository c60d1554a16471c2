import {
  type BeatState,
  clientKey,
  decide,
  type LogState,
  writerKey,
} from '@storyweave/server/db/log/decide.ts'
import { mergeUpdates } from '@storyweave/server/db/log/merge.ts'
import { isContained } from '@storyweave/server/room/documents/update-check.ts'
import type {
  AppendResult,
  AppendRow,
  ForeignRow,
  LoadedDocument,
  LogNews,
  Millis,
  Projection,
} from '@storyweave/server/room/ports.ts'
import * as Y from 'yjs'
import { OWNER, STORY } from './house.ts'

interface BeatLog {
  readonly state: BeatState & { living: boolean }
  snapshot: { readonly seq: number; readonly bytes: Uint8Array } | undefined
  rows: ForeignRow[]
  /** Rows that stand on what the log does not have. */
  hanging: Pick<AppendRow, 'beatId' | 'bytes' | 'userId'>[]
  readonly sceneKeys: string[]
  lastWriter: number | undefined
  projection: Projection | undefined
  /** Everything committed, applied: what a reader of the log alone sees. */
  readonly truth: Y.Doc
}

export interface RowsOptions {
  /** Who holds which beat, of the locks that stand at this time. */
  readonly holders: (at: Millis) => ReadonlyMap<number, number>
  /** Who may write in the story. */
  readonly writers: () => readonly number[]
  /** A row is stored, whether or not what it stands on is there. */
  readonly stored: (row: Pick<AppendRow, 'beatId' | 'userId'>) => void
  readonly headMoved: (beatId: number, seq: number) => void
  /** A projection arrives; whether it is newer than what stands there is not looked at. */
  readonly projected: (projection: Projection) => void
  /** A row is on disk from now on, and what it stands on as well. */
  readonly committed: (row: Pick<AppendRow, 'beatId' | 'bytes' | 'userId'>) => void
}

/** The tables of the log. Each method is one transaction, and decides by the rules of the real logs. */
export class Rows {
  readonly #options: RowsOptions
  readonly #beats = new Map<number, BeatLog>()
  readonly #states = new Map<number, BeatState>()
  readonly #owners = new Map<string, number>()
  /** The `seq` of each counter, by node. */
  readonly #repeats = new Map<string, Map<number, number>>()

  /** How many rows were not taken. */
  refused = 0

  constructor(options: RowsOptions) {
    this.#options = options
  }

  append(node: string, rows: readonly AppendRow[]): readonly AppendResult[] {
    const repeats = this.#repeats.get(node) ?? new Map<number, number>()
    this.#repeats.set(node, repeats)
    const holders = this.#options.holders(Math.max(...rows.map(({ at }) => at)))
    const writers = new Set(this.#options.writers().map((userId) => writerKey(STORY, userId)))
    const state: LogState = { holders, writers, beats: this.#states, repeats, owners: this.#owners }
    return rows.map((row) => this.#appendOne(row, state))
  }

  #appendOne(row: AppendRow, state: LogState): AppendResult {
    const isRepeat = state.repeats.has(row.counter)
    const [result] = decide([row], state).results
    if (result === undefined) throw new Error('The log has not answered.')
    if (!result.ok) this.refused += 1
    if (result.ok && !isRepeat) this.#store(row, result.seq)
    return result
  }

  #store({ beatId, bytes, userId }: Pick<AppendRow, 'beatId' | 'bytes' | 'userId'>, seq: number): ForeignRow {
    this.#options.stored({ beatId, userId })
    const beat = this.#beat(beatId)
    const row = { seq, bytes, userId }
    beat.rows.push(row)
    beat.lastWriter = userId
    this.#options.headMoved(beatId, seq)
    Y.applyUpdate(beat.truth, bytes)
    // A row behind a refused one may stand on it: nobody can read it before that one comes home.
    beat.hanging = [...beat.hanging, { beatId, bytes, userId }].filter((stored) => {
      const isReadable = isContained(stored.bytes, beat.truth)
      if (isReadable) this.#options.committed(stored)
      return !isReadable
    })
    return row
  }

  /** A new beat with its first row. */
  found(
    beatId: number,
    bytes: Uint8Array,
    userId: number,
    pen: number,
    sceneKeys: readonly string[],
  ): ForeignRow {
    const state = { storyId: STORY, ownerId: OWNER, living: true, headSeq: 0 }
    this.#states.set(beatId, state)
    this.#beats.set(beatId, {
      state,
      snapshot: undefined,
      rows: [],
      hanging: [],
      sceneKeys: [...sceneKeys],
      lastWriter: undefined,
      projection: undefined,
      truth: new Y.Doc(),
    })
    return this.write(beatId, { bytes, userId, pen })
  }

  /** A row inside the transaction of another hand. */
  write(
    beatId: number,
    { bytes, userId, pen }: { bytes: Uint8Array; userId: number; pen: number },
  ): ForeignRow {
    const { state } = this.#beat(beatId)
    state.headSeq += 1
    this.#owners.set(clientKey(beatId, pen), userId)
    return this.#store({ beatId, bytes, userId }, state.headSeq)
  }

  addScene(beatId: number, key: string, row: { bytes: Uint8Array; userId: number; pen: number }): ForeignRow {
    this.#beat(beatId).sceneKeys.push(key)
    return this.write(beatId, row)
  }

  /** The beat is deleted. */
  bury(beatId: number): void {
    this.#beat(beatId).state.living = false
  }

  load(beatId: number): LoadedDocument | undefined {
    const beat = this.#beats.get(beatId)
    if (beat === undefined || !beat.state.living) return undefined
    const { snapshot, rows, sceneKeys, projection, state } = beat
    return {
      seq: state.headSeq,
      updates: [...(snapshot === undefined ? [] : [snapshot.bytes]), ...rows.map(({ bytes }) => bytes)],
      clients: this.#clientsOf(beatId),
      sceneKeys: [...sceneKeys],
      projectedSeq: projection?.seq ?? 0,
    }
  }

  #clientsOf(beatId: number): Map<number, number> {
    const prefix = `${beatId}/`
    const mine = [...this.#owners].filter(([key]) => key.startsWith(prefix))
    return new Map(mine.map(([key, userId]) => [Number(key.slice(prefix.length)), userId]))
  }

  newsAfter(beatId: number, seq: number): LogNews | undefined {
    const beat = this.#beats.get(beatId)
    if (beat === undefined || !beat.state.living || seq < (beat.snapshot?.seq ?? 0)) return undefined
    return { rows: beat.rows.filter((row) => row.seq > seq), sceneKeys: [...beat.sceneKeys] }
  }

  compact(beatId: number): void {
    const beat = this.#beat(beatId)
    const last = beat.rows.at(-1)
    if (last === undefined) return
    const updates = beat.rows.map(({ bytes }) => bytes)
    const { snapshot } = beat
    const bytes = mergeUpdates(snapshot === undefined ? updates : [snapshot.bytes, ...updates])
    beat.snapshot = { seq: last.seq, bytes }
    beat.rows = []
  }

  project(projections: readonly Projection[]): void {
    for (const projection of projections) {
      const beat = this.#beats.get(projection.beatId)
      if (beat === undefined) continue
      this.#options.projected(projection)
      if (projection.seq > (beat.projection?.seq ?? 0)) beat.projection = projection
    }
  }

  /** Who has written last. */
  lastWriter(beatId: number): number | undefined {
    return this.#beats.get(beatId)?.lastWriter
  }

  projection(beatId: number): Projection | undefined {
    return this.#beats.get(beatId)?.projection
  }

  /** What is on disk of a beat. */
  truth(beatId: number): Y.Doc {
    return this.#beat(beatId).truth
  }

  headSeq(beatId: number): number {
    return this.#beat(beatId).state.headSeq
  }

  #beat(beatId: number): BeatLog {
    const beat = this.#beats.get(beatId)
    if (beat === undefined) throw new Error(`There is no beat ${beatId}.`)
    return beat
  }
}

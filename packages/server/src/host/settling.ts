import type { ContentOptions } from '../room/documents/content.ts'
import type { UpdateLog } from '../room/ports.ts'
import type { LivingRoom } from './living-room.ts'
import type { Patience } from './patience.ts'
import { projectionOf } from './projection-of.ts'
import type { ProjectionWriter } from './projection-writer.ts'
import { Rounds } from './rounds.ts'
import type { SharedHouse, UnprojectedBeat } from './shared.ts'
import type { Timers } from './timers.ts'

export interface SettlingOptions {
  readonly log: Pick<UpdateLog, 'load' | 'project'>
  readonly timers: Pick<Timers, 'now'>
  readonly content: ContentOptions
  /** The story's room, where it is open. */
  readonly living: (storyId: number) => LivingRoom | undefined
  readonly patience: Patience
  readonly projections: ProjectionWriter
  /** Undefined where nobody else writes. */
  readonly unprojected: SharedHouse['unprojected'] | undefined
}

const nothing = (): void => undefined

/** Brings the tables up to date for who reads them now: with everything that was acknowledged so far, at any node. */
export class Settling {
  readonly #options: SettlingOptions
  readonly #others: Rounds<number> | undefined

  constructor(options: SettlingOptions) {
    const { unprojected } = options
    this.#options = options
    this.#others =
      unprojected && new Rounds(async (storyId) => this.#projectOthers(storyId, await unprojected(storyId)))
  }

  /** @throws Fault `unavailable`, as `Patience` does. */
  async settle(storyId: number): Promise<void> {
    const { living, patience, projections, timers } = this.#options
    const open = living(storyId)
    const now = timers.now()
    if (open !== undefined) await patience.wait<void>(open, (done) => open.room.settle(done, now), nothing)
    await projections.flush()
    await this.#others?.ask(storyId)
  }

  /** What was written on other nodes and has no projection yet gets one here. */
  async #projectOthers(storyId: number, beats: readonly UnprojectedBeat[]): Promise<void> {
    const { projections } = this.#options
    const isTaken = await Promise.all(beats.map((beat) => this.#takeFromMemory(storyId, beat)))
    if (isTaken.includes(true)) await projections.flush()
    for (const [index, { beatId }] of beats.entries()) {
      // What the writer still has it could not write; whoever reads the tables all the same has to be told.
      if (isTaken[index] !== true || projections.isWaiting(beatId)) await this.#takeFromLog(beatId)
    }
  }

  /** False where this node has the document not in memory, or not all of it. */
  async #takeFromMemory(storyId: number, beat: UnprojectedBeat): Promise<boolean> {
    const { living, patience, timers } = this.#options
    const open = living(storyId)
    if (open === undefined) return false
    const take = (say: (isTaken: boolean) => void) => {
      if (!open.room.elsewhere.project(beat, () => say(true), timers.now())) say(false)
    }
    return patience.wait(open, take, nothing)
  }

  async #takeFromLog(beatId: number): Promise<void> {
    const { log, content } = this.#options
    const document = await log.load(beatId)
    if (document !== undefined) await log.project([projectionOf(beatId, document, content)])
  }
}

import { Fault } from '@storyweave/protocol'
import type { UpdateLog } from '@storyweave/server/room/ports.ts'
import type { Chance } from './chance.ts'
import type { Rows } from './rows.ts'
import type { Scheduler } from './scheduler.ts'
import type { Way } from './tables-dialect.ts'

/** The owner of what happens in the database: it outlives every server. */
export const DATABASE = 'database'
/** No transaction takes longer on its way. */
export const LONGEST_WAY_MS = 400

const AWAY = 'The database is away.'

export interface DatabaseOptions {
  readonly rows: Rows
  readonly scheduler: Scheduler
  readonly chance: Chance
  /** How often an answer is lost although the transaction was committed. */
  lostAnswers: number
}

/** The way to the database: everything takes its time, and may fail before it was done, or after. */
export class Database {
  readonly #options: DatabaseOptions
  readonly #dead = new Set<string>()
  isAway = false

  constructor(options: DatabaseOptions) {
    this.#options = options
  }

  /** From now on every answer arrives. */
  heal(): void {
    this.isAway = false
    this.#options.lostAnswers = 0
  }

  /** A server has died; what it has sent may still be done, or not. */
  lost(server: string): void {
    this.#dead.add(server)
  }

  /** Asks for something on behalf of a server; where that server dies, the answer is never heard. */
  ask<Answer>(server: string, transaction: () => Answer): Promise<Answer> {
    const { scheduler, chance } = this.#options
    return new Promise((resolve, reject) => {
      const answer = (call: () => void) => scheduler.after(server, this.#delay(), call)
      scheduler.after(DATABASE, this.#delay(), () => {
        if (this.#dead.has(server) && chance.happens(0.5)) return
        if (this.isAway) return answer(() => reject(new Fault('unavailable', AWAY)))
        const result = transaction()
        const isLost = chance.happens(this.#options.lostAnswers)
        return answer(() => (isLost ? reject(new Fault('unavailable', AWAY)) : resolve(result)))
      })
    })
  }

  /** The way of one server to the tables: what has not arrived when it dies never does. */
  wayOf(server: string): Way {
    const { scheduler, chance } = this.#options
    const travel = (isLost: () => boolean) =>
      new Promise<void>((resolve, reject) => {
        scheduler.after(server, this.#delay(), () => (isLost() ? reject(new Error(AWAY)) : resolve()))
      })
    return {
      go: () => travel(() => this.isAway),
      back: () => travel(() => chance.happens(this.#options.lostAnswers)),
    }
  }

  /** Who has written last in a beat. */
  lastWriter(beatId: number): number | undefined {
    return this.#options.rows.lastWriter(beatId)
  }

  /** The log as one server sees it. */
  logOf(server: string): UpdateLog {
    const { rows } = this.#options
    const ask = <Answer>(transaction: () => Answer) => this.ask(server, transaction)
    return {
      appendBatch: (batch) => ask(() => rows.append(server, batch)),
      load: (beatId) => ask(() => rows.load(beatId)),
      loadAt: () => Promise.reject(new Fault('internal', 'No version is read in a history.')),
      newsAfter: (beatId, seq) => ask(() => rows.newsAfter(beatId, seq)),
      compact: (beatId) => ask(() => rows.compact(beatId)),
      project: (projections) => ask(() => rows.project(projections)),
    }
  }

  #delay(): number {
    const { chance } = this.#options
    return chance.happens(0.05) ? chance.between(20, LONGEST_WAY_MS) : chance.between(0, 12)
  }
}

import type { FastifyBaseLogger } from 'fastify'
import type { Kysely } from 'kysely'
import { isGuest } from '../db/repositories/users.ts'
import type { Schema } from '../db/schema.ts'

export interface FurnishingParts {
  readonly db: Kysely<Schema>
  readonly logger: Pick<FastifyBaseLogger, 'error'>
  /** Gives a new person what every account begins with, a project of their own among it, in one transaction. */
  readonly onPersonMade: (userId: number) => Promise<void>
}

/**
 * Makes sure that everyone who comes in has what an account begins with. A failure is logged and tried again the
 * next time they come, so that it costs nobody their account.
 */
export class Furnishing {
  readonly #parts: FurnishingParts
  readonly #done = new Set<number>()
  readonly #underWay = new Map<number, Promise<void>>()

  constructor(parts: FurnishingParts) {
    this.#parts = parts
  }

  /** Resolves when there is nothing more to do, or it failed; never rejects. Once at a time for one person. */
  welcome(userId: number): Promise<void> {
    if (this.#done.has(userId)) return Promise.resolve()
    const underWay = this.#underWay.get(userId)
    if (underWay !== undefined) return underWay
    const work = this.#furnish(userId).finally(() => this.#underWay.delete(userId))
    this.#underWay.set(userId, work)
    return work
  }

  async #furnish(userId: number): Promise<void> {
    try {
      // A guest has no project: their account will, when they make one.
      if (await isGuest(this.#parts.db, userId)) return
      if (!(await this.#isFurnished(userId))) await this.#parts.onPersonMade(userId)
      this.#done.add(userId)
    } catch (err) {
      this.#parts.logger.error({ err, userId }, 'a new account could not be furnished; it is tried again')
    }
  }

  async #isFurnished(userId: number): Promise<boolean> {
    const project = await this.#parts.db
      .selectFrom('projects')
      .select('id')
      .where('owner_id', '=', userId)
      .limit(1)
      .executeTakeFirst()
    return project !== undefined
  }
}

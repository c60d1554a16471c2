import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { ExpiredLock, Lock, LockKeeper, LockWish } from '../room/ports.ts'
import { kindOf } from './kind.ts'
import type { Schema } from './schema.ts'

/**
 * The time that leases are measured by, in milliseconds: the database's own, so that nodes need not agree;
 * an argument on SQLite, where there is one process, and in tests.
 */
export const leaseTime = (db: Kysely<Schema>, now: (() => number) | undefined): RawBuilder<number> =>
  kindOf(db) === 'postgres' && now === undefined
    ? sql<number>`(extract(epoch from clock_timestamp()) * 1000)::bigint`
    : sql<number>`cast(${(now ?? Date.now)()} as bigint)`

type Take = Extract<LockWish, { kind: 'take' }>
type HandOver = Extract<LockWish, { kind: 'hand_over' }>

/** A row of `beat_locks` as a lock. */
const AS_LOCK = sql`
  beat_locks.beat_id as "beatId", beat_locks.user_id as "userId", beat_locks.expires_at as "expiresAt",
  (select name from users where users.id = beat_locks.user_id) as "userName"`

/** Locks in their table. Each change is one statement: of two who want the same, the database lets one win. */
export class DatabaseLocks implements LockKeeper {
  readonly #db: Kysely<Schema>
  readonly #now: (() => number) | undefined

  /** `now` where the database's own clock is not to be asked. */
  constructor(db: Kysely<Schema>, now: (() => number) | undefined) {
    this.#db = db
    this.#now = now
  }

  async take(storyId: number, wish: Take): Promise<Lock | undefined> {
    const taken = await this.#takeFree(storyId, wish)
    if (taken !== undefined) return taken
    const standing = await this.look(storyId, wish.beatId)
    if (standing !== undefined) return standing
    // There is no such beat, or it was given back or has expired between the two statements.
    return (await this.#isLiving(storyId, wish.beatId)) ? this.take(storyId, wish) : undefined
  }

  /** Free, expired or mine: taken. */
  async #takeFree(storyId: number, { beatId, userId, durationMs }: Take): Promise<Lock | undefined> {
    const now = this.#time()
    // Who can only be refused waits for nobody, and lets no append wait; of those who wait one wins all the same.
    const unlessHeld = sql`and not exists (
      select 1 from beat_locks held
      where held.beat_id = beats.id and held.user_id <> ${userId} and held.expires_at > ${now})`
    const { rows } = await sql<Lock>`
      with living as (${this.#lockedBeat(beatId, unlessHeld)})
      insert into beat_locks (beat_id, story_id, user_id, acquired_at, expires_at)
      select id, story_id, cast(${userId} as integer), ${now}, ${now} + cast(${durationMs} as bigint)
      from living where story_id = ${storyId}
      on conflict (beat_id) do update
      set user_id = excluded.user_id, acquired_at = excluded.acquired_at, expires_at = excluded.expires_at
      where beat_locks.user_id = excluded.user_id or beat_locks.expires_at <= excluded.acquired_at
      returning ${AS_LOCK}
    `.execute(this.#db)
    return rows[0]
  }

  /**
   * The living beat, its row locked by the statement that it is part of: an append that has locked it comes before
   * that change of the lock, every other one after it.
   */
  #lockedBeat(beatId: number, condition: RawBuilder<unknown> = sql``): RawBuilder<unknown> {
    const rowLock = kindOf(this.#db) === 'postgres' ? sql`for no key update` : sql``
    return sql`select id, story_id from beats where id = ${beatId} and deleted_at is null ${condition} ${rowLock}`
  }

  async look(storyId: number, beatId: number): Promise<Lock | undefined> {
    const { rows } = await sql<Lock>`
      select ${AS_LOCK} from beat_locks join beats on beats.id = beat_locks.beat_id
      where beats.id = ${beatId} and beats.story_id = ${storyId} and beats.deleted_at is null
      and beat_locks.expires_at > ${this.#time()}
    `.execute(this.#db)
    return rows[0]
  }

  async #isLiving(storyId: number, beatId: number): Promise<boolean> {
    const beat = await this.#db
      .selectFrom('beats')
      .select('id')
      .where('id', '=', beatId)
      .where('story_id', '=', storyId)
      .where('deleted_at', 'is', null)
      .executeTakeFirst()
    return beat !== undefined
  }

  async release(beatId: number, userId: number): Promise<boolean> {
    const freed = await this.#db
      .deleteFrom('beat_locks')
      .where('beat_id', '=', beatId)
      .where('user_id', '=', userId)
      .returning('id')
      .executeTakeFirst()
    return freed !== undefined
  }

  async handOver({ beatId, from, to, durationMs }: HandOver): Promise<Lock | undefined> {
    const now = this.#time()
    const { rows } = await sql<Lock>`
      with living as (${this.#lockedBeat(beatId)})
      update beat_locks
      set user_id = ${to}, acquired_at = ${now}, expires_at = ${now} + cast(${durationMs} as bigint)
      from living
      where beat_locks.beat_id = living.id and beat_locks.user_id = ${from} and beat_locks.expires_at > ${now}
      returning ${AS_LOCK}
    `.execute(this.#db)
    return rows[0]
  }

  async sweep(): Promise<readonly ExpiredLock[]> {
    return this.#db
      .deleteFrom('beat_locks')
      .where('expires_at', '<=', this.#time())
      .returning(['story_id as storyId', 'beat_id as beatId', 'user_id as userId', 'expires_at as expiresAt'])
      .execute()
  }

  #time(): RawBuilder<number> {
    return leaseTime(this.#db, this.#now)
  }
}

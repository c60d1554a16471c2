import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { ExpiredLock, InUse, Lock, LockKeeper, LockUse, LockWish } from '../room/ports.ts'
import { kindOf } from './kind.ts'
import { DISCONNECTED_AFTER_MS, IDLE_AFTER_MS, SWEEP_GRACE_MS } from './lock-times.ts'
import type { Schema } from './schema.ts'

/** Milliseconds since 1970, by the clock of PostgreSQL. */
export const POSTGRES_NOW = '(extract(epoch from clock_timestamp()) * 1000)::bigint'

/**
 * The time that leases are measured by, in milliseconds: the database's own, so that nodes need not agree;
 * an argument on SQLite, where there is one process, and in tests.
 */
export const leaseTime = (db: Kysely<Schema>, now: (() => number) | undefined): RawBuilder<number> =>
  kindOf(db) === 'postgres' && now === undefined
    ? sql.raw<number>(POSTGRES_NOW)
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
      insert into beat_locks (beat_id, story_id, user_id, acquired_at, expires_at, seen_at, active_at)
      select id, story_id, cast(${userId} as integer), ${now}, ${now} + cast(${durationMs} as bigint), ${now}, ${now}
      from living where story_id = ${storyId}
      on conflict (beat_id) do update
      set user_id = excluded.user_id, acquired_at = excluded.acquired_at, expires_at = excluded.expires_at,
        seen_at = excluded.seen_at, active_at = excluded.active_at
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

  /** False also where the lock is in use by `unless`. */
  async release(beatId: number, userId: number, unless: InUse = {}): Promise<boolean> {
    const { seenWithinMs, activeWithinMs } = unless
    const freed = await this.#db
      .deleteFrom('beat_locks')
      .where('beat_id', '=', beatId)
      .where('user_id', '=', userId)
      .$if(seenWithinMs !== undefined, (query) => query.where('seen_at', '<=', this.#ago(seenWithinMs ?? 0)))
      .$if(activeWithinMs !== undefined, (query) =>
        query.where('active_at', '<=', this.#ago(activeWithinMs ?? 0)),
      )
      .returning('id')
      .executeTakeFirst()
    return freed !== undefined
  }

  async handOver({ beatId, from, to, durationMs }: HandOver): Promise<Lock | undefined> {
    const now = this.#time()
    const { rows } = await sql<Lock>`
      with living as (${this.#lockedBeat(beatId)})
      update beat_locks
      set user_id = ${to}, acquired_at = ${now}, expires_at = ${now} + cast(${durationMs} as bigint),
        seen_at = ${now}, active_at = ${now}
      from living
      where beat_locks.beat_id = living.id and beat_locks.user_id = ${from} and beat_locks.expires_at > ${now}
      returning ${AS_LOCK}
    `.execute(this.#db)
    return rows[0]
  }

  /**
   * Notes which of these holders are here, and since when each has not stirred. To be called every `TOUCH_EVERY_MS`;
   * whoever holds nothing any more is passed over.
   */
  async touch(uses: readonly LockUse[]): Promise<void> {
    if (uses.length === 0) return
    const isPostgres = kindOf(this.#db) === 'postgres'
    const [greatest, least] = isPostgres ? [sql`greatest`, sql`least`] : [sql`max`, sql`min`]
    const rows = JSON.stringify(uses.map(asRow))
    const elements = isPostgres
      ? sql`select (value->>0)::integer beat_id, (value->>1)::integer user_id, (value->>2)::bigint ago,
          (value->>3)::integer here from json_array_elements(cast(${rows} as json))`
      : sql`select value->>0 beat_id, value->>1 user_id, value->>2 ago, value->>3 here from json_each(${rows})`
    // By their ids, as everyone who locks more than one row does.
    const inOrder = isPostgres ? sql`order by beat_locks.id for no key update of beat_locks` : sql``
    await sql`
      with uses as (
        select beat_id, user_id, min(ago) as ago, max(here) as here from (${elements}) given
        group by beat_id, user_id
      ),
      held as (
        select beat_locks.id, uses.user_id, ${this.#time()} as now, uses.ago, uses.here
        from beat_locks join uses on uses.beat_id = beat_locks.beat_id and uses.user_id = beat_locks.user_id
        ${inOrder}
      )
      update beat_locks
      set seen_at = case when held.here = 1 then held.now else beat_locks.seen_at end,
        active_at = ${least}(held.now, ${greatest}(beat_locks.active_at, held.now - held.ago))
      from held
      where beat_locks.id = held.id and beat_locks.user_id = held.user_id
    `.execute(this.#db)
  }

  /**
   * Removes what has expired, and what a node that died has left: holders who were not seen, or not active, for
   * longer than a living node would have let them. After a time in which nodes could not touch (the database was
   * away, the house was closed) ask for `expiredOnly` until they had time to.
   */
  async sweep({ expiredOnly = false } = {}): Promise<readonly ExpiredLock[]> {
    const unused = expiredOnly
      ? sql``
      : sql`or seen_at <= clock.now - ${ms(DISCONNECTED_AFTER_MS + SWEEP_GRACE_MS)}
          or active_at <= clock.now - ${ms(IDLE_AFTER_MS + SWEEP_GRACE_MS)}`
    // Who is changing a row just now knows better.
    const inOrder =
      kindOf(this.#db) === 'postgres'
        ? sql`order by beat_locks.id for update of beat_locks skip locked`
        : sql``
    const { rows } = await sql<ExpiredLock>`
      with clock as (select ${this.#time()} as now),
      ended as (
        select beat_locks.id, clock.now from beat_locks, clock
        where expires_at <= clock.now ${unused} ${inOrder}
      )
      delete from beat_locks where id in (select id from ended)
      returning story_id as "storyId", beat_id as "beatId", user_id as "userId", expires_at as "expiresAt",
        case
          when expires_at <= (select now from clock) then 'expired'
          when seen_at <= (select now from clock) - ${ms(DISCONNECTED_AFTER_MS + SWEEP_GRACE_MS)} then 'disconnected'
          else 'idle'
        end as reason
    `.execute(this.#db)
    return rows
  }

  /** So many milliseconds before now. */
  #ago(millis: number): RawBuilder<number> {
    return sql<number>`${this.#time()} - ${ms(millis)}`
  }

  #time(): RawBuilder<number> {
    return leaseTime(this.#db, this.#now)
  }
}

const asRow = ({ beatId, userId, activeAgoMs, isHere }: LockUse) => [
  beatId,
  userId,
  Math.round(activeAgoMs),
  isHere ? 1 : 0,
]

const ms = (millis: number): RawBuilder<number> => sql<number>`cast(${millis} as bigint)`

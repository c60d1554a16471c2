import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Lock, Millis } from '../room/ports.ts'
import { kindOf } from './kind.ts'
import { leaseTime } from './lock-keeper.ts'
import type { Schema } from './schema.ts'

/**
 * A projection may be committed this much later than its time says: the transaction's last statement sets it, and
 * the database ends one that is silent for 30 s (`idle_in_transaction_session_timeout`).
 */
const LATE_COMMIT_MS = 35_000

/** What a node that holds these stories and beats asks of the database. */
export interface HeadsAsked {
  readonly stories: readonly number[]
  readonly beats: readonly number[]
  /** The `at` of the answer before: since when changed projections are wanted; undefined for none. */
  readonly changedSince?: Millis | undefined
}

/** How far stories and documents have come, whoever wrote in them. */
export interface Heads {
  /** The database's clock when this was read. */
  readonly at: Millis
  /** Of those asked for that there are; a deleted one is there until it is erased. */
  readonly stories: ReadonlyMap<number, StoryHead>
  /** Of those asked for that there are, deleted or not. */
  readonly beats: ReadonlyMap<number, BeatHead>
  /** All that stand in the stories, on living beats. */
  readonly locks: readonly StandingLock[]
  /**
   * The stories' living beats whose projection was written since `changedSince`, or up to half a minute before, lest
   * a late commit be missed: one that was told comes again, with the same `projectedAt`.
   */
  readonly changed: readonly ChangedBeat[]
}

export interface StoryHead {
  readonly storySeq: number
  readonly accessEpoch: number
  readonly deleted: boolean
}

export interface BeatHead {
  readonly headSeq: number
  readonly projectedSeq: number
}

export interface StandingLock extends Lock {
  readonly storyId: number
}

export interface ChangedBeat {
  readonly beatId: number
  readonly storyId: number
  /** Scenes may have changed without it: a projection that came late brings what no newer one had. */
  readonly projectedSeq: number
  readonly projectedAt: Millis
  readonly title: string
  readonly goal: string
  readonly conflict: string
  readonly outcome: string
  /** Who wrote last; undefined where no row is left to tell. */
  readonly by: { readonly userId: number; readonly name: string } | undefined
  /** All living scenes of the beat. */
  readonly scenes: readonly { readonly key: string; readonly word_count: number }[]
}

/**
 * Asks for all of it in one statement, whose text is the same however many ids there are.
 * `now` where the database's own clock is not to be asked, see `leaseTime`.
 */
export async function readHeads(
  db: Kysely<Schema>,
  { stories, beats, changedSince }: HeadsAsked,
  now?: () => Millis,
): Promise<Heads> {
  const json = JSON_OF[kindOf(db)]
  // 0 is a beat that never was.
  const since =
    changedSince === undefined ? Number.MAX_SAFE_INTEGER : Math.max(0, changedSince - LATE_COMMIT_MS)
  const { rows } = await sql<{ heads: string }>`
    with clock as (select ${leaseTime(db, now)} as now),
    asked as (select id, story_seq, access_epoch, deleted_at from stories where id ${json.isIn(stories)})
    select ${json.text(
      json.list(
        sql`(select now from clock)`,
        json.all(sql`id, story_seq, access_epoch, deleted_at is not null`, sql`asked`),
        json.all(sql`id, head_seq, projected_seq`, sql`beats where id ${json.isIn(beats)}`),
        json.all(
          sql`beat_locks.beat_id, beat_locks.story_id, beat_locks.user_id, users.name, beat_locks.expires_at`,
          sql`beat_locks join users on users.id = beat_locks.user_id join beats on beats.id = beat_locks.beat_id
            where beat_locks.story_id in (select id from asked) and beats.deleted_at is null
            and beat_locks.expires_at > (select now from clock)`,
        ),
        json.all(
          sql`beats.id, beats.story_id, beats.projected_seq, beats.projected_at,
            beats.title, beats.goal, beats.conflict, beats.outcome, ${lastAuthor('id')}, ${lastAuthor('name')}, ${json.all(
              sql`scenes.key, scenes.word_count`,
              sql`scenes where scenes.beat_id = beats.id and scenes.deleted_at is null`,
            )}`,
          sql`beats where story_id in (select id from asked) and deleted_at is null
            and projected_at > cast(${since} as bigint)`,
        ),
      ),
    )} as heads
  `.execute(db)
  return present(JSON.parse(rows[0]?.heads ?? '') as HeadsRow)
}

/** As both databases write it. */
type HeadsRow = readonly [
  at: Millis,
  stories: readonly (readonly [
    id: number,
    storySeq: number,
    accessEpoch: number,
    deleted: boolean | 0 | 1,
  ])[],
  beats: readonly (readonly [id: number, headSeq: number, projectedSeq: number])[],
  locks: readonly (readonly [
    ...[beatId: number, storyId: number, userId: number, userName: string, expiresAt: Millis],
  ])[],
  changed: readonly (readonly [
    ...[beatId: number, storyId: number, projectedSeq: number, projectedAt: Millis],
    ...[title: string, goal: string, conflict: string, outcome: string],
    ...[byId: number | null, byName: string | null],
    scenes: readonly (readonly [key: string, wordCount: number])[],
  ])[],
]

const present = ([at, stories, beats, locks, changed]: HeadsRow): Heads => ({
  at,
  stories: new Map(
    stories.map(([id, storySeq, accessEpoch, deleted]) => [
      id,
      { storySeq, accessEpoch, deleted: Boolean(deleted) },
    ]),
  ),
  beats: new Map(beats.map(([id, headSeq, projectedSeq]) => [id, { headSeq, projectedSeq }])),
  locks: locks.map(([beatId, storyId, userId, userName, expiresAt]) => ({
    ...{ beatId, storyId, userId, userName, expiresAt },
  })),
  changed: changed.map(
    ([beatId, storyId, projectedSeq, projectedAt, title, goal, conflict, outcome, byId, byName, scenes]) => ({
      ...{ beatId, storyId, projectedSeq, projectedAt, title, goal, conflict, outcome },
      by: byId === null ? undefined : { userId: byId, name: byName ?? '' },
      scenes: scenes.map(([key, word_count]) => ({ key, word_count })),
    }),
  ),
})

type Sql = RawBuilder<unknown>

/** Of who wrote in the beat last. */
const lastAuthor = (column: 'id' | 'name'): Sql => sql`
  (select users.${sql.ref(column)} from document_updates join users on users.id = document_updates.user_id
    where document_updates.beat_id = beats.id order by document_updates.seq desc limit 1)`

/** Making JSON inside the database. */
interface JsonOf {
  /** `in` these ids, as one parameter. */
  isIn(ids: readonly number[]): Sql
  /** An array of these values. */
  list(...values: readonly Sql[]): Sql
  /** An array of all these rows, each an array of these columns. */
  all(columns: Sql, from: Sql): Sql
  text(value: Sql): Sql
}

const JSON_OF: Readonly<Record<'sqlite' | 'postgres', JsonOf>> = {
  sqlite: {
    isIn: (ids) => sql`in (select value from json_each(${JSON.stringify(ids)}))`,
    list: (...values) => sql`json_array(${sql.join(values)})`,
    // Where it comes out of a subquery SQLite takes it for text, unless it is told.
    all: (columns, from) => sql`json((select json_group_array(json_array(${columns})) from ${from}))`,
    text: (value) => value,
  },
  postgres: {
    isIn: (ids) => sql`= any(cast(${ids} as integer[]))`,
    list: (...values) => sql`json_build_array(${sql.join(values)})`,
    all: (columns, from) => sql`(select coalesce(json_agg(json_build_array(${columns})), '[]') from ${from})`,
    text: (value) => sql`cast(${value} as text)`,
  },
}

import { sql } from 'kysely'
import type { Queries } from './queries.ts'

const HOUR_MS = 3_600_000

/** What one person wrote in one beat within an hour of the clock. Times are milliseconds since 1970 UTC. */
export interface StintRow {
  readonly beat_id: number
  readonly user_id: number
  readonly user_name: string
  readonly first_at: number
  readonly last_at: number
  readonly changes: number
}

/** A stint's place in the list: no two have the same. */
export type StintPlace = Pick<StintRow, 'last_at' | 'beat_id' | 'user_id'>

/** Who wrote when in a story's living beats, newest first; out of the log, and of what is kept of rows it let go. */
export async function listStints(
  db: Queries,
  { storyId, limit, after }: { storyId: number; limit: number; after: StintPlace | undefined },
): Promise<readonly StintRow[]> {
  const stints = db
    .selectFrom(parts(db, storyId).as('part'))
    .innerJoin('users', 'users.id', 'part.user_id')
    .select(['part.beat_id', 'part.user_id', 'users.name as user_name'])
    .select(({ fn }) => [
      fn.min<number | string>('part.first_at').as('first_at'),
      fn.max<number | string>('part.last_at').as('last_at'),
      fn.sum<number | string>('part.changes').as('changes'),
    ])
    .groupBy(['part.beat_id', 'part.user_id', 'part.hour', 'users.name'])
  const rows = await db
    .selectFrom(stints.as('stint'))
    .selectAll()
    .$if(after !== undefined, (query) =>
      query.where(({ and, eb, or }) => {
        const { last_at, beat_id, user_id } = after ?? { last_at: 0, beat_id: 0, user_id: 0 }
        const isSameTime = eb('last_at', '=', last_at)
        return or([
          eb('last_at', '<', last_at),
          and([isSameTime, eb('beat_id', '>', beat_id)]),
          and([isSameTime, eb('beat_id', '=', beat_id), eb('user_id', '>', user_id)]),
        ])
      }),
    )
    .orderBy('last_at', 'desc')
    .orderBy('beat_id')
    .orderBy('user_id')
    .limit(limit)
    .execute()
  return rows.map(({ first_at, last_at, changes, ...row }) => ({
    ...row,
    first_at: Number(first_at),
    last_at: Number(last_at),
    changes: Number(changes),
  }))
}

/** The rows of the log one by one, and those that were folded. An hour can have both. */
const parts = (db: Queries, storyId: number) =>
  db
    .selectFrom('document_authors as author')
    .innerJoin('beats', 'beats.id', 'author.beat_id')
    .select(['author.beat_id', 'author.user_id', 'author.hour', 'author.first_at', 'author.last_at'])
    .select('author.updates as changes')
    .where('beats.story_id', '=', storyId)
    .where('beats.deleted_at', 'is', null)
    .unionAll(
      db
        .selectFrom('document_updates as row')
        .innerJoin('beats', 'beats.id', 'row.beat_id')
        .select(['row.beat_id', 'row.user_id'])
        .select(sql<number>`row.created_at / ${sql.lit(HOUR_MS)}`.as('hour'))
        .select(['row.created_at as first_at', 'row.created_at as last_at'])
        .select(sql<number>`1`.as('changes'))
        .where('beats.story_id', '=', storyId)
        .where('beats.deleted_at', 'is', null),
    )

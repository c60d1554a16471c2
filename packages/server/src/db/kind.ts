import { type Kysely, PostgresAdapter } from 'kysely'

export type DatabaseKind = 'sqlite' | 'postgres'

/** Which database a Kysely instance or a transaction speaks to. */
// biome-ignore lint/suspicious/noExplicitAny: the tables do not matter here.
export const kindOf = (db: Kysely<any>): DatabaseKind =>
  db.getExecutor().adapter instanceof PostgresAdapter ? 'postgres' : 'sqlite'

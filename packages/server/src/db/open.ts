import { CamelCasePlugin, Kysely, PostgresDialect } from 'kysely'
import type { UpdateLog } from '../room/ports.ts'
import type { DatabaseKind } from './kind.ts'
import { mergeUpdates } from './log/merge.ts'
import { DatabaseLog } from './log/update-log.ts'
import { appendBatch } from './postgres/append.ts'
import { openPool } from './postgres/open.ts'
import { projectTogether } from './postgres/project.ts'
import { readTogetherOn as readTogetherOnPostgres } from './postgres/read.ts'
import { Silence } from './postgres/silence.ts'
import type { Schema } from './schema.ts'
import { SqliteThreadDialect } from './sqlite/dialect.ts'
import { openSqliteThread } from './sqlite/open.ts'
import { project } from './sqlite/project.ts'
import { readTogetherOn as readTogetherOnSqlite } from './sqlite/read.ts'
import { compactBytes } from './sqlite/values.ts'

/** Where the database is: an SQLite file (or `:memory:`), or the address of a Postgres database. */
export type DatabaseLocation =
  | { readonly file: string }
  | { readonly url: string; readonly connections?: number | undefined }

export interface DatabaseParts {
  /** Names this process in the log; random for each start, or repeats of another life would be taken for its own. */
  readonly nodeId: string
  readonly now: () => number
  /** Hears of Postgres connections that break while nobody uses them. */
  readonly onError: (error: Error) => void
  /** See `Database.limitSilence`; 35 s unless said. */
  readonly silenceMs?: number
}

export interface Database {
  readonly kind: DatabaseKind
  readonly db: Kysely<Schema>
  /** The same connection with camelCase names and no types, for Better Auth. */
  // biome-ignore lint/suspicious/noExplicitAny: Better Auth brings its own idea of the tables.
  readonly auth: Kysely<any>
  readonly log: UpdateLog
  /** From now on a Postgres connection that says nothing any more is given up: for servers, whose queries are short. */
  limitSilence(): void
  /** Lets what is under way end, then closes. Everything asked later rejects; a second close is the first one. */
  close(): Promise<void>
}

/**
 * Opens the database; its tables are another matter, see `migrate`.
 * @throws DatabaseSetupError with one message for the person who set it up.
 */
export function openDatabase(options: DatabaseLocation & DatabaseParts): Promise<Database> {
  return 'file' in options ? openSqlite(options.file, options) : openPostgres(options, options)
}

async function openSqlite(file: string, { nodeId, now }: DatabaseParts): Promise<Database> {
  const thread = await openSqliteThread(file)
  const db = new Kysely<Schema>({ dialect: new SqliteThreadDialect(thread) })
  const log = new DatabaseLog({
    db,
    append: (rows) => {
      const compacted = rows.map((row) => ({ ...row, bytes: compactBytes(row.bytes) }))
      return thread.mutex.run(() => thread.call({ type: 'append', nodeId, rows: compacted }))
    },
    readTogether: readTogetherOnSqlite(thread),
    merge: (updates) => thread.call({ type: 'merge', updates }),
    project: (projections, at) => project(db, projections, at),
    now,
  })
  const limitSilence = () => undefined
  return { kind: 'sqlite', db, auth: camelCased(db), log, limitSilence, close: () => thread.close() }
}

async function openPostgres(
  { url, connections }: Extract<DatabaseLocation, { url: string }>,
  { nodeId, now, onError, silenceMs }: DatabaseParts,
): Promise<Database> {
  let closing: Promise<void> | undefined
  const silence = new Silence(silenceMs)
  const pool = await openPool(url, {
    connections,
    silence,
    onError: (error) => {
      // A connection that breaks while it is being closed is nobody's loss.
      if (closing === undefined) onError(error)
    },
  })
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) })
  const log = new DatabaseLog({
    db,
    append: (rows) => appendBatch(pool, nodeId, rows),
    readTogether: readTogetherOnPostgres(db),
    merge: async (updates) => mergeUpdates(updates),
    project: (projections, at) => projectTogether(pool, projections, at),
    now,
  })
  const close = (): Promise<void> => {
    closing ??= pool.end()
    return closing
  }
  return { kind: 'postgres', db, auth: camelCased(db), log, limitSilence: () => silence.limit(), close }
}

// biome-ignore lint/suspicious/noExplicitAny: see `Database.auth`.
const camelCased = (db: Kysely<Schema>): Kysely<any> => db.withPlugin(new CamelCasePlugin())

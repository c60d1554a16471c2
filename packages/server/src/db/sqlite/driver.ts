import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  type QueryResult,
  type TransactionSettings,
} from 'kysely'
import type { QueryAnswer, SqlValue } from './messages.ts'
import type { SqliteThread } from './thread.ts'
import { toSql } from './values.ts'

/** The one connection, as long as its holder has it. */
class SqliteConnection implements DatabaseConnection {
  readonly release: () => void
  readonly #thread: SqliteThread

  constructor(thread: SqliteThread, release: () => void) {
    this.#thread = thread
    this.release = release
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const answer = await this.#query(sql, parameters.map(toSql))
    const rows = answer.rows as R[]
    if (answer.changes === undefined) return { rows }
    return { rows, numAffectedRows: BigInt(answer.changes), insertId: BigInt(answer.lastId ?? 0) }
  }

  /** All rows at once: the thread keeps no cursor open between two calls. */
  async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    yield await this.executeQuery<R>(query)
  }

  async #query(sql: string, parameters: readonly SqlValue[]): Promise<QueryAnswer> {
    try {
      return await this.#thread.call({ type: 'query', sql, parameters })
    } catch (error) {
      // The stack of who asked: the error's own begins where the thread's message came in.
      if (error instanceof Error) Error.captureStackTrace(error)
      throw error
    }
  }

  async rollback(): Promise<void> {
    await this.#thread.call({ type: 'rollback' })
  }
}

/**
 * Kysely's driver over the database thread. While one holds the connection everyone else waits: a query outside
 * of `trx` in the callback of its transaction waits for ever.
 */
export class SqliteThreadDriver implements Driver {
  readonly #thread: SqliteThread

  constructor(thread: SqliteThread) {
    this.#thread = thread
  }

  async init(): Promise<void> {
    // The thread is open before there is a driver.
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    return new SqliteConnection(this.#thread, await this.#thread.mutex.acquire())
  }

  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    asOurs(connection).release()
  }

  async beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    // A writer takes the file's lock at once: taken later, another process in between would make it fail.
    const begin = settings.accessMode === 'read only' ? 'begin' : 'begin immediate'
    await connection.executeQuery(CompiledQuery.raw(begin))
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('commit'))
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await asOurs(connection).rollback()
  }

  async savepoint(connection: DatabaseConnection, name: string): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw(`savepoint ${quoted(name)}`))
  }

  async rollbackToSavepoint(connection: DatabaseConnection, name: string): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw(`rollback to ${quoted(name)}`))
  }

  async releaseSavepoint(connection: DatabaseConnection, name: string): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw(`release ${quoted(name)}`))
  }

  async destroy(): Promise<void> {
    await this.#thread.close()
  }
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

function asOurs(connection: DatabaseConnection): SqliteConnection {
  if (!(connection instanceof SqliteConnection)) throw new TypeError('A connection of another driver')
  return connection
}

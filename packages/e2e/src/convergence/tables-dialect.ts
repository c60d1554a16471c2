import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import type { Tables } from './tables.ts'

/** How a question gets to the tables, and its answer back. */
export interface Way {
  /** Rejects where nothing has arrived. */
  go(): Promise<void>
  /** Rejects where the answer is lost, although all was done. */
  back(): Promise<void>
}

class TablesAdapter extends SqliteAdapter {
  /** There is one connection, but the tables' own mutex guards it. */
  override get supportsMultipleConnections(): boolean {
    return true
  }

  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

/** Kysely on tables that are a way off: a statement, or a transaction, goes there, is done at one moment, and is answered. */
export class TablesDialect implements Dialect {
  readonly #tables: Tables
  readonly #way: Way

  constructor(tables: Tables, way: Way) {
    this.#tables = tables
    this.#way = way
  }

  createDriver = (): Driver => new TablesDriver(this.#tables, this.#way)
  createAdapter = () => new TablesAdapter()
  createQueryCompiler = () => new SqliteQueryCompiler()
  createIntrospector: Dialect['createIntrospector'] = (db) => new SqliteIntrospector(db)
}

class TablesConnection implements DatabaseConnection {
  readonly #tables: Tables
  readonly #way: Way
  /** Lets the next one have the tables. */
  readonly release: () => void
  isInTransaction = false

  constructor(tables: Tables, way: Way, release: () => void) {
    this.#tables = tables
    this.#way = way
    this.release = release
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const { rows, changes, lastId } = this.#tables.query(query)
    // The tables wait for nobody's answer to arrive.
    if (!this.isInTransaction) this.release()
    if (!this.isInTransaction) await this.#way.back()
    const result = { rows: rows as R[] }
    if (changes === undefined) return result
    return { ...result, numAffectedRows: BigInt(changes), insertId: BigInt(lastId ?? 0) }
  }

  async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    yield await this.executeQuery<R>(query)
  }
}

class TablesDriver implements Driver {
  readonly #tables: Tables
  readonly #way: Way

  constructor(tables: Tables, way: Way) {
    this.#tables = tables
    this.#way = way
  }

  async init(): Promise<void> {
    // The tables are there before there is a driver.
  }

  async acquireConnection(): Promise<TablesConnection> {
    await this.#way.go()
    return new TablesConnection(this.#tables, this.#way, await this.#tables.mutex.acquire())
  }

  async releaseConnection(connection: TablesConnection): Promise<void> {
    connection.release()
  }

  async beginTransaction(connection: TablesConnection): Promise<void> {
    connection.isInTransaction = true
    await connection.executeQuery(CompiledQuery.raw('begin'))
  }

  async commitTransaction(connection: TablesConnection): Promise<void> {
    connection.isInTransaction = false
    await connection.executeQuery(CompiledQuery.raw('commit'))
  }

  async rollbackTransaction(connection: TablesConnection): Promise<void> {
    connection.isInTransaction = false
    this.#tables.rollBack()
  }

  async destroy(): Promise<void> {
    // Whoever has made the tables closes them.
  }
}

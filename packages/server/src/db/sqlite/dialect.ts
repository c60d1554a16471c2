import {
  type DatabaseIntrospector,
  type Dialect,
  type DialectAdapter,
  type Driver,
  type Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import { SqliteThreadDriver } from './driver.ts'
import type { SqliteThread } from './thread.ts'

class SqliteThreadAdapter extends SqliteAdapter {
  /** There is one connection, but the thread's own mutex guards it: the log's batches pass through it as well. */
  override get supportsMultipleConnections(): boolean {
    return true
  }

  /** SQLite rolls back changes of tables as well: a migration happens as a whole or not at all. */
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

/** Kysely on a database thread. Booleans, dates and undefined are converted, see `values.ts`. */
export class SqliteThreadDialect implements Dialect {
  readonly #thread: SqliteThread

  constructor(thread: SqliteThread) {
    this.#thread = thread
  }

  createDriver(): Driver {
    return new SqliteThreadDriver(this.#thread)
  }

  createAdapter(): DialectAdapter {
    return new SqliteThreadAdapter()
  }

  createQueryCompiler(): SqliteQueryCompiler {
    return new SqliteQueryCompiler()
  }

  createIntrospector(db: Kysely<unknown>): DatabaseIntrospector {
    return new SqliteIntrospector(db)
  }
}

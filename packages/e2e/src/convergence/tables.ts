import { DatabaseSync } from 'node:sqlite'
import { migrate } from '@storyweave/server/db/migrations/migrate.ts'
import type { Schema } from '@storyweave/server/db/schema.ts'
import type { QueryAnswer } from '@storyweave/server/db/sqlite/messages.ts'
import { Mutex } from '@storyweave/server/db/sqlite/mutex.ts'
import { Statements } from '@storyweave/server/db/sqlite/statements.ts'
import { toSql } from '@storyweave/server/db/sqlite/values.ts'
import { type Compilable, type CompiledQuery, Kysely } from 'kysely'
import { TablesDialect, type Way } from './tables-dialect.ts'

const NO_WAY: Way = { go: async () => undefined, back: async () => undefined }

let definitions: Promise<readonly string[]> | undefined

/** The statements that make all tables as the real migrations leave them; found out once. */
export function tableDefinitions(): Promise<readonly string[]> {
  definitions ??= readDefinitions()
  return definitions
}

async function readDefinitions(): Promise<readonly string[]> {
  const tables = new Tables([])
  await migrate(tables.db)
  const { rows } = tables.query({
    sql: `select sql from sqlite_master where sql is not null and name not like 'sqlite_%'`,
    parameters: [],
  })
  tables.close()
  return rows.map(({ sql }) => String(sql))
}

/** The real tables, in memory: people, the story, what is said in it, its locks. They outlive every server. */
export class Tables {
  /** Turns come in the order in which they were asked for. */
  readonly mutex = new Mutex()
  /** Asked without any delay, for the history itself. */
  readonly db: Kysely<Schema>
  readonly #connection = new DatabaseSync(':memory:', { enableForeignKeyConstraints: true })
  readonly #statements = new Statements(this.#connection)
  /** How many statements there were that may have changed something. */
  writes = 0

  constructor(definitions: readonly string[]) {
    for (const definition of definitions) this.#connection.exec(definition)
    this.db = this.by(NO_WAY)
  }

  /** The tables as somebody has them who asks over this way. */
  by(way: Way): Kysely<Schema> {
    return new Kysely<Schema>({ dialect: new TablesDialect(this, way) })
  }

  query({ sql, parameters }: Pick<CompiledQuery, 'sql' | 'parameters'>): QueryAnswer {
    if (!sql.startsWith('select')) this.writes += 1
    return this.#statements.run({ sql, parameters: parameters.map(toSql) })
  }

  /** Asks at once, and for nothing that others see half done. */
  now<Row>(query: Compilable<Row>): readonly Row[] {
    return this.query(query.compile()).rows as readonly Row[]
  }

  rollBack(): void {
    if (this.#connection.isTransaction) this.#connection.exec('rollback')
  }

  close(): void {
    this.#connection.close()
  }
}

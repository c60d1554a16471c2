import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { QueryAnswer, Statement } from './messages.ts'
import { conversionOf } from './values.ts'

/** Statements that stay prepared; beyond it the one unused longest goes. */
const MAX_PREPARED = 256

const SCHEMA_CHANGE = /^\s*(?:alter|create|drop)\b/i

interface Prepared {
  readonly statement: StatementSync
  readonly returnsRows: boolean
  /** After it the columns of other statements may be others. */
  readonly changesSchema: boolean
  /** The columns whose values are not SQLite's own, by their name in the result. */
  readonly conversions: readonly (readonly [column: string, convert: (value: unknown) => unknown])[]
}

/** Runs queries by their text and keeps their statements prepared. */
export class Statements {
  readonly #db: DatabaseSync
  readonly #prepared = new Map<string, Prepared>()

  constructor(db: DatabaseSync) {
    this.#db = db
  }

  run({ sql, parameters }: Statement): QueryAnswer {
    const { statement, returnsRows, changesSchema, conversions } = this.#get(sql)
    if (returnsRows) {
      const rows: Record<string, unknown>[] = statement.all(...parameters)
      for (const row of rows) for (const [column, convert] of conversions) row[column] = convert(row[column])
      return { rows, changes: undefined, lastId: undefined }
    }
    const { changes, lastInsertRowid } = statement.run(...parameters)
    if (changesSchema) this.#prepared.clear()
    return { rows: [], changes: Number(changes), lastId: Number(lastInsertRowid) }
  }

  #get(sql: string): Prepared {
    const prepared = this.#prepared.get(sql) ?? this.#prepare(sql)
    // Put in again at the end, so that the first one in the map is the one unused longest.
    this.#prepared.delete(sql)
    this.#prepared.set(sql, prepared)
    if (this.#prepared.size > MAX_PREPARED) {
      for (const oldest of this.#prepared.keys()) {
        this.#prepared.delete(oldest)
        break
      }
    }
    return prepared
  }

  #prepare(sql: string): Prepared {
    const statement = this.#db.prepare(sql)
    const columns = statement.columns()
    const conversions = columns.flatMap(({ name, type }) => {
      const convert = conversionOf(type)
      return convert === undefined ? [] : [[name, convert] as const]
    })
    return { statement, returnsRows: columns.length > 0, changesSchema: SCHEMA_CHANGE.test(sql), conversions }
  }
}

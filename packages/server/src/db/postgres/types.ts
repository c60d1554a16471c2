import type { CustomTypesConfig } from 'pg'
import { types } from 'pg'

const { INT8, NUMERIC, BYTEA } = types.builtins

const parseBytes = types.getTypeParser(BYTEA)

/**
 * How values of Postgres look here: as they do on SQLite. Whole numbers of 64 bits are times, counters and sums,
 * all far below 2^53. Bytes are Uint8Arrays of their own, not parts of Node's shared pool.
 */
export const TYPE_PARSERS: CustomTypesConfig = {
  // biome-ignore lint/suspicious/noExplicitAny: the parser's type differs for each column type.
  getTypeParser(oid: number, format?: any): any {
    if (format !== 'binary') {
      if (oid === INT8 || oid === NUMERIC) return Number
      if (oid === BYTEA) return (text: string) => new Uint8Array(parseBytes(text))
    }
    return types.getTypeParser(oid, format)
  },
}

import type { WireError } from './messages.ts'

/** SQLite's result codes that somebody may want to tell apart; https://sqlite.org/rescode.html has them all. */
const CODES: Readonly<Record<number, string>> = {
  1: 'SQLITE_ERROR',
  5: 'SQLITE_BUSY',
  6: 'SQLITE_LOCKED',
  8: 'SQLITE_READONLY',
  10: 'SQLITE_IOERR',
  11: 'SQLITE_CORRUPT',
  13: 'SQLITE_FULL',
  14: 'SQLITE_CANTOPEN',
  19: 'SQLITE_CONSTRAINT',
  20: 'SQLITE_MISMATCH',
  26: 'SQLITE_NOTADB',
  275: 'SQLITE_CONSTRAINT_CHECK',
  787: 'SQLITE_CONSTRAINT_FOREIGNKEY',
  1299: 'SQLITE_CONSTRAINT_NOTNULL',
  1555: 'SQLITE_CONSTRAINT_PRIMARYKEY',
  2067: 'SQLITE_CONSTRAINT_UNIQUE',
}

/** An extended code carries its primary code in the low byte. */
const codeName = (errcode: number): string => CODES[errcode] ?? CODES[errcode & 0xff] ?? `SQLITE_${errcode}`

/** What SQLite said no to. `code` is the name of its result code: `SQLITE_CONSTRAINT_UNIQUE`. */
export class SqliteError extends Error {
  readonly code: string
  readonly errcode: number

  constructor(message: string, errcode: number) {
    super(message)
    this.name = 'SqliteError'
    this.code = codeName(errcode)
    this.errcode = errcode
  }
}

/** For the way between the threads. */
export function toWire(error: unknown): WireError {
  const message = error instanceof Error ? error.message : String(error)
  const errcode = error instanceof Error && 'errcode' in error ? error.errcode : undefined
  return { message, errcode: typeof errcode === 'number' ? errcode : undefined }
}

export const fromWire = ({ message, errcode }: WireError): Error =>
  errcode === undefined ? new Error(message) : new SqliteError(message, errcode)

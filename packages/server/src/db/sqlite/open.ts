import { DatabaseSetupError } from '../setup-error.ts'
import { SqliteError } from './error.ts'
import { SqliteThread } from './thread.ts'

/** @throws DatabaseSetupError where the file can't be opened or is no database. */
export async function openSqliteThread(file: string): Promise<SqliteThread> {
  try {
    return await SqliteThread.open(file)
  } catch (error) {
    if (error instanceof SqliteError) throw new DatabaseSetupError(complaint(file, error), error)
    throw error
  }
}

function complaint(file: string, { code, message }: SqliteError): string {
  switch (code) {
    case 'SQLITE_CANTOPEN':
      return `The database file ${file} can't be opened: its folder must be there, and it must be ours to read and write`
    case 'SQLITE_NOTADB':
      return `${file} is not an SQLite database`
    case 'SQLITE_READONLY':
      return `The database file ${file} can't be written: it must be ours to write, and so must its folder`
    case 'SQLITE_BUSY':
      return `The database file ${file} is held by another process`
    default:
      return `The database file ${file} can't be used (${code}): ${message}`
  }
}

import type { Tries } from '../../access/tries.ts'
import type { Database } from '../open.ts'
import { databaseTries } from './database-tries.ts'
import { memoryTries } from './memory-tries.ts'

/** Where a house counts: in tables where several nodes may serve it, otherwise in its one process. */
export function triesOf(
  { kind, db }: Pick<Database, 'kind' | 'db'>,
  parts: { readonly secret: string; readonly now: () => number },
): Tries {
  return kind === 'postgres' ? databaseTries({ db, ...parts }) : memoryTries(parts.now)
}

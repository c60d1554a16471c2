import type { Tries } from '../../access/tries.ts'
import type { Database } from '../open.ts'
import { databaseTries } from './database-tries.ts'
import { memoryTries } from './memory-tries.ts'

/** As a house has it, at the time that a test says it is. */
export const triesAt = ({ kind, db }: Pick<Database, 'kind' | 'db'>, now: () => number): Tries =>
  kind === 'postgres' ? databaseTries({ db, secret: 'a secret', now, databaseNow: now }) : memoryTries(now)

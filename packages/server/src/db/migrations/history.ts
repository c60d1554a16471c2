import { DatabaseSetupError } from '../setup-error.ts'
import type { AnyDatabase } from './columns.ts'

/** How a database stands to the migrations that this code knows. */

export const MIGRATION_TABLE = 'schema_migrations'

/** In the order of their names, which is the order they run in; none in an empty database. */
export async function appliedMigrations(db: AnyDatabase): Promise<readonly string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true })
  if (!tables.some(({ name }) => name === MIGRATION_TABLE)) return []
  const applied: { name: string }[] = await db.selectFrom(MIGRATION_TABLE).select('name').execute()
  return applied.map(({ name }) => name).toSorted()
}

/** `missing`: those of `known` that are still to run. `ahead`: the one that a newer version has run; ours go on with it. */
export interface Standing {
  readonly missing: readonly string[]
  readonly ahead: string | undefined
}

/** @throws DatabaseSetupError where this code can do nothing with the database: two ahead, or another history. */
export async function standingOf(db: AnyDatabase, known: readonly string[]): Promise<Standing> {
  const applied = await appliedMigrations(db)
  const unknown = applied.filter((name) => !known.includes(name))
  const missing = known.filter((name) => !applied.includes(name))
  const [ahead] = unknown
  if (ahead === undefined) return { missing, ahead }
  const followsOurs = missing.length === 0 && applied.at(-unknown.length) === ahead
  if (unknown.length === 1 && followsOurs) return { missing, ahead }
  const names = unknown.join(', ')
  if (followsOurs) {
    throw new DatabaseSetupError(
      `The database belongs to a newer StoryWeave (it has ${names}): ` +
        'start that version, or restore a backup made by this one',
    )
  }
  throw new DatabaseSetupError(
    `The database has a history that this StoryWeave does not know (it has ${names}): ` +
      'start the version that made it, or name another database',
  )
}

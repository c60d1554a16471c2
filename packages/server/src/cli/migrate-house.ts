import { migrate } from '../db/migrations/migrate.ts'
import { withDatabase } from './house.ts'

/** Brings the tables up to date, whatever MIGRATE says to servers; ten that run it at once are as good as one. */
export async function migrateHouse(): Promise<void> {
  await withDatabase(
    async ({ db }) => {
      for (const name of await migrate(db)) process.stdout.write(`${name}\n`)
      process.stdout.write('The tables are up to date.\n')
    },
    async () => undefined,
  )
}

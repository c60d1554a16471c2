import { withDatabase } from './house.ts'

export async function migrateHouse(): Promise<void> {
  await withDatabase(async () => {
    process.stdout.write('The tables are up to date.\n')
  })
}

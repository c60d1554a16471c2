import { randomUUID } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Config, readConfig } from '../config/config.ts'
import { prepareTables } from '../db/migrations/migrate.ts'
import { type Database, openDatabase } from '../db/open.ts'

/**
 * Opens the house's database beside a server that may be running, and closes it afterwards. Its tables are brought up
 * to date first, or looked at with MIGRATE=never; `prepare` does something else instead.
 * The folder's lock is for servers; a command makes its rows in transactions of its own.
 */
export async function withDatabase<Result>(
  task: (database: Database) => Promise<Result>,
  prepare = prepareTables,
): Promise<Result> {
  const config = readConfig(process.env)
  const database = await openIt(config)
  try {
    await prepare(database.db, config.migrate)
    return await task(database)
  } finally {
    await database.close()
  }
}

async function openIt({ databaseUrl, databaseConnections, dataDir }: Config): Promise<Database> {
  const parts = {
    nodeId: randomUUID(),
    now: Date.now,
    onError: (error: Error) => process.stderr.write(`The database connection broke: ${error.message}\n`),
  }
  if (databaseUrl !== undefined)
    return openDatabase({ url: databaseUrl, connections: databaseConnections, ...parts })
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  return openDatabase({ file: join(dataDir, 'storyweave.sqlite'), ...parts })
}

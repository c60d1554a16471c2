import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { readConfig } from '../config/config.ts'
import { backUp } from '../db/sqlite/backup.ts'
import { CliError } from './cli-error.ts'

/** Copies the house of DATA_DIR into one file, also beside its running server. */
export async function backUpHouse(file: string): Promise<void> {
  const { databaseUrl, dataDir, authSecret } = readConfig(process.env)
  if (databaseUrl !== undefined)
    throw new CliError('This house is on PostgreSQL: pg_dump makes its backup, see docs/operating.md')
  const [from, to] = [join(dataDir, 'storyweave.sqlite'), resolve(file)]
  if (!existsSync(from)) throw new CliError(`There is no house in ${dataDir}: DATA_DIR names its folder`)
  if (existsSync(to)) throw new CliError(`${to} is there already: name another file, or remove that one`)
  // Hashes of passwords stand in it.
  process.umask(0o077)
  await backUp(from, to).catch((error: unknown) => {
    throw new CliError(`${to} could not be written: ${error instanceof Error ? error.message : error}`)
  })
  const megabytes = ((await stat(to)).size / 1e6).toFixed(1)
  const secret = authSecret === undefined ? join(dataDir, 'secret') : 'AUTH_SECRET'
  process.stdout.write(`${to} has the house (${megabytes} MB). Keep ${secret} as well.\n`)
}

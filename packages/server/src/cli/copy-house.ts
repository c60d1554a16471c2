import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { readConfig } from '../config/config.ts'
import { type CopiedTable, copyHouse, countServerConnections } from '../db/copy/copy-house.ts'
import { type Database, openDatabase } from '../db/open.ts'
import { CliError } from './cli-error.ts'
import { type Place, parsePlace, takeSource, takeTarget } from './place.ts'

export interface CopyOptions {
  readonly from?: string
  readonly to?: string
}

/** Moves a house to another database, whole and checked, or not at all; the old one stays as it is. */
export async function copy(options: CopyOptions): Promise<void> {
  const { from, to } = places(options)
  const source = await takeSource(from)
  try {
    const target = await takeTarget(to)
    try {
      await copyBetween(from, to)
    } catch (error) {
      await target.undo()
      throw error
    } finally {
      await target.release()
    }
  } finally {
    await source.release()
  }
  process.stdout.write(whatElse(from, to))
}

function places({ from, to }: CopyOptions): { from: Place; to: Place } {
  // Without --from and --to the settings say it, and a password stays out of the list of processes.
  const config = from === undefined || to === undefined ? readConfig(process.env) : undefined
  if (to === undefined && config?.databaseUrl === undefined)
    throw new CliError('Say where to: --to postgres://user:password@host:port/database, or DATABASE_URL')
  return {
    from: parsePlace('--from', from ?? `sqlite:${config?.dataDir}`),
    to: parsePlace('--to', to ?? config?.databaseUrl ?? ''),
  }
}

async function copyBetween(from: Place, to: Place): Promise<void> {
  await withPlace(from, async (source) => {
    const count = await countServerConnections(source.db)
    if (count > 0) {
      throw new CliError(
        `${from.name} is in use (servers have ${count} connections to it): stop every node first, or what is ` +
          'written meanwhile stays behind',
      )
    }
    await withPlace(to, async (target) => {
      const tables: CopiedTable[] = []
      process.stdout.write(`${line('table', 'rows', 'checksum, the same on both sides')}\n`)
      await copyHouse(source.db, target.db, (table) => {
        tables.push(table)
        process.stdout.write(`${line(table.table, number(table.rows), table.checksum)}\n`)
      })
      const rows = tables.reduce((sum, table) => sum + table.rows, 0)
      process.stdout.write(`\n${tables.length} tables with ${number(rows)} rows are in ${to.name}.\n`)
    })
  })
}

async function withPlace(
  { location, name }: Place,
  task: (database: Database) => Promise<void>,
): Promise<void> {
  const database = await openDatabase({
    ...location,
    nodeId: randomUUID(),
    now: Date.now,
    onError: (error) => process.stderr.write(`The connection to ${name} broke: ${error.message}\n`),
  })
  try {
    await task(database)
  } finally {
    await database.close()
  }
}

const number = (count: number): string => count.toLocaleString('en')

const line = (table: string, rows: string, checksum: string): string =>
  `${table.padEnd(26)}${rows.padStart(10)}  ${checksum}`

/** What belongs to a house and is in no database. */
function whatElse(from: Place, to: Place): string {
  const secret =
    from.folder === undefined
      ? 'the AUTH_SECRET that its servers were started with'
      : `the AUTH_SECRET it was started with, or else what stands in ${join(from.folder, 'secret')}`
  const give =
    to.folder === undefined
      ? `Give every server AUTH_SECRET: ${secret}.`
      : `Start it with AUTH_SECRET: ${secret}.`
  return [
    '',
    'What else belongs to the house:',
    `  ${give}`,
    '  Sessions, signing keys and waiting mails hang on it: with another one everybody has to sign in again.',
    '  All other settings (PUBLIC_URL, SMTP_URL …) go on as they were.',
    `${from.name} was not changed. Keep it until the new one has proved itself, and don’t serve both.`,
    '',
  ].join('\n')
}

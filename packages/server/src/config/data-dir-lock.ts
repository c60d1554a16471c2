import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { ConfigError } from './config-error.ts'

/** SQLITE_BUSY: another connection has the lock. */
const BUSY = 5

/** Who holds a data directory, for the one who comes second. */
export interface Holder {
  readonly pid: number
  readonly address: string
  /** Milliseconds since 1970 UTC. */
  readonly since: number
}

export interface DataDirLock {
  /** Does nothing the second time. */
  release(): Promise<void>
}

/**
 * Takes the folder for this process, or says who has it.
 *
 * The lock is the operating system's, held through an exclusive transaction on a small SQLite file: it goes with
 * the process however that ends, holds between containers that share the folder, and no reused process id can fake
 * it. `holder.json` beside it is only for people; one left behind by a killed server means nothing.
 *
 * @throws ConfigError where another server holds the folder.
 */
export async function lockDataDir(dir: string, holder: Holder): Promise<DataDirLock> {
  const holderFile = join(dir, 'holder.json')
  const database = takeLock(join(dir, 'lock.sqlite'))
  if (database === undefined) throw new ConfigError([await describeHolder(dir, holderFile)])
  const draft = `${holderFile}.new`
  await writeFile(draft, JSON.stringify(holder), { mode: 0o600 })
  await rename(draft, holderFile)
  return {
    async release() {
      if (!database.isOpen) return
      await rm(holderFile, { force: true })
      database.close()
    },
  }
}

function takeLock(file: string): DatabaseSync | undefined {
  const database = new DatabaseSync(file, { timeout: 0 })
  try {
    database.exec('begin exclusive')
    return database
  } catch (error) {
    database.close()
    if (error instanceof Error && 'errcode' in error && error.errcode === BUSY) return undefined
    throw error
  }
}

async function describeHolder(dir: string, holderFile: string): Promise<string> {
  const held = await readHolder(holderFile)
  const who =
    held === undefined
      ? 'another server that is just starting'
      : `the server at ${held.address} (process ${held.pid}, since ${new Date(held.since).toISOString()})`
  return `DATA_DIR ${dir} is held by ${who}: stop that one, or give this one a folder of its own`
}

/** Undefined where the holder has not written it yet. */
async function readHolder(file: string): Promise<Holder | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  return text === undefined ? undefined : (JSON.parse(text) as Holder)
}

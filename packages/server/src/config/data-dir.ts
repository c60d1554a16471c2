import { chmod, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { ConfigError } from './config-error.ts'
import { type DataDirLock, type Holder, lockDataDir } from './data-dir-lock.ts'
import { keepSecret } from './kept-secret.ts'

/** The folder that holds everything of one house, held by one server at a time. */
export interface DataDir {
  readonly path: string
  /** Where the SQLite database is, or will be. */
  readonly databaseFile: string
  /** Made at the first start and kept in the folder. Never to be printed. */
  readonly secret: string
  /** Lets the next server have the folder. */
  release(): Promise<void>
}

/**
 * Makes the folder where it is missing, takes it for this process, and reads its secret.
 * @throws ConfigError where the folder can't be used, or another server holds it.
 */
export async function openDataDir(
  path: string,
  holder: Holder,
  random: (bytes: number) => Uint8Array,
): Promise<DataDir> {
  await makePrivate(path)
  const lock = await lockDataDir(path, holder)
  const secret = await keepSecret(join(path, 'secret'), random).catch((error) => giveBack(lock, error))
  return { path, databaseFile: join(path, 'storyweave.sqlite'), secret, release: () => lock.release() }
}

/** Only its owner enters; on Windows a new folder inherits the rights of the one around it. */
async function makePrivate(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 })
    await chmod(path, 0o700)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new ConfigError([`DATA_DIR ${path} can't be used (${why}): choose a folder that is yours to write`])
  }
}

async function giveBack(lock: DataDirLock, error: unknown): Promise<never> {
  await lock.release()
  throw error
}

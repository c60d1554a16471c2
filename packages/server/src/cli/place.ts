import { mkdir, rm, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { ConfigError } from '../config/config-error.ts'
import { type DataDirLock, lockDataDir } from '../config/data-dir-lock.ts'
import type { DatabaseLocation } from '../db/open.ts'
import { CliError } from './cli-error.ts'

/** Where a house is, or is to be: as a command is told it. */
export interface Place {
  readonly location: DatabaseLocation
  /** For people: never with a password. */
  readonly name: string
  /** The folder with the house's secret; undefined for PostgreSQL. */
  readonly folder: string | undefined
}

const FILE = 'storyweave.sqlite'

/**
 * `sqlite:FOLDER` (a DATA_DIR), `sqlite:FILE.sqlite`, or `postgres://…`.
 * @throws CliError naming `option`
 */
export function parsePlace(option: string, text: string): Place {
  if (/^postgres(ql)?:/.test(text)) return postgresPlace(option, text)
  const path = /^sqlite:(?<path>.+)$/.exec(text)?.groups?.['path']
  if (path === undefined) {
    throw new CliError(`${option} must be sqlite:FOLDER or postgres://user:password@host:port/database`)
  }
  const file = path.endsWith('.sqlite') ? resolve(path) : join(resolve(path), FILE)
  return { location: { file }, name: file, folder: dirname(file) }
}

function postgresPlace(option: string, text: string): Place {
  if (!URL.canParse(text))
    throw new CliError(`${option} is no address: special characters are percent-encoded`)
  const { host, pathname } = new URL(text)
  // One connection is enough, and a second one where that breaks.
  return { location: { url: text, connections: 2 }, name: `postgres://${host}${pathname}`, folder: undefined }
}

/** Gives back what was taken; `undo` also removes what was made. */
export interface Taken {
  release(): Promise<void>
  undo(): Promise<void>
}

const nothing = async (): Promise<void> => undefined

/** Keeps servers off a folder that is to be read. @throws CliError where there is no house, or it is served. */
export async function takeSource({ location }: Place): Promise<Taken> {
  if (!('file' in location)) return { release: nothing, undo: nothing }
  const { file } = location
  if (!(await isThere(file))) throw new CliError(`There is no ${basename(file)} in ${dirname(file)}`)
  // A file that was put somewhere by itself is nobody's folder.
  if (!(await isThere(join(dirname(file), 'lock.sqlite')))) return { release: nothing, undo: nothing }
  const lock = await lockFolder(dirname(file))
  return { release: () => lock.release(), undo: nothing }
}

/** Makes the folder where it is missing, and takes it. @throws CliError where a house is there, or it is served. */
export async function takeTarget({ location }: Place): Promise<Taken> {
  if (!('file' in location)) return { release: nothing, undo: nothing }
  const { file } = location
  if (await isThere(file)) throw new CliError(`${file} is there already: give the copy a new place`)
  const folder = dirname(file)
  const made = await makeFolder(folder)
  const lock = await lockFolder(folder)
  return {
    release: () => lock.release(),
    undo: async () => {
      for (const end of ['', '-wal', '-shm']) await rm(`${file}${end}`, { force: true })
      if (made !== undefined) await rm(made, { recursive: true, force: true })
    },
  }
}

/** The topmost folder that had to be made; undefined where all of it was there. */
async function makeFolder(folder: string): Promise<string | undefined> {
  try {
    return await mkdir(folder, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new CliError(`${folder} can't be made: ${error instanceof Error ? error.message : String(error)}`)
  }
}

async function lockFolder(folder: string): Promise<DataDirLock> {
  const holder = { pid: process.pid, address: '“storyweave copy”', since: Date.now() }
  try {
    return await lockDataDir(folder, holder)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    throw new CliError(`The folder is in use, and a copy needs it for itself. ${error.problems.join('\n')}`)
  }
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

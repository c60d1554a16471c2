import { randomBytes } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { Fault, filledTitleSchema, LIMITS } from '@storyweave/protocol'
import { homeFor } from '../api/home-project.ts'
import { readImport } from '../content/import-story.ts'
import { plantStory } from '../content/plant.ts'
import type { Database } from '../db/open.ts'
import { transact } from '../db/repositories/queries.ts'
import { CliError } from './cli-error.ts'
import { withDatabase } from './house.ts'

export interface ImportOptions {
  readonly story?: string
  readonly owner?: string
}

/** Makes a story of a Markdown file; also while a server serves the same house. All of it, or nothing. */
export async function importFile(path: string, { story: title, owner }: ImportOptions): Promise<void> {
  if (title !== undefined && !filledTitleSchema.safeParse(title).success) {
    throw new CliError(`--story must be a title of 1 to ${LIMITS.titleChars} characters.`)
  }
  const file = read(await readBytes(path), title)
  await withDatabase(async (database) => {
    const authorId = await findOwner(database, owner)
    const at = Date.now()
    const { title: name, id } = await transact(database.db, async (trx) => {
      const projectId = await homeFor(trx, authorId, undefined, at)
      const { beats, ...story } = file
      return plantStory(trx, { story: { ...story, projectId, at }, beats, authorId })
    })
    const scenes = file.beats.reduce((sum, beat) => sum + beat.scenes.length, 0)
    const words = file.beats.reduce(
      (sum, beat) => sum + beat.scenes.reduce((n, { wordCount }) => n + wordCount, 0),
      0,
    )
    process.stdout.write(
      `“${name}” is story ${id}: ${file.beats.length} beats, ${scenes} scenes, ${words.toLocaleString('en')} words.\n`,
    )
  })
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(path)
    // Not even read: a file of gigabytes would not fit.
    if (size > LIMITS.importFileBytes) {
      throw new CliError(`${path} is larger than ${LIMITS.importFileBytes / 1024 / 1024} MB: split it.`)
    }
    return await readFile(path)
  } catch (error) {
    if (error instanceof CliError) throw error
    throw new CliError(`${path} can't be read: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function read(bytes: Uint8Array, title: string | undefined): ReturnType<typeof readImport> {
  try {
    return readImport(bytes, title, (count) => new Uint8Array(randomBytes(count)))
  } catch (error) {
    throw error instanceof Fault ? new CliError(error.message) : error
  }
}

async function findOwner({ db }: Database, email: string | undefined): Promise<number> {
  if (email !== undefined) {
    const user = await db
      .selectFrom('users')
      .select('id')
      .where('email', '=', email.toLowerCase())
      .executeTakeFirst()
    if (user === undefined) throw new CliError(`Nobody here has the address ${email}.`)
    return user.id
  }
  const house = await db.selectFrom('house').select(['owner_id', 'mode']).executeTakeFirst()
  if (house?.owner_id != null) return house.owner_id
  const first = await db.selectFrom('users').select('id').orderBy('id').limit(1).executeTakeFirst()
  if (house?.mode === 'open' && first !== undefined) return first.id
  throw new CliError('This house has no owner yet: start it (npm start), sign up, and import again.')
}

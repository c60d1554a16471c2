import { randomBytes } from 'node:crypto'
import { insertHostToken, listHostTokens, revokeHostToken } from '../db/repositories/host-tokens.ts'
import { isoTime } from '../db/repositories/present.ts'
import { CliError } from './cli-error.ts'
import { withDatabase } from './house.ts'

/** What a host token begins with, so that a leaked one can be found. */
const PREFIX = 'swh_'
const TOKEN_BYTES = 32
const MAX_NAME_CHARS = 80

/** Makes a token for another server and prints it, this once. */
export async function createToken({ name }: { readonly name: string }): Promise<void> {
  if (name.trim() === '' || name.length > MAX_NAME_CHARS) {
    throw new CliError(`--name must have 1 to ${MAX_NAME_CHARS} characters, not only spaces.`)
  }
  const token = `${PREFIX}${randomBytes(TOKEN_BYTES).toString('base64url')}`
  await withDatabase(async ({ db }) => {
    const { id } = await insertHostToken(db, { name: name.trim(), token, at: Date.now() })
    process.stderr.write(`Token ${id}, “${name.trim()}”. It is shown this once:\n`)
    process.stdout.write(`${token}\n`)
  })
}

/** One line a token; the tokens themselves nobody knows any more. */
export async function listTokens(): Promise<void> {
  await withDatabase(async ({ db }) => {
    for (const { id, name, created_at, revoked_at } of await listHostTokens(db)) {
      const state = revoked_at === null ? 'holds' : `revoked ${isoTime(revoked_at)}`
      process.stdout.write(`${id}\t${name}\tmade ${isoTime(created_at)}\t${state}\n`)
    }
  })
}

/** From now on the token opens nothing. */
export async function revokeToken(idText: string): Promise<void> {
  const id = /^[1-9]\d{0,8}$/.test(idText) ? Number(idText) : undefined
  if (id === undefined) throw new CliError('Name the token by its number: “storyweave token list” shows it.')
  await withDatabase(async ({ db }) => {
    if (!(await revokeHostToken(db, id, Date.now()))) {
      throw new CliError(`There is no token ${id} that holds: “storyweave token list” shows them.`)
    }
    process.stdout.write(`Token ${id} is revoked.\n`)
  })
}

import { chmod, open, readFile, rename } from 'node:fs/promises'
import { ConfigError } from './config-error.ts'

const SECRET_BYTES = 32

/**
 * The secret kept in `file`, made where there is none. Call it only while holding the folder.
 * @throws ConfigError where the file holds no secret: sessions and keys hang on it, so it is not replaced silently.
 */
export async function keepSecret(file: string, random: (bytes: number) => Uint8Array): Promise<string> {
  const kept = await readKept(file)
  if (kept === undefined) return makeSecret(file, Buffer.from(random(SECRET_BYTES)).toString('base64url'))
  if (kept.length < SECRET_BYTES) {
    throw new ConfigError([
      `${file} is damaged: put it back from a backup, or delete it (everybody then has to sign in again)`,
    ])
  }
  return kept
}

async function readKept(file: string): Promise<string | undefined> {
  try {
    // A backup may have been put back with wider rights.
    await chmod(file, 0o600)
    return (await readFile(file, 'utf8')).trim()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

/** Written beside and renamed, so that a crash leaves either a whole secret or none. */
async function makeSecret(file: string, secret: string): Promise<string> {
  const draft = await open(`${file}.new`, 'w', 0o600)
  try {
    await draft.writeFile(`${secret}\n`)
    await draft.sync()
  } finally {
    await draft.close()
  }
  await rename(`${file}.new`, file)
  return secret
}

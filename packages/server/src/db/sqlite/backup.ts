import { rename, rm } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'

/**
 * Writes one consistent file of an SQLite database, also while a server writes in it. `to` must not be there yet: it
 * is there whole, or not at all.
 */
export async function backUp(file: string, to: string): Promise<void> {
  const unfinished = `${to}.part`
  await rm(unfinished, { force: true })
  const database = new DatabaseSync(file, { readOnly: true })
  try {
    database.prepare('vacuum into ?').run(unfinished)
    await rename(unfinished, to)
  } finally {
    database.close()
    await rm(unfinished, { force: true })
  }
}

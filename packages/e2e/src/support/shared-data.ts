import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Real input lies beside the repository and is never part of it; where it is missing tests make a stand-in. */
const FOLDER = fileURLToPath(new URL('../../../../../shared/data/', import.meta.url))

/** The file's path, or undefined where the folder is not there. */
export function sharedFile(name: string): string | undefined {
  const path = `${FOLDER}${name}`
  return existsSync(path) ? path : undefined
}

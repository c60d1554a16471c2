import { accessSync, constants, readdirSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'

/**
 * The machine as the search for programs sees it.
 * @typedef {object} Host
 * @property {NodeJS.ProcessEnv} env
 * @property {string} home
 * @property {(path: string) => boolean} isProgram
 * @property {(folder: string) => string[]} list names in a folder; empty where there is none
 */

/** @returns {Host} */
export function thisHost() {
  return { env: process.env, home: homedir(), isProgram, list }
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

function list(folder) {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** The first program of one of these names on the PATH. */
export function onPath(host, names) {
  const folders = (host.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(host.isProgram)
}

/**
 * Paths that match a pattern with at most one `*`, which stands within one folder's name; the highest version first.
 * @param {Host} host
 * @param {string} pattern absolute
 */
export function expand(host, pattern) {
  const parts = pattern.split('/')
  const at = parts.findIndex((part) => part.includes('*'))
  if (at < 0) return [pattern]
  const folder = parts.slice(0, at).join('/')
  const [before, after] = parts[at].split('*')
  const byVersion = new Intl.Collator('en', { numeric: true }).compare
  return host
    .list(folder)
    .filter((name) => name.startsWith(before) && name.endsWith(after))
    .sort((a, b) => byVersion(b, a))
    .map((name) => [folder, name, ...parts.slice(at + 1)].join('/'))
}

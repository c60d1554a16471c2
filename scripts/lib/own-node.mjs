import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { Complaint } from './complaint.mjs'

/** Runs TypeScript as it is and has `node:sqlite`. */
const OLDEST_MAJOR = 24

/**
 * The Node that the project brings along as a dependency, whatever the machine's own is.
 * @param {string} root
 * @returns {string} its path
 */
export function ownNode(root) {
  const path =
    process.platform === 'win32'
      ? join(root, 'node_modules', 'node', 'bin', 'node.exe')
      : join(root, 'node_modules', '.bin', 'node')
  if (!existsSync(path)) throw new Complaint(missing(path))
  const { stdout, error } = spawnSync(path, ['--version'], { encoding: 'utf8' })
  const major = Number(/^v(\d+)\./.exec(stdout ?? '')?.[1])
  if (error !== undefined || !(major >= OLDEST_MAJOR)) {
    throw new Complaint(
      `${path} does not run as Node ${OLDEST_MAJOR} or later (${error?.message ?? stdout.trim()}).\nRemove node_modules and run this again.`,
    )
  }
  return path
}

/** The environment in which `node` is the project's own, for every program that is started further down. */
export function ownNodeEnv(root, env = process.env) {
  return { ...env, PATH: [join(root, 'node_modules', '.bin'), env.PATH ?? ''].join(delimiter) }
}

function missing(path) {
  return [
    `StoryWeave needs Node ${OLDEST_MAJOR} or later and brings it along as the package "node", but ${path} is missing.`,
    'That package unpacks itself by an install script, which npm was told not to run (ignore-scripts).',
    'Allow it for this folder and try again:',
    '  npm ci --ignore-scripts=false',
  ].join('\n')
}

import { readdirSync, statSync, utimesSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Complaint } from './complaint.mjs'
import { runForeground } from './run.mjs'

/** What the bundle is made from, under `packages/`. */
const BUNDLED_PACKAGES = ['web', 'react', 'client', 'prose', 'protocol']
const NOT_SOURCES = new Set(['node_modules', 'dist'])

/**
 * Builds the web application where its sources are newer than what was built last.
 * @param {string} root
 * @param {string} node the project's own Node
 */
export async function buildWeb(root, node) {
  if (!webBuildIsStale(root)) return
  console.log('Building the web application …')
  const folder = join(root, 'packages', 'web')
  const started = new Date()
  const code = await runForeground(node, [viteOf(folder), 'build', '--logLevel', 'warn'], { cwd: folder })
  if (code !== 0) throw new Complaint(`The web application could not be built (vite exit code ${code}).`)
  // The build's age is that of its beginning: a source that changed meanwhile is newer.
  utimesSync(builtPage(root), started, started)
}

/** @param {string} root */
export function webBuildIsStale(root) {
  const built = statSync(builtPage(root), { throwIfNoEntry: false })?.mtimeMs
  if (built === undefined) return true
  const sources = BUNDLED_PACKAGES.map((name) => newestIn(join(root, 'packages', name)))
  return Math.max(statSync(join(root, 'package-lock.json')).mtimeMs, ...sources) > built
}

function builtPage(root) {
  return join(root, 'packages', 'web', 'dist', 'index.html')
}

/** The latest change below a folder; subfolders count themselves, as they change when a file is removed. */
function newestIn(folder) {
  let newest = 0
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (NOT_SOURCES.has(entry.name) || /\.test\.tsx?$/.test(entry.name)) continue
    const path = join(folder, entry.name)
    newest = Math.max(newest, statSync(path).mtimeMs, entry.isDirectory() ? newestIn(path) : 0)
  }
  return newest
}

function viteOf(folder) {
  const manifest = createRequire(join(folder, 'package.json')).resolve('vite/package.json')
  return join(dirname(manifest), 'bin', 'vite.js')
}

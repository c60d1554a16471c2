import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runForeground } from './run.mjs'

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/**
 * Runs Vitest on all projects of the repository.
 * @param {object} run
 * @param {string} run.root
 * @param {string} run.node the project's own Node
 * @param {readonly string[]} run.args for Vitest: paths, `-t name`, …
 * @param {NodeJS.ProcessEnv} run.env
 * @param {{ folder: string, adopt: (pid: number, signal: NodeJS.Signals) => void }} run.janitor
 * @param {import('node:child_process').StdioOptions} [run.stdio]
 * @returns {Promise<{ code: number, counts: Counts }>} zeros where the run never came to its end
 */
export async function runVitest({ root, node, args, env, janitor, stdio = 'inherit' }) {
  const countsFile = join(janitor.folder, 'counts.json')
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const counting = fileURLToPath(new URL('./count-reporter.mjs', import.meta.url))
  const reporters = ['--reporter=default', `--reporter=${counting}`]
  const code = await runForeground(node, [vitest, 'run', AT_ONCE, ...reporters, ...args], {
    cwd: root,
    stdio,
    // What a test that was ended leaves in the temporary folder goes with the rest.
    env: { ...env, TMPDIR: janitor.folder, STORYWEAVE_TEST_COUNTS: countsFile },
    // The janitor ends it when this process is killed.
    detached: true,
    onStart: (pid) => janitor.adopt(pid, 'SIGTERM'),
  })
  const counts = existsSync(countsFile) ? JSON.parse(readFileSync(countsFile, 'utf8')) : nothing()
  return { code, counts }
}

/** Files at a time: much of what they do is waiting, for browsers, disks and clocks of servers. */
const AT_ONCE = '--maxWorkers=3'

/** @returns {Counts} */
export function nothing() {
  return { passed: 0, failed: 0, skipped: 0 }
}

/** The line that a run ends with, for people and for scripts. */
export function summaryLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}

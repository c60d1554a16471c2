import { statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { Complaint } from './complaint.mjs'
import { runForeground } from './run.mjs'

/**
 * Installs the dependencies that the lock file names, where they are missing or older than it.
 * @param {string} root
 */
export async function installDependencies(root) {
  if (!needsInstall(root)) return
  console.log('Installing dependencies (npm ci), about a minute the first time …')
  const [program, ...before] = npmCommand(process.env)
  const args = [...before, 'ci', '--no-audit', '--no-fund', '--loglevel=error']
  const code = await runForeground(program, args, { cwd: root, shell: program === 'npm.cmd' })
  if (code !== 0) throw new Complaint(`npm ci failed (exit code ${code}); what it said stands above.`)
}

/** npm writes `node_modules/.package-lock.json` last: an interrupted installation counts as none. */
export function needsInstall(root) {
  const installed = modifiedAt(join(root, 'node_modules', '.package-lock.json'))
  return installed === undefined || installed < (modifiedAt(join(root, 'package-lock.json')) ?? 0)
}

function modifiedAt(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs
}

/** The npm that runs this script, or else the one on the PATH. */
function npmCommand(env) {
  const npm = env.npm_execpath
  if (npm !== undefined && basename(npm) === 'npm-cli.js') return [process.execPath, npm]
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm']
}

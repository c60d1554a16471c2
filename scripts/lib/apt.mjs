import { spawnSync } from 'node:child_process'
import { onPath } from './host.mjs'
import { runForeground } from './run.mjs'

/**
 * How this process may install Debian packages: the words before `apt-get`, or undefined where it may not.
 * @param {import('./host.mjs').Host} host
 * @returns {readonly string[] | undefined}
 */
export function aptPrefix(host) {
  if (process.platform !== 'linux' || onPath(host, ['apt-get']) === undefined) return undefined
  if (process.getuid() === 0) return []
  const sudo = spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' })
  return sudo.status === 0 ? ['sudo', '-n'] : undefined
}

/**
 * @param {readonly string[]} prefix as `aptPrefix` gives it
 * @param {readonly string[]} packages
 * @returns {Promise<boolean>} whether all went well
 */
export async function aptInstall(prefix, packages) {
  console.log(`Installing ${packages.join(', ')} (apt-get) …`)
  // Through env, as sudo drops the environment.
  const apt = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-qq']
  const steps = [['update'], ['install', '-y', '--no-install-recommends', ...packages]]
  for (const step of steps) {
    const [program, ...args] = [...apt, ...step]
    if ((await runForeground(program, args)) !== 0) return false
  }
  return true
}

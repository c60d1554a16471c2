import { spawnSync } from 'node:child_process'
import { chownSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Complaint } from './complaint.mjs'
import { runCaptured } from './run.mjs'
import { freePort, startServer } from './temporary-server.mjs'

/** What a test may lose in a power cut is nothing: no fsync. */
const FAST = ['fsync=off', 'full_page_writes=off', 'synchronous_commit=off']
/** Suites run side by side, each with pools of its own. */
const MAX_CONNECTIONS = 300
const PRIVATE = 0o700

/**
 * Starts a PostgreSQL with an empty cluster of its own on a free port.
 * @param {object} how
 * @param {string} how.bin the folder of `initdb` and `postgres`
 * @param {{ folder: string, adopt: (pid: number, signal: NodeJS.Signals) => void }} how.janitor
 * @returns {Promise<string>} the URL of its superuser
 */
export async function startPostgres({ bin, janitor }) {
  const home = join(janitor.folder, 'postgres')
  const data = join(home, 'data')
  const user = unprivilegedUser()
  mkdirSync(home, { mode: PRIVATE })
  if (user !== undefined) chownSync(home, user.uid, user.gid)
  const options = {
    ...user,
    cwd: home,
    env: { PATH: process.env.PATH, HOME: home, LC_ALL: 'C', TZ: 'UTC' },
  }
  await makeCluster(bin, data, options)
  const port = await freePort()
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    `max_connections=${MAX_CONNECTIONS}`,
    ...FAST,
  ]
  const args = ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])]
  await startServer(join(bin, 'postgres'), args, {
    ready: /database system is ready to accept connections/,
    // To PostgreSQL this says: stop now, in order, without waiting for clients.
    adopt: (pid) => janitor.adopt(pid, 'SIGINT'),
    options,
  })
  return `postgres://postgres@127.0.0.1:${port}/postgres`
}

async function makeCluster(bin, data, options) {
  const args = ['-D', data, '-A', 'trust', '-U', 'postgres', '-E', 'UTF8', '--locale=C', '--no-sync']
  const { code, output } = await runCaptured(join(bin, 'initdb'), args, options)
  if (code !== 0) throw new Complaint(`PostgreSQL's initdb failed (exit code ${code}):\n${output}`)
}

/** PostgreSQL refuses to run as root; undefined where this process is not root. */
function unprivilegedUser() {
  if (process.getuid?.() !== 0) return undefined
  for (const name of ['postgres', 'nobody']) {
    const uid = idOf('-u', name)
    const gid = idOf('-g', name)
    if (uid !== undefined && gid !== undefined) return { uid, gid }
  }
  throw new Complaint('PostgreSQL does not run as root, and there is no user "postgres" or "nobody" here.')
}

function idOf(flag, name) {
  const { status, stdout } = spawnSync('id', [flag, name], { encoding: 'utf8' })
  return status === 0 ? Number(stdout) : undefined
}

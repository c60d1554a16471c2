import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { Complaint } from './complaint.mjs'

const START_LIMIT_MS = 30_000
/** Enough of what a server said to tell why it did not start. */
const KEPT_CHARACTERS = 4000

/** A TCP port of the loopback address that nothing listens on now. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}

/**
 * Starts a server and resolves once it says that it is ready. It keeps running, and does not keep this process.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {object} how
 * @param {RegExp} how.ready what it says then
 * @param {(pid: number) => void} how.adopt takes over stopping it
 * @param {import('node:child_process').SpawnOptions} [how.options]
 */
export async function startServer(program, args, { ready, adopt, options }) {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true, ...options })
  if (child.pid !== undefined) adopt(child.pid)
  await saysReady(child, ready, program)
  for (const handle of [child, child.stdout, child.stderr]) handle.unref()
}

function saysReady(child, ready, program) {
  return new Promise((resolve, reject) => {
    let said = ''
    const fail = (why) => reject(new Complaint(`${program} did not start: ${why}\n${said}`))
    const limit = setTimeout(fail, START_LIMIT_MS, `not ready after ${START_LIMIT_MS / 1000} s.`)
    const listen = (chunk) => {
      said = (said + chunk).slice(-KEPT_CHARACTERS)
      if (!ready.test(said)) return
      clearTimeout(limit)
      resolve()
    }
    // Listening goes on afterwards: an unread pipe would stop the server.
    child.stdout.on('data', listen)
    child.stderr.on('data', listen)
    child.once('error', (error) => fail(error.message))
    child.once('close', (code, signal) => {
      clearTimeout(limit)
      fail(`it ended (${signal ?? `exit code ${code}`}).`)
    })
  })
}

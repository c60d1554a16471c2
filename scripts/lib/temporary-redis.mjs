import { freePort, startServer } from './temporary-server.mjs'

/**
 * Starts a Redis that keeps nothing, on a free port.
 * @param {object} how
 * @param {string} how.program
 * @param {{ folder: string, adopt: (pid: number, signal: NodeJS.Signals) => void }} how.janitor
 * @returns {Promise<string>} its URL
 */
export async function startRedis({ program, janitor }) {
  const port = await freePort()
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
  await startServer(program, [...args, '--dir', janitor.folder], {
    ready: /Ready to accept connections/,
    adopt: (pid) => janitor.adopt(pid, 'SIGTERM'),
  })
  return `redis://127.0.0.1:${port}`
}

import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from '@redis/client'
import { freePort } from '../config/free-port.ts'

/** A real Redis of its own for tests, gone with them. */

/** `npm test` says where it is; otherwise it is on the PATH. */
const PROGRAM = process.env['REDIS_SERVER'] ?? 'redis-server'

/** Enough of what it said to tell why it did not start. */
const KEPT_CHARACTERS = 4000

export interface RedisOptions {
  /** In cluster mode: the whole of a cluster, with all slots, or a node that has none yet and knows no other. */
  readonly cluster?: 'whole' | 'without slots'
  /** Listens in TLS alone, with these files (PEM). */
  readonly tls?: { readonly certFile: string; readonly keyFile: string }
  /** Of `redis-server`, after its own. */
  readonly args?: readonly string[]
}

export interface TemporaryRedis {
  /** Without user and password. */
  readonly url: string
  readonly port: number
  /** Ends it as a crash does. */
  stop(): Promise<void>
  /** Starts it anew, on the same port; it knows nothing of before. */
  restart(): Promise<void>
  /** It takes connections and says nothing any more, as a machine that hangs. */
  pause(): void
  resume(): void
  /** Ends it for good. A test that does not come to this leaves nothing running either. */
  close(): Promise<void>
}

export async function startRedis(options: RedisOptions = {}): Promise<TemporaryRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'storyweave-redis-'))
  const port = await freePort('127.0.0.1')
  const args = ['--dir', folder, ...(await settings(port, options))]
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true })
  let running = await start(args, folder).catch(async (error: unknown) => {
    await remove()
    throw error
  })
  if (options.cluster === 'whole') await takeAllSlots(port)
  return {
    url: `${options.tls === undefined ? 'redis' : 'rediss'}://127.0.0.1:${port}`,
    port,
    stop: () => end(running),
    restart: async () => {
      await end(running)
      running = await start(args, folder)
    },
    pause: () => running.server.kill('SIGSTOP'),
    resume: () => running.server.kill('SIGCONT'),
    close: async () => {
      await end(running)
      await remove()
    },
  }
}

async function settings(port: number, { cluster, tls, args = [] }: RedisOptions): Promise<string[]> {
  const listens =
    tls === undefined
      ? ['--port', `${port}`]
      : [
          ...['--port', '0', '--tls-port', `${port}`, '--tls-auth-clients', 'no'],
          ...[
            '--tls-cert-file',
            tls.certFile,
            '--tls-key-file',
            tls.keyFile,
            '--tls-ca-cert-file',
            tls.certFile,
          ],
        ]
  const clustered =
    cluster === undefined
      ? []
      : ['--cluster-enabled', 'yes', '--cluster-port', `${await freePort('127.0.0.1')}`]
  return [...listens, ...clustered, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', ...args]
}

interface Running {
  readonly server: ChildProcess
  readonly ended: Promise<unknown>
}

async function start(args: readonly string[], folder: string): Promise<Running> {
  const server = spawn(PROGRAM, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  watch(server, folder)
  const ended = new Promise((resolve) => {
    server.once('close', resolve)
    server.once('error', resolve)
  })
  await new Promise<void>((resolve, reject) => {
    let said = ''
    // Listening goes on afterwards: an unread pipe would stop the server.
    for (const stream of [server.stdout, server.stderr])
      stream.on('data', (chunk) => {
        said = `${said}${chunk}`.slice(-KEPT_CHARACTERS)
        if (said.includes('Ready to accept connections')) resolve()
      })
    ended.then((why) => reject(new Error(`${PROGRAM} did not start (${String(why)}): ${said}`)))
  })
  return { server, ended }
}

/** Puts the server away when this process is gone, however it went: then the watcher reads the end of its input. */
function watch(server: ChildProcess, folder: string): void {
  if (server.pid === undefined) return
  const script = 'read -r _; kill -KILL "$1"; rm -rf "$2"'
  const watcher = spawn('sh', ['-c', script, 'sh', `${server.pid}`, folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    // Ctrl-C at the terminal is not for the watcher.
    detached: true,
  })
  watcher.unref()
  // The number of a process that has ended may be given to another.
  server.once('exit', () => watcher.kill('SIGKILL'))
}

async function end({ server, ended }: Running): Promise<void> {
  server.kill('SIGKILL')
  await ended
}

/** Channels need no more; what is kept under keys can be written two seconds later. */
async function takeAllSlots(port: number): Promise<void> {
  const client = createClient({ socket: { host: '127.0.0.1', port } })
  await client.connect()
  await client.sendCommand(['CLUSTER', 'ADDSLOTSRANGE', '0', '16383'])
  client.destroy()
}

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { createClient } from '@redis/client'

/** A real Redis of its own for tests, gone with them. */

/** `npm test` says where it is; otherwise it is on the PATH. */
const PROGRAM = process.env['REDIS_SERVER'] ?? 'redis-server'

/** Longer than what it is awaited to say. */
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
  const port = await freePort()
  const args = ['--dir', folder, ...(await settings(port, options))]
  let running = await start(args)
  const stop = (): Promise<void> => end(running)
  if (options.cluster === 'whole') await takeAllSlots(port)
  return {
    url: `${options.tls === undefined ? 'redis' : 'rediss'}://127.0.0.1:${port}`,
    port,
    stop,
    restart: async () => {
      await stop()
      running = await start(args)
    },
    pause: () => running.server.kill('SIGSTOP'),
    resume: () => running.server.kill('SIGCONT'),
    close: async () => {
      await stop()
      await rm(folder, { recursive: true, force: true })
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
    cluster === undefined ? [] : ['--cluster-enabled', 'yes', '--cluster-port', `${await freePort()}`]
  return [...listens, ...clustered, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', ...args]
}

interface Running {
  readonly server: ChildProcess
  readonly watcher: ChildProcess
  readonly ended: Promise<unknown>
}

async function start(args: readonly string[]): Promise<Running> {
  const server = spawn(PROGRAM, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise((resolve) => {
    server.once('exit', resolve)
    server.once('error', resolve)
  })
  const watcher = watch(server)
  const isReady = says(server, 'Ready to accept connections')
  const failed = ended.then((why) => Promise.reject(new Error(`${PROGRAM} did not start (${String(why)})`)))
  await Promise.race([isReady, failed])
  failed.catch(() => undefined)
  return { server, watcher, ended }
}

/** Resolves when it says this. Listening goes on afterwards: an unread pipe would stop the server. */
function says({ stdout }: { readonly stdout: Readable }, words: string): Promise<void> {
  return new Promise((resolve) => {
    let said = ''
    stdout.on('data', (chunk) => {
      said = `${said}${chunk}`.slice(-KEPT_CHARACTERS)
      if (said.includes(words)) resolve()
    })
  })
}

/** Ends the server when this process is gone, however it went: then the watcher reads the end of its input. */
function watch({ pid }: ChildProcess): ChildProcess {
  const script = 'read -r _; kill -KILL "$1"'
  const watcher = spawn('sh', ['-c', script, 'sh', `${pid}`], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  watcher.unref()
  return watcher
}

async function end({ server, watcher, ended }: Running): Promise<void> {
  // First: the number of a process that has ended may be given to another.
  watcher.kill('SIGKILL')
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

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (address === null || typeof address === 'string') throw new Error('The probe has no port')
  return address.port
}

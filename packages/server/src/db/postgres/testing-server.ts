import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chown, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { freePort } from '../../config/free-port.ts'

/** A PostgreSQL of a suite's own, to be stopped, started and told whom to let in. */

/** Where the suites' common server is; from it we learn where its programs are, and as whom they run. */
const COMMON_URL = process.env['STORYWEAVE_TEST_POSTGRES_URL']

export const hasPostgres = COMMON_URL !== undefined

interface Programs {
  readonly bin: string
  readonly user: { readonly uid: number; readonly gid: number }
}

export class PostgresServer {
  readonly port: number
  readonly #home: string
  readonly #programs: Programs
  #child: ChildProcess | undefined

  private constructor(programs: Programs, home: string, port: number) {
    this.#programs = programs
    this.#home = home
    this.port = port
  }

  /** `rules` are lines of `pg_hba.conf`; the superuser `postgres` comes in by 127.0.0.1 in any case. */
  static async start(rules: readonly string[] = []): Promise<PostgresServer> {
    const programs = await findPrograms()
    const home = await mkdtemp(join(tmpdir(), 'storyweave-postgres-'))
    await mkdir(join(home, 'data'), { mode: 0o700 })
    for (const folder of [home, join(home, 'data')]) await chown(folder, programs.user.uid, programs.user.gid)
    const server = new PostgresServer(programs, home, await freePort('127.0.0.1'))
    await server.#run('initdb', ['-A', 'trust', '-U', 'postgres', '-E', 'UTF8', '--locale=C', '--no-sync'])
    const hba = ['host all postgres 127.0.0.1/32 trust', ...rules, 'host all all 127.0.0.1/32 scram-sha-256']
    await writeFile(join(home, 'data', 'pg_hba.conf'), `${hba.join('\n')}\n`)
    await server.restart()
    return server
  }

  /** Of somebody; of the superuser unless said. */
  url(database = 'postgres', user = 'postgres', host = '127.0.0.1'): string {
    return `postgres://${user}@${host}:${this.port}/${database}`
  }

  async restart(): Promise<void> {
    const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off']
    const args = ['-p', String(this.port), ...settings.flatMap((setting) => ['-c', setting])]
    const child = this.#spawn('postgres', args)
    this.#child = child
    for await (const chunk of child.stderr ?? []) if (String(chunk).includes('ready to accept')) break
    child.stderr?.resume()
  }

  /** `fast` ends every connection in order, `immediate` as a crash does. */
  async stop(how: 'fast' | 'immediate' = 'fast'): Promise<void> {
    const child = this.#child
    this.#child = undefined
    if (child === undefined) return
    const gone = once(child, 'exit')
    child.kill(how === 'fast' ? 'SIGINT' : 'SIGQUIT')
    await gone
  }

  /** It takes connections and says nothing any more, on those that are there as well. */
  pause(): Promise<void> {
    return this.#signal('SIGSTOP')
  }

  resume(): Promise<void> {
    return this.#signal('SIGCONT')
  }

  async #signal(signal: NodeJS.Signals): Promise<void> {
    const pid = this.#child?.pid
    if (pid === undefined) return
    // The first one makes the others: it is stopped before them.
    process.kill(pid, signal)
    const { stdout } = await promisify(execFile)('pgrep', ['-P', String(pid)])
    for (const child of stdout.trim().split('\n')) signalIfThere(Number(child), signal)
  }

  async remove(): Promise<void> {
    await this.stop('immediate')
    await rm(this.#home, { recursive: true, force: true })
  }

  /** As the superuser. */
  ask(statement: string, database = 'postgres'): Promise<void> {
    return ask(this.url(database), async (client) => void (await client.query(statement)))
  }

  #spawn(program: string, args: readonly string[]): ChildProcess {
    return spawn(join(this.#programs.bin, program), ['-D', join(this.#home, 'data'), ...args], {
      ...this.#programs.user,
      cwd: this.#home,
      env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
  }

  async #run(program: string, args: readonly string[]): Promise<void> {
    const child = this.#spawn(program, args)
    let said = ''
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString()
    })
    const [code] = await once(child, 'close')
    if (code !== 0) throw new Error(`${program} ended with exit code ${code}:\n${said}`)
  }
}

/** Whoever serves a connection may have ended since it was asked who there is. */
function signalIfThere(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

async function findPrograms(): Promise<Programs> {
  if (COMMON_URL === undefined) throw new Error('STORYWEAVE_TEST_POSTGRES_URL is not set')
  return ask(COMMON_URL, async (client) => {
    const { rows } = await client.query<{ bin: string; data: string }>(
      "select setting as bin, current_setting('data_directory') as data from pg_config where name = 'BINDIR'",
    )
    const { bin = '', data = '' } = rows[0] ?? {}
    const { uid, gid } = await stat(data)
    return { bin, user: { uid, gid } }
  })
}

async function ask<T>(url: string, task: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await task(client)
  } finally {
    await client.end()
  }
}

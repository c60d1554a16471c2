import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { House } from './house.ts'

/** The server as people run it: a process of its own, on a free port, with a folder of its own. */

const COMMAND = fileURLToPath(import.meta.resolve('@storyweave/server/cli/storyweave.ts'))
/** The server's modules are compiled once for all servers of a run, not once for each. */
const COMPILED = join(tmpdir(), 'storyweave-compiled')
const SETUP_LINK = /http\S+\/setup#\S+/
const ADDRESS = /^StoryWeave is at (\S+)$/

export class ServerProcess implements House {
  readonly dataDir: string
  readonly #environment: Readonly<Record<string, string>>
  #child: ChildProcess | undefined
  #address = ''
  #errors = ''
  #setupLink: string | undefined

  private constructor(dataDir: string, environment: Readonly<Record<string, string>>) {
    this.dataDir = dataDir
    this.#environment = environment
  }

  /** Starts a server on an empty house. */
  static async start(environment: Readonly<Record<string, string>> = {}): Promise<ServerProcess> {
    const dataDir = await mkdtemp(join(tmpdir(), 'storyweave-e2e-'))
    const server = new ServerProcess(dataDir, environment)
    await server.start()
    return server
  }

  /** `http://localhost:…`, without a slash at its end. */
  get address(): string {
    return this.#address
  }

  /** The same with `ws:`. */
  get socketAddress(): string {
    return this.#address.replace(/^http/, 'ws')
  }

  /** Past a load balancer. */
  get nodeAddress(): string {
    return `http://127.0.0.1:${this.#environment['PORT'] ?? new URL(this.#address).port}`
  }

  get commandEnvironment(): Readonly<Record<string, string>> {
    return { DATA_DIR: this.dataDir, ...this.#environment }
  }

  /** Of a house that had no owner at its start. */
  get setupLink(): string | undefined {
    return this.#setupLink
  }

  get pid(): number {
    const pid = this.#child?.pid
    if (pid === undefined) throw new Error('The server is not running.')
    return pid
  }

  /** What the server has written to standard error so far. */
  get errors(): string {
    return this.#errors
  }

  /** Starts it (again) on the same folder and, from the second time on, on the same port. */
  async start(): Promise<void> {
    const port = this.#address === '' ? '0' : new URL(this.#address).port
    const child = spawn(process.execPath, [COMMAND, 'serve'], {
      env: {
        PATH: process.env['PATH'],
        PORT: port,
        DATA_DIR: this.dataDir,
        NODE_COMPILE_CACHE: COMPILED,
        ...this.#environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#child = child
    child.stderr?.on('data', (chunk: Buffer) => {
      this.#errors += chunk.toString()
    })
    this.#address = await this.#readAddress(child)
  }

  async #readAddress(child: ChildProcess): Promise<string> {
    if (child.stdout === null) throw new Error('The server has no standard output.')
    for await (const line of createInterface({ input: child.stdout })) {
      this.#setupLink = SETUP_LINK.exec(line)?.[0] ?? this.#setupLink
      const address = ADDRESS.exec(line)?.[1]
      if (address !== undefined) {
        child.stdout.resume()
        return address
      }
    }
    throw new Error(`The server ended before it was ready:\n${this.#errors}`)
  }

  /** Ends the process without a warning, as a power cut does. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL')
  }

  /** Ends it as an operator does. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM')
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child
    this.#child = undefined
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill(signal)
    await gone
  }

  /** Stops it and removes its folder. */
  async remove(): Promise<void> {
    await this.kill()
    await rm(this.dataDir, { recursive: true, force: true })
  }
}

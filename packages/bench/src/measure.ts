import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { Child } from './child.ts'
import type { Report, Workload } from './workload.ts'

const LOAD = fileURLToPath(new URL('./load.ts', import.meta.url))

/** What one server did under the load. */
export interface Measurement {
  readonly server: string
  readonly sent: number
  readonly acknowledged: number
  readonly delivered: number
  /** CPU time of the server's processes for each update, user and system, in microseconds. */
  readonly cpuPerUpdateUs: number
  readonly p50Ms: number
  readonly p99Ms: number
}

export interface Measured {
  readonly server: string
  /** The server's processes. */
  readonly children: readonly Child[]
}

/** A load on a server, borne in windows that are measured one by one. */
export class Load {
  readonly #measured: Measured
  readonly #generator: ChildProcessByStdio<Writable, Readable, null>
  readonly #reports: AsyncIterator<string>

  private constructor(measured: Measured) {
    this.#measured = measured
    this.#generator = spawn(process.execPath, [LOAD], { stdio: ['pipe', 'pipe', 'inherit'] })
    this.#reports = createInterface({ input: this.#generator.stdout })[Symbol.asyncIterator]()
  }

  /** Resolves when all rooms are open and have been written in for a while. */
  static async begin(measured: Measured, workload: Workload): Promise<Load> {
    const load = new Load(measured)
    await load.#next(JSON.stringify(workload))
    return load
  }

  /** One window. */
  async measure(): Promise<Measurement> {
    const before = await this.#cpuMs()
    const report = await this.#next('window')
    const cpuMs = (await this.#cpuMs()) - before
    if (report.phase === 'warm') throw new Error('The load generator began anew.')
    const { sent, acknowledged, delivered, p50, p99 } = report
    const cpuPerUpdateUs = (cpuMs * 1_000) / sent
    const { server } = this.#measured
    return { server, sent, acknowledged, delivered, cpuPerUpdateUs, p50Ms: p50, p99Ms: p99 }
  }

  end(): void {
    this.#generator.stdin.end()
  }

  async #next(line: string): Promise<Report> {
    this.#generator.stdin.write(`${line}\n`)
    const { value, done } = await this.#reports.next()
    if (done === true) throw new Error(`The load on ${this.#measured.server} ended before it was measured.`)
    return JSON.parse(value) as Report
  }

  async #cpuMs(): Promise<number> {
    const times = await Promise.all(this.#measured.children.map((child) => child.cpuMs()))
    return times.reduce((sum, ms) => sum + ms, 0)
  }
}

import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
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

/** `children`: the server's processes. */
export async function measure(
  server: string,
  children: readonly Child[],
  workload: Workload,
): Promise<Measurement> {
  const load = spawn(process.execPath, [LOAD], { stdio: ['pipe', 'pipe', 'inherit'] })
  load.stdin.end(JSON.stringify(workload))
  const cpuSoFar = async () => {
    const times = await Promise.all(children.map((child) => child.cpuMs()))
    return times.reduce((sum, ms) => sum + ms, 0)
  }
  let before = 0
  for await (const line of createInterface({ input: load.stdout })) {
    const report = JSON.parse(line) as Report
    if (report.phase === 'warm') before = await cpuSoFar()
    else {
      const cpuMs = (await cpuSoFar()) - before
      const { sent, acknowledged, delivered, p50, p99 } = report
      const cpuPerUpdateUs = (cpuMs * 1_000) / sent
      return { server, sent, acknowledged, delivered, cpuPerUpdateUs, p50Ms: p50, p99Ms: p99 }
    }
  }
  throw new Error(`The load on ${server} ended before it was measured.`)
}

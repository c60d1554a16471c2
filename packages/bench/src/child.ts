import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'

/** The clock in which Linux counts a process's CPU time. */
const TICKS_PER_SECOND = 100

/** A server in a process of its own. */
export class Child {
  readonly #process: ChildProcess

  private constructor(process: ChildProcess) {
    this.#process = process
  }

  /** Starts a script and waits for the line that says it is ready; gives what the pattern's group has caught. */
  static async start(
    args: readonly string[],
    ready: RegExp,
    environment: Readonly<Record<string, string>> = {},
  ): Promise<{ child: Child; caught: string }> {
    const env = { PATH: process.env['PATH'], ...environment }
    const started = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] })
    for await (const line of createInterface({ input: started.stdout })) {
      const caught = ready.exec(line)?.[1]
      if (caught === undefined) continue
      started.stdout.resume()
      return { child: new Child(started), caught }
    }
    throw new Error(`${args.join(' ')} ended before it was ready.`)
  }

  /** CPU time of all its threads so far, user and system, in milliseconds. Linux only. */
  async cpuMs(): Promise<number> {
    const stat = await readFile(`/proc/${this.#process.pid}/stat`, 'utf8')
    // The second field is a name in brackets, which may hold anything; the 14th and 15th are the times.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return ((Number(fields[11]) + Number(fields[12])) * 1_000) / TICKS_PER_SECOND
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return
    const gone = once(this.#process, 'exit')
    this.#process.kill('SIGTERM')
    await gone
  }
}

import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** The command as people run it, in a process of its own. */

const COMMAND = fileURLToPath(new URL('./storyweave.ts', import.meta.url))
/** Modules are compiled once for all processes of a run. */
const COMPILED = join(tmpdir(), 'storyweave-compiled')
const run = promisify(execFile)

type Environment = Readonly<Record<string, string>>

export interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

const environmentOf = (environment: Environment) => ({
  ...{ PATH: process.env['PATH'], NODE_COMPILE_CACHE: COMPILED },
  ...environment,
})

/** Runs a command to its end. */
export async function storyweave(command: readonly string[], environment: Environment): Promise<Outcome> {
  try {
    const env = environmentOf(environment)
    return { code: 0, ...(await run(process.execPath, [COMMAND, ...command], { env })) }
  } catch (error) {
    return error as Outcome
  }
}

/** A server on a port and with a folder of its own. */
export interface Serving {
  readonly address: string
  readonly stdout: readonly string[]
  /** All that it has written to standard error. */
  stderr(): string
  /** As an operator ends it. @returns its exit code. */
  stop(): Promise<number | null>
}

/** Serves, once it says so. @throws Error with what it said where it did not come up. */
export async function serve(environment: Environment): Promise<Serving> {
  const dataDir = await mkdtemp(join(tmpdir(), 'storyweave-serve-'))
  const env = environmentOf({ PORT: '0', DATA_DIR: dataDir, ...environment })
  const child = spawn(process.execPath, [COMMAND, 'serve'], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let stderr = ''
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
  })
  const stop = async () => {
    const code = await end(child)
    await rm(dataDir, { recursive: true, force: true })
    return code
  }
  const stdout: string[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    stdout.push(line)
    const address = /^StoryWeave is at (\S+)$/.exec(line)?.[1]
    if (address === undefined) continue
    child.stdout.resume()
    return { address, stdout, stderr: () => stderr, stop }
  }
  await stop()
  throw new Error(`The server ended before it was ready:\n${stderr}`)
}

async function end(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  await gone
  return child.exitCode
}

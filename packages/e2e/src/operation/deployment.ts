import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What an operator is given: the files of `deploy/`, and the servers as those start them. */

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url))
export const PASSWORD = 'of-the-bus'

export const fileOf = (path: string): string => join(ROOT, path)
export const textOf = (path: string): Promise<string> => readFile(fileOf(path), 'utf8')

/** Redis as `deploy/valkey.sh` starts Valkey: with one user, who may do what the bus needs and nothing else. */
export async function startBus(port: number): Promise<ChildProcess> {
  const args = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', tmpdir()]
  const server = spawn('sh', [fileOf('deploy/valkey.sh'), ...args], {
    env: {
      PATH: process.env['PATH'],
      VALKEY_SERVER: process.env['REDIS_SERVER'] ?? 'redis-server',
      VALKEY_PASSWORD: PASSWORD,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  for await (const chunk of server.stdout) {
    said += String(chunk)
    if (said.includes('Ready to accept connections')) break
  }
  if (!said.includes('Ready to accept connections')) throw new Error(`It did not start: ${said}`)
  return server
}

export async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  const gone = once(server, 'exit')
  server.kill('SIGKILL')
  await gone
}

/** What a node says of itself: each sample by its name and labels, and the names of what is measured. */
export interface Metrics {
  readonly samples: ReadonlyMap<string, number>
  readonly names: ReadonlySet<string>
}

export async function metricsOf(address: string): Promise<Metrics> {
  const text = await (await fetch(`${address}/metrics`)).text()
  const lines = text.split('\n')
  const samples = lines
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const end = line.lastIndexOf(' ')
      return [line.slice(0, end), Number(line.slice(end + 1))] as const
    })
  const types = lines.flatMap((line) => /^# TYPE (\S+) (\S+)/.exec(line)?.slice(1) ?? [])
  const names = new Set<string>()
  for (let index = 0; index < types.length; index += 2) {
    const name = types[index] ?? ''
    for (const suffix of types[index + 1] === 'histogram' ? ['_bucket', '_sum', '_count'] : [''])
      names.add(`${name}${suffix}`)
  }
  return { samples: new Map(samples), names }
}

/** The metrics that dashboard or alarms speak of. */
export const namesIn = (text: string): ReadonlySet<string> =>
  new Set(text.match(/\b(?:storyweave|nodejs|process)_[a-z0-9_]+/g))

import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'

/** Modules are compiled once for all processes of a run. */
const COMPILED = join(tmpdir(), 'storyweave-compiled')
const COMMAND = fileURLToPath(new URL('./storyweave.ts', import.meta.url))
/** A start that is refused is over in a few seconds; on a busy machine in more. One that hangs is ended after this. */
const ENDS_WITHIN_MS = 90_000
const timeout = 2 * ENDS_WITHIN_MS

let folder: string
let other: Server

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'storyweave-port-'))
  other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
})
afterEach(async () => {
  other.close()
  await rm(folder, { recursive: true, force: true })
})

/** How `storyweave serve` ends by itself; `code` is null where it had to be killed. */
function serveTo(environment: Readonly<Record<string, string>>) {
  const inherited = { PATH: process.env['PATH'], NODE_COMPILE_CACHE: COMPILED }
  const env = { ...inherited, DATA_DIR: folder, LOG_LEVEL: 'warn', ...environment }
  const options = { env, timeout: ENDS_WITHIN_MS, killSignal: 'SIGKILL' } as const
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    const child = execFile(process.execPath, [COMMAND, 'serve'], options, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode, stdout, stderr }),
    )
  })
}

test('start: a port that another program has ends the server, with one sentence', { timeout }, async () => {
  const { port } = other.address() as AddressInfo
  expect(await serveTo({ HOST: '127.0.0.1', PORT: String(port) })).toEqual({
    code: 1,
    stdout: '',
    stderr: `Port ${port} of 127.0.0.1 is taken by another program: stop that one, or set PORT to another number\n`,
  })
})

test.each(['0', '8080'])(
  'start: an address that this machine does not have ends the server, at port %s',
  { timeout },
  async (PORT) => {
    // Of a network that is kept for examples.
    const said = await serveTo({ HOST: '192.0.2.1', PORT, PUBLIC_URL: 'https://write.example' })
    expect(said).toEqual({
      code: 1,
      stdout: '',
      stderr: `There is no address 192.0.2.1 on this machine for port ${PORT} to be listened on: set HOST to one that it has, or to 0.0.0.0 for all of them\n`,
    })
  },
)

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import { hireJanitor } from './janitor.mjs'

const JANITOR = pathToFileURL(join(dirname(fileURLToPath(import.meta.url)), 'janitor.mjs')).href

/** Lives until it is told otherwise. */
const SERVER = ['-e', 'setInterval(() => {}, 1000); console.log("up")']

/** Hires a janitor for a server of its own, prints the folder, and stays. */
const MASTER = `
  import { spawn } from 'node:child_process'
  import { hireJanitor } from '${JANITOR}'
  const janitor = hireJanitor()
  const server = spawn('sleep', ['1000'], { stdio: 'inherit' })
  janitor.adopt(server.pid, 'SIGTERM')
  console.log(janitor.folder)
`

it('ends its processes and removes its folder, in good order', async () => {
  const janitor = hireJanitor()
  const server = spawn(process.execPath, SERVER, { stdio: ['ignore', 'pipe', 'inherit'] })
  janitor.adopt(server.pid, 'SIGTERM')
  await once(server.stdout, 'data')
  const ended = once(server, 'exit')
  await janitor.cleanUp()
  expect(await ended).toEqual([null, 'SIGTERM'])
  expect(existsSync(janitor.folder)).toBe(false)
})

it.skipIf(!existsSync('/proc/self/environ'))(
  'ends what nobody has handed over and works in its folder',
  async () => {
    const janitor = hireJanitor()
    const env = { ...process.env, DATA_DIR: join(janitor.folder, 'a-house') }
    const stray = spawn(process.execPath, SERVER, { stdio: ['ignore', 'pipe', 'inherit'], env })
    await once(stray.stdout, 'data')
    const ended = once(stray, 'exit')
    await janitor.cleanUp()
    expect(await ended).toEqual([null, 'SIGKILL'])
  },
)

it('passes over a process that has gone already', async () => {
  const janitor = hireJanitor()
  const server = spawn(process.execPath, ['-e', ''])
  janitor.adopt(server.pid, 'SIGTERM')
  await once(server, 'exit')
  await janitor.cleanUp()
  expect(existsSync(janitor.folder)).toBe(false)
})

it.each(['SIGKILL', 'SIGTERM', 'SIGINT'])('does the same when its master is ended by %s', async (signal) => {
  const master = spawn(process.execPath, ['--input-type=module', '-e', MASTER], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  // Server and janitor hold an end of these pipes: each closes when all its holders have ended.
  const serverEnded = once(master.stdout, 'close')
  const janitorEnded = once(master.stderr.resume(), 'close')
  const [folder] = await once(createInterface({ input: master.stdout }), 'line')
  expect(existsSync(folder)).toBe(true)
  master.kill(signal)
  await Promise.all([serverEnded, janitorEnded])
  expect(existsSync(folder)).toBe(false)
})

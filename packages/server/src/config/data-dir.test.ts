import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ConfigError } from './config-error.ts'
import { type DataDir, openDataDir } from './data-dir.ts'

const HOLDER = { pid: process.pid, address: 'http://localhost:8080', since: Date.UTC(2026, 10, 23, 8) }

let home: string
let opened: DataDir[]
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'storyweave-data-'))
  opened = []
})
afterEach(async () => {
  await Promise.all(opened.map((dir) => dir.release()))
  await rm(home, { recursive: true })
})

async function open(path: string, holder = HOLDER): Promise<DataDir> {
  const dir = await openDataDir(path, holder, randomBytes)
  opened.push(dir)
  return dir
}

const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8)

test('data: the folder is made, with a secret, for its owner alone', async () => {
  const dir = await open(join(home, 'deep', 'data'))
  expect(dir.secret).toMatch(/^[\w-]{43}$/)
  expect(dir.databaseFile).toBe(join(dir.path, 'storyweave.sqlite'))
  expect(await readFile(join(dir.path, 'secret'), 'utf8')).toBe(`${dir.secret}\n`)
  if (process.platform === 'win32') return
  expect(await modeOf(dir.path)).toBe('700')
  expect(await modeOf(join(dir.path, 'secret'))).toBe('600')
})

test('data: the secret stays the same from start to start, and is made private again', async () => {
  const { secret, release } = await open(home)
  await release()
  await chmod(join(home, 'secret'), 0o644)
  expect((await open(home)).secret).toBe(secret)
  if (process.platform !== 'win32') expect(await modeOf(join(home, 'secret'))).toBe('600')
})

test('data: a damaged secret is not silently replaced, and the folder is given back', async () => {
  await writeFile(join(home, 'secret'), 'short\n')
  await expect(open(home)).rejects.toThrow('is damaged')
  await rm(join(home, 'secret'))
  await open(home)
})

test('data: a second server learns who holds the folder, and gets it when that one ends', async () => {
  const first = await open(home)
  const second = open(home, { ...HOLDER, pid: 1 })
  await expect(second).rejects.toBeInstanceOf(ConfigError)
  await expect(second).rejects.toThrow(
    `held by the server at http://localhost:8080 (process ${process.pid}, since 2026-11-23T08:00:00.000Z)`,
  )
  await expect(second).rejects.not.toThrow(first.secret)
  await first.release()
  await open(home)
})

test('data: of ten that start at once one gets the folder', async () => {
  const attempts = await Promise.allSettled(Array.from({ length: 10 }, () => open(home)))
  expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
})

test('data: a killed process leaves no lock behind', async () => {
  const script = `
    const { openDataDir } = await import(${JSON.stringify(new URL('./data-dir.ts', import.meta.url).href)})
    await openDataDir(${JSON.stringify(home)}, { pid: process.pid, address: 'http://localhost:9', since: 0 }, (n) => new Uint8Array(n))
    process.stdout.write('held')
    setInterval(() => undefined, 1000)`
  const other = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(other.stdout, 'data')
  await expect(open(home)).rejects.toThrow(`http://localhost:9 (process ${other.pid},`)
  other.kill('SIGKILL')
  await once(other, 'exit')
  await open(home)
})

test('data: a folder that can not be made is a setting to change', async () => {
  await writeFile(join(home, 'file'), '')
  await expect(open(join(home, 'file', 'data'))).rejects.toThrow(/DATA_DIR .* can't be used/)
})

import { execFile } from 'node:child_process'
import { chmod, cp, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Person } from '../support/person.ts'
import { ServerProcess } from '../support/server-process.ts'
import { Wire } from '../support/wire.ts'

const COMMAND = fileURLToPath(import.meta.resolve('@storyweave/server/cli/storyweave.ts'))
const run = promisify(execFile)

let server: ServerProcess
let ann: Person

beforeAll(async () => {
  server = await ServerProcess.start()
  ann = await Person.signUp(server.address, 'Ann')
})
afterAll(() => server.remove())

interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** The command line, beside the running server. */
async function storyweave(...args: string[]): Promise<Outcome> {
  const env = { PATH: process.env['PATH'], DATA_DIR: server.dataDir }
  try {
    return { code: 0, ...(await run(process.execPath, [COMMAND, ...args], { env })) }
  } catch (error) {
    return error as Outcome
  }
}

const ask = (path: string, token: string, body: object) =>
  fetch(`${server.address}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  })

test('host-token: made, listed and revoked by the command line', async () => {
  const made = await storyweave('token', 'create', '--name', 'Our wiki')
  const token = made.stdout.trim()
  expect(token).toMatch(/^swh_[\w-]{43}$/)
  const person = { iss: 'https://wiki.example', sub: '7', name: 'Wilma' }
  const answer = await ask('/collaboration/host/people', token, person)
  expect(answer.status).toBe(200)
  const list = await storyweave('token', 'list')
  expect(list.stdout).toMatch(/^1\tOur wiki\t.*\tholds\n$/)
  expect(list.stdout).not.toContain(token)
  expect(await storyweave('token', 'revoke', '1')).toMatchObject({ code: 0 })
  expect((await ask('/collaboration/host/people', token, person)).status).toBe(401)
  expect(await storyweave('token', 'revoke', '1')).toMatchObject({ code: 1, stdout: '' })
  expect((await storyweave('token', 'revoke', 'x')).stderr).toContain('by its number')
  expect((await storyweave('token', 'create', '--name', ' ')).stderr).toContain('--name')
  expect((await storyweave('user', 'list')).stdout).toContain('Wilma\tof another issuer')
})

test('known-address: an account that the house made is known by its address, and signs in with its password', async () => {
  const made = await storyweave('user', 'add', '--email', 'Ben@Example.com', '--name', 'Ben')
  const password = made.stdout.trim()
  expect(password).toMatch(/^[a-z2-9]{20}$/)
  expect(made.stderr).toContain('ben@example.com')
  const story = await ann.newStory('Shared')
  await ann.call('POST', `/collaboration/stories/${story.id}/share`, {
    email: 'ben@example.com',
    role: 'viewer',
  })
  const signedIn = await ask('/api/auth/sign-in/email', '', { email: 'ben@example.com', password })
  expect(signedIn.status).toBe(200)
  const { token } = (await signedIn.json()) as { token: string }
  const headers = { authorization: `Bearer ${token}` }
  const seen = await fetch(`${server.address}/api/stories/${story.id}`, { headers })
  expect(await seen.json()).toMatchObject({ title: 'Shared', role: 'viewer' })
})

test('user add: what is wrong is said without a stack, and nobody is made', async () => {
  const before = (await storyweave('user', 'list')).stdout
  for (const [email, name, complaint] of [
    ['ann@example.com', 'Ann', 'already is an account'],
    ['nobody', 'Ann', 'no e-mail address'],
    ['x@y.invalid', 'Ann', 'no e-mail address'],
    ['new@example.com', ' ', '--name'],
  ] as const) {
    const { code, stdout, stderr } = await storyweave('user', 'add', '--email', email, '--name', name)
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toContain(complaint)
    expect(stderr).not.toContain('    at ')
  }
  expect((await storyweave('user', 'list')).stdout).toBe(before)
})

test('user password: the new one signs in, the old one and open sessions do not', async () => {
  const { stdout } = await storyweave('user', 'add', '--email', 'cleo@example.com', '--name', 'Cleo')
  const signIn = (password: string) =>
    ask('/api/auth/sign-in/email', '', { email: 'cleo@example.com', password })
  const { token } = (await (await signIn(stdout.trim())).json()) as { token: string }
  const me = () => fetch(`${server.address}/api/me`, { headers: { authorization: `Bearer ${token}` } })
  expect((await me()).status).toBe(200)
  const { ticket } = (await (await ask('/collaboration/ticket', token, {})).json()) as { ticket: string }
  const story = await ann.newStory('Looked at')
  await ann.call('POST', `/collaboration/stories/${story.id}/share`, {
    ...{ email: 'cleo@example.com', role: 'editor' },
  })
  const wire = await Wire.openAt(
    `${server.socketAddress}/collaboration/ws/story/${story.id}?ticket=${ticket}`,
  )
  const renewed = await storyweave('user', 'password', 'Cleo@example.com')
  expect(renewed).toMatchObject({ code: 0, stderr: expect.stringContaining('signed out everywhere') })
  expect([await wire.whenClosed(), (await me()).status]).toEqual([4401, 401])
  expect((await signIn(stdout.trim())).status).toBe(401)
  expect((await signIn(renewed.stdout.trim())).status).toBe(200)
  expect(await storyweave('user', 'password', 'who@example.com')).toMatchObject({
    ...{ code: 1, stdout: '', stderr: expect.stringContaining('no account') },
  })
})

test('backup: one file, made while the server writes, from which a house starts', async () => {
  const story = await ann.newStory('Kept twice')
  const folder = await mkdtemp(join(tmpdir(), 'storyweave-backup-'))
  const file = join(folder, 'storyweave.sqlite')
  const [made] = await Promise.all([storyweave('backup', file), ann.newStory('Meanwhile')])
  expect(made).toMatchObject({ code: 0, stdout: expect.stringContaining(file) })
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect(await storyweave('backup', file)).toMatchObject({
    ...{ code: 1, stdout: '', stderr: expect.stringContaining('there already') },
  })
  await cp(join(server.dataDir, 'secret'), join(folder, 'secret'))
  await chmod(folder, 0o700)
  const restored = await ServerProcess.start({ DATA_DIR: folder })
  const seen = await fetch(`${restored.address}/api/stories/${story.id}`, {
    headers: { authorization: `Bearer ${ann.token}` },
  })
  expect(await seen.json()).toMatchObject({ title: 'Kept twice' })
  await restored.remove()
  await rm(folder, { recursive: true })
})

import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Beat, Scene } from '@storyweave/protocol'
import {
  makePostgresDatabase,
  type PostgresDatabase,
} from '@storyweave/server/db/postgres/testing-database.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Person, passwordOf } from '../support/person.ts'
import { ServerProcess } from '../support/server-process.ts'

const COMMAND = fileURLToPath(import.meta.resolve('@storyweave/server/cli/storyweave.ts'))
const run = promisify(execFile)

const POSTGRES_URL = process.env['STORYWEAVE_TEST_POSTGRES_URL']
const hasPostgres = POSTGRES_URL !== undefined
const why = hasPostgres ? '' : ' (skipped: STORYWEAVE_TEST_POSTGRES_URL is not set)'

interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

describe.skipIf(!hasPostgres)(`a house moves from SQLite to PostgreSQL and back${why}`, () => {
  let database: PostgresDatabase
  let url: string
  let old: ServerProcess
  const servers: ServerProcess[] = []

  beforeAll(async () => {
    database = await makePostgresDatabase(POSTGRES_URL ?? '')
    url = database.url
    old = await start()
  })
  afterAll(async () => {
    for (const server of servers) await server.remove()
    await database.remove()
  })

  async function start(environment: Record<string, string> = {}): Promise<ServerProcess> {
    const server = await ServerProcess.start(environment)
    servers.push(server)
    return server
  }

  async function copy(args: string[], environment: Record<string, string> = {}): Promise<Outcome> {
    const env = { PATH: process.env['PATH'], ...environment }
    try {
      return { code: 0, ...(await run(process.execPath, [COMMAND, 'copy', ...args], { env })) }
    } catch (error) {
      return error as Outcome
    }
  }

  /** As somebody sees it who is signed in since before the house moved; a projection that is made anew is no change. */
  async function at(server: ServerProcess, { token }: Person, path: string): Promise<unknown> {
    const answer = await fetch(`${server.address}${path}`, { headers: { authorization: `Bearer ${token}` } })
    if (!answer.ok) return answer.status
    return JSON.parse(await answer.text(), (key, value: unknown) =>
      key === 'updated_at' ? undefined : value,
    )
  }

  test('copy: people, stories, words and sessions are there after it, and ids go on', {
    timeout: 300_000,
  }, async () => {
    const ann = await Person.signUp(old.address, 'Ann')
    const story = await ann.newStory('Lighthouse')
    const [beat] = await ann.beatsOf(story.id)
    const scene = await ann.call<Scene>('POST', `/api/beats/${beat?.id}/scenes`, {
      text: 'Rain, and *no* ship.',
    })
    const last = await ann.call<Beat>('POST', `/api/stories/${story.id}/beats`, { title: 'Cut' })
    const paths = [
      '/api/me',
      `/api/stories/${story.id}`,
      `/api/scenes/${scene.id}`,
      `/api/stories/${story.id}/beats`,
    ]
    const before = await Promise.all(paths.map((path) => at(old, ann, path)))

    const from = `sqlite:${old.dataDir}`
    const busy = await copy(['--from', from, '--to', url])
    expect([busy.code, busy.stdout]).toEqual([1, ''])
    expect(busy.stderr).toMatch(/^The folder is in use, .* held by the server at http.*\n$/)

    await old.stop()
    const moved = await copy([], { DATA_DIR: old.dataDir, DATABASE_URL: url })
    expect([moved.code, moved.stderr]).toEqual([0, ''])
    expect(moved.stdout).toMatch(/^users +\d+ {2}[0-9a-f]{64}$/m)
    expect(moved.stdout).toMatch(/^\d+ tables with [\d,]+ rows are in postgres:\/\//m)
    expect(moved.stdout).toContain(`what stands in ${join(old.dataDir, 'secret')}`)
    const secret = (await readFile(join(old.dataDir, 'secret'), 'utf8')).trim()
    expect(moved.stdout).not.toContain(secret)

    const house = { DATABASE_URL: url, AUTH_SECRET: secret, MIGRATE: 'never' }
    const node = await start(house)
    expect(await Promise.all(paths.map((path) => at(node, ann, path)))).toEqual(before)
    const signedIn = await fetch(`${node.address}/api/auth/sign-in/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: node.address },
      body: JSON.stringify({ email: 'ann@example.com', password: passwordOf('Ann') }),
    })
    expect(signedIn.status).toBe(200)
    const ben = await Person.signUp(node.address, 'Ben')
    expect(ben.me.user_id).toBe(ann.me.user_id + 1)
    expect((await ben.beatsOf((await ben.newStory('Next')).id))[0]?.id).toBeGreaterThan(last.id)

    const twice = await copy(['--from', from, '--to', url])
    expect([twice.code, twice.stderr]).toEqual([
      1,
      expect.stringMatching(/^The database to copy to is not empty/),
    ])
    expect(await at(node, ben, '/api/me')).toMatchObject({ name: 'Ben' })

    const back = join(old.dataDir, 'back')
    const used = await copy(['--from', url, '--to', `sqlite:${back}`])
    expect([used.code, used.stderr]).toEqual([
      1,
      expect.stringMatching(/ is in use .* stop every node first/),
    ])
    expect(existsSync(back)).toBe(false)
    await node.stop()
    expect(await copy(['--from', url, '--to', `sqlite:${back}`])).toMatchObject({ code: 0, stderr: '' })
    const again = await start({ DATA_DIR: back, AUTH_SECRET: secret })
    expect(await at(again, ann, `/api/scenes/${scene.id}`)).toEqual(before[2])
    expect(await at(again, ben, '/api/me')).toMatchObject({ name: 'Ben' })
  })

  test('copy: what is no place is told', async () => {
    expect((await copy(['--to', 'mysql://x'])).stderr).toMatch(/^--to must be sqlite:FOLDER or postgres:/)
    expect((await copy([])).stderr).toMatch(/^Say where to: --to postgres:/)
    expect((await copy(['--from', 'sqlite:/nowhere', '--to', url])).stderr).toBe(
      'There is no storyweave.sqlite in /nowhere\n',
    )
    expect(
      (await copy(['--from', 'sqlite:/nowhere', '--to', 'postgres://a:geheim@:x/'])).stderr,
    ).not.toContain('geheim')
  })
})

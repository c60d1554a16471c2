import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startRedis, type TemporaryRedis } from '../cluster/testing.ts'
import { hasPostgres, PostgresServer } from '../db/postgres/testing-server.ts'
import { type Serving, serve, storyweave } from './testing.ts'

const why = hasPostgres ? '' : ' (skipped: STORYWEAVE_TEST_POSTGRES_URL is not set)'
const SECRET = 'the secret of every node of a house'
const ANOTHER = 'another secret that is as long as it'
/** A process has to start: on a busy machine that takes its time. */
const timeout = 300_000

describe.skipIf(!hasPostgres)(`a node that can’t start as it was told${why}`, () => {
  let postgres: PostgresServer
  let redis: TemporaryRedis
  let lockedRedis: TemporaryRedis
  let folder: string
  const served: Serving[] = []

  beforeAll(async () => {
    postgres = await PostgresServer.start()
    await postgres.ask("create role alice login password 'right'")
    await postgres.ask('create database house')
    redis = await startRedis()
    lockedRedis = await startRedis({ args: ['--requirepass', 'geheim'] })
    folder = await mkdtemp(join(tmpdir(), 'storyweave-refused-'))
  }, timeout)
  afterAll(async () => {
    await Promise.all(served.map((one) => one.stop()))
    await Promise.all([redis.close(), lockedRedis.close(), postgres.remove()])
    await rm(folder, { recursive: true, force: true })
  })

  const environment = (changes: Record<string, string> = {}) => ({
    ...{ DATABASE_URL: postgres.url('house'), REDIS_URL: redis.url, AUTH_SECRET: SECRET },
    ...{ DATABASE_CONNECTIONS: '2', PORT: '0', DATA_DIR: folder, ...changes },
  })

  /** The one sentence that a start ends with. */
  async function refusal(changes: Record<string, string>): Promise<string> {
    const { code, stdout, stderr } = await storyweave(['serve'], environment(changes))
    expect(stdout).toBe('')
    expect(stderr).not.toMatch(/geheim|\n {4}at |Error:/)
    expect(code).toBe(1)
    return stderr
  }

  it('start: nothing at the address of Redis', { timeout }, async () => {
    const said = await refusal({ REDIS_URL: 'redis://127.0.0.1:1' })
    expect(said).toMatch(/^Redis at 127\.0\.0\.1:1 .*ECONNREFUSED.*\n$/)
  })

  it('start: a Redis that wants a password, or another one', { timeout }, async () => {
    const at = `127.0.0.1:${lockedRedis.port}`
    expect(await refusal({ REDIS_URL: `redis://${at}` })).toMatch(/^Redis at \S+ wants a password: .*\n$/)
    expect(await refusal({ REDIS_URL: `redis://:geheim2@${at}` })).toMatch(
      /^Redis at \S+ does not let "default" in: check user and password in the Redis address\n$/,
    )
  })

  it('start: a wrong password for PostgreSQL', { timeout }, async () => {
    const said = await refusal({ DATABASE_URL: postgres.url('house', 'alice:geheim') })
    expect(said).toMatch(/^\S.* does not let "alice" in: check user and password.*\n$/)
  })

  it('start: a port that another program has, where a node has met the others already', {
    timeout,
  }, async () => {
    const { port } = lockedRedis
    expect(await refusal({ HOST: '127.0.0.1', PORT: String(port) })).toBe(
      `Port ${port} of 127.0.0.1 is taken by another program: stop that one, or set PORT to another number\n`,
    )
  })

  it('start: every node needs the AUTH_SECRET of the others, and it is changed on purpose alone', {
    timeout,
  }, async () => {
    const serveWith = async (secret: string): Promise<Serving> => {
      const serving = await serve({ ...environment({ AUTH_SECRET: secret }), DATA_DIR: join(folder, secret) })
      served.push(serving)
      return serving
    }
    const change = (secret: string) =>
      storyweave(['secret', '--changed'], environment({ AUTH_SECRET: secret }))
    const first = await serveWith(SECRET)
    const said = await refusal({ AUTH_SECRET: ANOTHER })
    expect(said).toMatch(
      /^These settings have to change .*\n {2}AUTH_SECRET is not the one that this house has: every node needs the same\. .* run "storyweave secret --changed" with the new one\n$/,
    )
    expect(said).not.toContain(ANOTHER)
    expect(await change(ANOTHER)).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^The house is served .*: stop every node first\.\n$/),
    })
    await first.stop()
    expect(await storyweave(['secret'], environment())).toMatchObject({ code: 1 })
    expect(await change(ANOTHER)).toMatchObject({ code: 0, stderr: '' })
    expect(await refusal({})).toContain('AUTH_SECRET is not the one')
    const second = await serveWith(ANOTHER)
    expect(second.stderr()).toBe('')
  })
})

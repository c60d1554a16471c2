import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasPostgres, PostgresServer } from '../db/postgres/testing-server.ts'
import { storyweave } from './testing.ts'

const why = hasPostgres ? '' : ' (skipped: STORYWEAVE_TEST_POSTGRES_URL is not set)'
/** A process has to start: on a busy machine that takes its time. */
const timeout = 120_000

/** A line to a port of this machine that is cut, for good, as soon as a text goes over it. */
async function lineUntil(text: string, to: number) {
  const sockets = new Set<Socket>()
  let isCut = false
  const keep = (socket: Socket) => {
    sockets.add(socket)
    // What breaks here breaks at both ends.
    socket.on('error', () => undefined)
  }
  const server = createServer((near): void => {
    keep(near)
    if (isCut) return void near.destroy()
    const far = connect(to, '127.0.0.1')
    keep(far)
    far.pipe(near)
    near.on('data', (asked) => {
      isCut ||= asked.includes(text)
      if (isCut) for (const socket of sockets) socket.destroy()
      else far.write(asked)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The line has no port.')
  const close = () => {
    for (const socket of sockets) socket.destroy()
    server.close()
  }
  return { port: address.port, wasCut: () => isCut, close }
}

describe.skipIf(!hasPostgres)(`a start whose PostgreSQL goes away meanwhile${why}`, () => {
  let postgres: PostgresServer
  let folder: string

  beforeAll(async () => {
    postgres = await PostgresServer.start()
    await postgres.ask('create database house')
    folder = await mkdtemp(join(tmpdir(), 'storyweave-away-'))
    expect(await storyweave(['migrate'], { DATABASE_URL: postgres.url('house') })).toMatchObject({ code: 0 })
  }, timeout)
  afterAll(async () => {
    await postgres.remove()
    await rm(folder, { recursive: true, force: true })
  })

  it.each(['schema_migrations', 'insert into "house"', 'share_links'])(
    'start: gone at %s, it ends with one sentence',
    { timeout },
    async (text) => {
      const { port } = new URL(postgres.url())
      const line = await lineUntil(text, Number(port))
      const url = postgres.url('house').replace(`:${port}/`, `:${line.port}/`)
      const { code, stdout, stderr } = await storyweave(['serve'], {
        ...{ DATABASE_URL: url, PORT: '0', DATA_DIR: folder, LOG_LEVEL: 'fatal' },
        AUTH_SECRET: 'the secret of every node of a house',
      })
      line.close()
      expect(line.wasCut()).toBe(true)
      expect(stderr).toMatch(
        new RegExp(
          `^Postgres at 127\\.0\\.0\\.1:${line.port} can't be reached \\(.*\\): is it running.*\\n$`,
        ),
      )
      expect([code, stdout]).toEqual([1, ''])
    },
  )
})

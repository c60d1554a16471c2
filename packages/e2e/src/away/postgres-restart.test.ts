import { hasPostgres, PostgresServer } from '@storyweave/server/db/postgres/testing-server.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Person } from '../support/person.ts'
import { ServerProcess } from '../support/server-process.ts'

const why = hasPostgres ? '' : ' (skipped: STORYWEAVE_TEST_POSTGRES_URL is not set)'

describe.skipIf(!hasPostgres)(`a server whose PostgreSQL is stopped and started again${why}`, () => {
  let postgres: PostgresServer
  let server: ServerProcess

  beforeAll(async () => {
    postgres = await PostgresServer.start()
    server = await ServerProcess.start({ DATABASE_URL: postgres.url() })
  })
  afterAll(async () => {
    await server.remove()
    await postgres.remove()
  })

  test.each(['fast', 'immediate'] as const)(
    'unavailable: while it is away (%s) everything is refused for now, and goes on by itself afterwards',
    { timeout: 120_000 },
    async (how) => {
      const ann = await Person.signUp(server.address, `Ann ${how}`)
      const story = await ann.newStory('Power cut')
      const [beat] = await ann.beatsOf(story.id)
      const write = (goal: string) => ann.ask('PATCH', `/api/beats/${beat?.id}`, { goal })
      expect((await write('before')).status).toBe(200)
      const { pid } = server

      // Some of what is under way meets the stop in mid-transaction.
      const underWay = Array.from({ length: 20 }, () =>
        ann.ask('POST', '/api/stories', { title: 'Under way' }),
      )
      await postgres.stop(how)
      for (const { status } of await Promise.all(underWay)) expect([201, 503]).toContain(status)
      const refused = await ann.ask('GET', `/api/stories/${story.id}`)
      expect(refused.status).toBe(503)
      expect(await refused.json()).toMatchObject({ code: 'unavailable', retry_after_ms: expect.any(Number) })
      expect((await fetch(`${server.address}/healthz`)).status).toBe(200)

      await postgres.restart()
      await expect
        .poll(async () => (await ann.ask('GET', `/api/stories/${story.id}`)).status, { timeout: 20_000 })
        .toBe(200)
      await expect.poll(async () => (await write('after')).status, { timeout: 20_000 }).toBe(200)
      expect((await ann.beatsOf(story.id))[0]?.goal).toBe('after')
      await expect
        .poll(async () => (await fetch(`${server.address}/readyz`)).status, { timeout: 20_000 })
        .toBe(200)
      expect(server.pid).toBe(pid)
      expect(server.errors).not.toMatch(/Unhandled|Uncaught|Node\.js v/)
    },
  )

  test('unavailable: who is told to stop while PostgreSQL hangs ends all the same, and says what that means', {
    timeout: 120_000,
  }, async () => {
    const ann = await Person.signUp(server.address, 'Ann who waits')
    const story = await ann.newStory('Not a sound')
    const [beat] = await ann.beatsOf(story.id)
    await postgres.pause()
    const waiting = ann.ask('PATCH', `/api/beats/${beat?.id}`, { goal: 'to be written down' })
    const [ended] = await Promise.allSettled([waiting, server.stop()])
    await postgres.resume()
    // Where it got as far as its append there is no answer; what waits for a connection before that is refused.
    expect([undefined, 503]).toContain(ended.status === 'fulfilled' ? ended.value.status : undefined)
    expect(server.errors).toContain('The database did not take what was left in time')
    await server.start()
    expect((await ann.beatsOf(story.id))[0]?.goal).toBe('')
  })
})

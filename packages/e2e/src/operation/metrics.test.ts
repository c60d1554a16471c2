import type { ChildProcess } from 'node:child_process'
import { freePort } from '@storyweave/server/config/free-port.ts'
import {
  makePostgresDatabase,
  type PostgresDatabase,
} from '@storyweave/server/db/postgres/testing-database.ts'
import { hasPostgres } from '@storyweave/server/db/postgres/testing-server.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Person } from '../support/person.ts'
import { ServerProcess } from '../support/server-process.ts'
import { Wire } from '../support/wire.ts'
import { end, metricsOf, namesIn, PASSWORD, startBus, textOf } from './deployment.ts'

const why = hasPostgres ? '' : ' (skipped: STORYWEAVE_TEST_POSTGRES_URL is not set)'

describe.skipIf(!hasPostgres)(`metrics of two nodes on PostgreSQL and Redis${why}`, () => {
  let database: PostgresDatabase
  let bus: ChildProcess
  let busPort: number
  let nodes: readonly [ServerProcess, ServerProcess]

  beforeAll(async () => {
    database = await makePostgresDatabase(process.env['STORYWEAVE_TEST_POSTGRES_URL'] ?? '')
    busPort = await freePort('127.0.0.1')
    bus = await startBus(busPort)
    const environment = {
      DATABASE_URL: database.url,
      REDIS_URL: `redis://storyweave:${PASSWORD}@127.0.0.1:${busPort}`,
      AUTH_SECRET: 'the same at every node of this house',
    }
    nodes = await Promise.all([ServerProcess.start(environment), ServerProcess.start(environment)])
  })
  afterAll(async () => {
    await Promise.all(nodes.map((node) => node.remove()))
    await end(bus)
    await database.remove()
  })

  test('what is written at one node is counted there, and at the other what was heard', async () => {
    const [one, other] = nodes
    const ann = await Person.signUp(one.address, 'Ann')
    const story = await ann.newStory('Counted')
    const [beat] = await ann.beatsOf(story.id)
    const reader = await Wire.open(other, ann, story.id)
    await reader.message('initial_state')
    await ann.call('PATCH', `/api/beats/${beat?.id}`, { goal: 'To be heard' })
    await reader.message('edit')

    const here = (await metricsOf(one.address)).samples
    expect(here.get('storyweave_updates_total')).toBe(1)
    expect(here.get('storyweave_update_bytes_total')).toBeGreaterThan(10)
    expect(here.get('storyweave_commit_seconds_count')).toBe(1)
    expect(here.get('storyweave_commit_rows_sum')).toBe(1)
    expect(here.get('storyweave_document_load_seconds_count')).toBe(1)
    expect(here.get('storyweave_updates_refused_total{code="beat_locked"}')).toBe(0)
    expect(here.get('storyweave_locks_swept_total{reason="disconnected"}')).toBe(0)
    expect(here.get('storyweave_bus_up')).toBe(1)
    expect(here.get('storyweave_bus_published_total')).toBeGreaterThan(0)
    expect(here.get('storyweave_bus_published_bytes_total')).toBeGreaterThan(0)
    expect(here.get('storyweave_node_messages_total{kind="rows"}')).toBe(1)
    expect(here.get('storyweave_info{version="0.1.0"}')).toBe(1)

    const there = (await metricsOf(other.address)).samples
    expect(there.get('storyweave_bus_received_total')).toBeGreaterThan(0)
    expect(there.get('storyweave_sockets')).toBe(1)
    expect(there.get('storyweave_rooms')).toBe(1)
    await expect
      .poll(async () => (await metricsOf(other.address)).samples.get('storyweave_heads_seconds_count'))
      .toBeGreaterThan(0)
  })

  test('dashboard and alarms speak of what there is, and each alarm is explained', async () => {
    const { names } = await metricsOf(nodes[0].address)
    for (const file of ['deploy/grafana-dashboard.json', 'deploy/alerts.yaml']) {
      const named = [...namesIn(await textOf(file))]
      expect(named.length).toBeGreaterThan(5)
      expect(named.filter((name) => !names.has(name))).toEqual([])
    }
    const guide = await textOf('docs/operating.md')
    const alarms = (await textOf('deploy/alerts.yaml')).match(/StoryWeave[A-Za-z]+$/gm) ?? []
    expect(alarms.length).toBeGreaterThan(5)
    expect(alarms.filter((alarm) => !guide.includes(`\`${alarm}\``))).toEqual([])
  })

  test('a bus that is away is told as such, and what was not sent is counted', async () => {
    const [one] = nodes
    await end(bus)
    const isUp = async () => (await metricsOf(one.address)).samples.get('storyweave_bus_up')
    await expect.poll(isUp, { timeout: 20_000 }).toBe(0)
    const ann = await Person.signUp(one.address, 'Bea')
    const story = await ann.newStory('Unheard')
    const [beat] = await ann.beatsOf(story.id)
    await ann.call('PATCH', `/api/beats/${beat?.id}`, { goal: 'To be saved all the same' })
    expect((await metricsOf(one.address)).samples.get('storyweave_bus_dropped_total')).toBeGreaterThan(0)
    bus = await startBus(busPort)
    await expect.poll(isUp, { timeout: 20_000 }).toBe(1)
    expect((await metricsOf(one.address)).samples.get('storyweave_bus_reconnects_total')).toBe(1)
  })

  test('a lone node on SQLite has no bus to tell of', async () => {
    const lone = await ServerProcess.start()
    const { names } = await metricsOf(lone.address)
    expect([...names].filter((name) => /bus|heads/.test(name))).toEqual([])
    expect(names.has('storyweave_commit_seconds_bucket')).toBe(true)
    await lone.remove()
  })
})

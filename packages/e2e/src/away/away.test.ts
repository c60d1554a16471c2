import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { beatDocumentName, encodeClientFrame, type Story } from '@storyweave/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { Person } from '../support/person.ts'
import { ServerProcess } from '../support/server-process.ts'
import { Wire } from '../support/wire.ts'

let server: ServerProcess
let ann: Person
let story: Story
let beatId: number

beforeAll(async () => {
  server = await ServerProcess.start()
  ann = await Person.signUp(server.address, 'Ann')
  story = await ann.newStory('A full disk')
  const [beat] = await ann.beatsOf(story.id)
  beatId = beat?.id ?? 0
})
afterAll(() => server.remove())

/** Another process holds the database's only write lock: nothing can be written until it lets go. */
function holdDatabase(): DatabaseSync {
  const database = new DatabaseSync(join(server.dataDir, 'storyweave.sqlite'), { timeout: 10_000 })
  database.exec('begin immediate')
  return database
}

const statusOf = async (path: string) => (await fetch(`${server.address}${path}`)).status

/** Resolves when the server has noticed. */
async function ready(isReady: boolean): Promise<void> {
  while (((await statusOf('/readyz')) === 200) !== isReady) {
    // Asked again at once: the server answers each time after having tried to write.
  }
}

describe('unavailable: the database can’t be written', () => {
  test('unavailable: frames wait, commands are refused as unavailable, and everything goes on by itself', async () => {
    const key = beatDocumentName(beatId)
    const writer = await Wire.open(server, ann, story.id)
    const reader = await Wire.open(server, ann, story.id)
    const doc = new Y.Doc()
    for (const wire of [writer, reader]) {
      await wire.message('initial_state')
      wire.send(encodeClientFrame({ type: 'auth', key, token: '' }))
      wire.send(encodeClientFrame({ type: 'step1', key, stateVector: Y.encodeStateVector(new Y.Doc()) }))
      const { stateVector } = await wire.frame('step1')
      const { update } = await wire.frame('step2')
      if (wire === writer) Y.applyUpdate(doc, update)
      wire.send(encodeClientFrame({ type: 'step2', key, update: Y.encodeStateAsUpdate(doc, stateVector) }))
      await wire.frame('sync_status')
    }
    const lock = holdDatabase()
    const before = Y.encodeStateVector(doc)
    doc.getText('goal').insert(0, 'Written while the disk was full. ')
    writer.send(encodeClientFrame({ type: 'update', key, update: Y.encodeStateAsUpdate(doc, before) }))
    // Heard before anything else is tried: what comes while nobody knows yet of the database would wait for it.
    writer.say({ type: 'ping', request_id: 'p' })
    await writer.message('pong', ({ request_id }) => request_id === 'p')
    await ready(false)
    writer.say({ type: 'edit', beat_id: beatId, changes: { title: 'No' }, request_id: 'e' })
    const refusal = await writer.message('error', ({ request_id }) => request_id === 'e')
    expect(refusal).toMatchObject({ code: 'unavailable' })
    expect(refusal.retry_after_ms).toBeGreaterThan(0)
    const answer = await ann.ask('PATCH', `/api/beats/${beatId}`, { title: 'No' })
    expect(answer.status).toBe(503)
    expect(await answer.json()).toMatchObject({ code: 'unavailable' })
    expect(writer.frames.filter(({ type }) => type === 'sync_status')).toEqual([])
    expect(reader.frames.filter(({ type }) => type === 'update')).toEqual([])
    lock.exec('rollback')
    lock.close()
    expect(await writer.frame('sync_status')).toMatchObject({ accepted: true })
    Y.applyUpdate(new Y.Doc(), (await reader.frame('update')).update)
    await ready(true)
    writer.say({ type: 'edit', beat_id: beatId, changes: { title: 'Yes' }, request_id: 'f' })
    await writer.message('ack', ({ request_id }) => request_id === 'f')
    const [beat] = await ann.beatsOf(story.id)
    expect(beat?.title).toBe('Yes')
    writer.close()
    reader.close()
  })
})

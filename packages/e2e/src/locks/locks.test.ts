import { HocuspocusProvider, HocuspocusProviderWebsocket } from '@hocuspocus/provider'
import { beatDocumentName, encodeClientFrame, type ServerMessage, type Story } from '@storyweave/protocol'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import * as Y from 'yjs'
import { type House, startHouse } from '../support/house.ts'
import { Person } from '../support/person.ts'
import { Wire } from '../support/wire.ts'

let server: House
let ann: Person
let ben: Person
let story: Story
let beatId: number
/** Ann's window and Ben's. */
let own: Wire
let other: Wire

beforeAll(async () => {
  server = await startHouse()
  ann = await Person.signUp(server.address, 'Ann')
  ben = await Person.signUp(server.address, 'Ben')
})
afterAll(() => server.remove())

beforeEach(async () => {
  story = await ann.newStory('Locked')
  await ann.call('POST', `/collaboration/stories/${story.id}/share`, {
    user_id: ben.me.user_id,
    role: 'editor',
  })
  beatId = (await ann.beatsOf(story.id))[0]?.id ?? 0
  own = await enter(ann)
  other = await enter(ben)
})
afterEach(() => {
  own.close()
  other.close()
})

async function enter(person: Person): Promise<Wire> {
  const wire = await Wire.open(server, person, story.id)
  await wire.message('initial_state')
  return wire
}

let requests = 0

/** The answer to a command. */
async function answer(wire: Wire, message: object): Promise<ServerMessage> {
  requests += 1
  const request_id = requests
  wire.say({ ...message, request_id })
  return Promise.race([
    wire.message('ack', (ack) => ack.request_id === request_id),
    wire.message('error', (error) => error.request_id === request_id),
  ])
}

const lock = (wire: Wire) => answer(wire, { type: 'beat_lock', beat_id: beatId })
const unlock = (wire: Wire) => answer(wire, { type: 'beat_unlock', beat_id: beatId })
const edit = (wire: Wire, title: string) =>
  answer(wire, { type: 'edit', beat_id: beatId, changes: { title } })
const send = (wire: Wire, frame: Parameters<typeof encodeClientFrame>[0]) =>
  wire.send(encodeClientFrame(frame))

test('lock-edits: while one holds the beat the other writes by no road: JSON, document frame, REST', async () => {
  expect(await lock(own)).toMatchObject({ type: 'ack' })
  const details = { locked_by: ann.me.user_id, locked_by_name: 'Ann' }
  expect(await other.message('beat_lock')).toMatchObject({ beat_id: beatId, ...details })
  expect(await edit(other, 'no')).toMatchObject({ type: 'error', code: 'beat_locked', ...details })
  const rest = await ben.ask('PATCH', `/api/beats/${beatId}`, { title: 'no' })
  expect([rest.status, await rest.json()]).toMatchObject([423, { code: 'beat_locked', ...details }])
  const structure = await ben.ask('DELETE', `/api/beats/${beatId}`)
  expect([structure.status, await structure.json()]).toMatchObject([423, { code: 'beat_locked', ...details }])
  const key = beatDocumentName(beatId)
  send(other, { type: 'auth', key, token: '' })
  expect(await other.frame('scope')).toMatchObject({ scope: 'readonly' })
  const doc = new Y.Doc()
  doc.getText('title').insert(0, 'no')
  send(other, { type: 'update', key, update: Y.encodeStateAsUpdate(doc) })
  expect(await other.frame('stateless')).toMatchObject({ payload: expect.stringContaining('beat_locked') })
  expect(await other.frame('sync_status')).toMatchObject({ accepted: false })
  expect(await edit(own, 'yes')).toMatchObject({ type: 'ack' })
  expect((await ben.beatsOf(story.id))[0]?.title).toBe('yes')
})

test('lock-goodbye: the holder closes their window, and the beat is free', async () => {
  await lock(own)
  own.close()
  expect(await other.message('beat_unlock')).toEqual({
    ...{ type: 'beat_unlock', beat_id: beatId },
    ...{ unlocked_by: ann.me.user_id, reason: 'disconnected' },
  })
  expect(await lock(other)).toMatchObject({ type: 'ack' })
})

test('lock-lost: a connection that breaks keeps the lock, and the reconnect has it', async () => {
  await lock(other)
  await own.message('beat_lock')
  other.drop()
  await own.message('presence_update', ({ users }) => users?.length === 1)
  expect(await lock(own)).toMatchObject({ type: 'error', code: 'beat_locked', locked_by: ben.me.user_id })
  other = await enter(ben)
  expect(await edit(other, 'still mine')).toMatchObject({ type: 'ack' })
  expect(await unlock(other)).toMatchObject({ type: 'ack' })
  expect(await own.message('beat_unlock')).toMatchObject({ reason: 'released' })
})

test.each(['kill', 'stop'] as const)(
  'lock-restart: a lock outlives a restart of the server (%s)',
  async (end) => {
    await lock(own)
    await other.message('beat_lock')
    await server[end]()
    await Promise.all([own.whenClosed(), other.whenClosed()])
    await server.start()
    other = await Wire.open(server, ben, story.id)
    expect(await other.message('initial_state')).toMatchObject({
      locks: [{ beat_id: beatId, locked_by: ann.me.user_id, locked_by_name: 'Ann' }],
    })
    expect(await edit(other, 'no')).toMatchObject({ code: 'beat_locked' })
    own = await enter(ann)
    expect(await unlock(own)).toMatchObject({ type: 'ack' })
    expect(await edit(other, 'now')).toMatchObject({ type: 'ack' })
  },
)

test('lock-override: the owner takes it away, and its holder is told', async () => {
  await lock(other)
  expect(await unlock(own)).toMatchObject({ type: 'ack' })
  expect(await other.message('beat_unlock')).toMatchObject({
    unlocked_by: ann.me.user_id,
    reason: 'overridden',
  })
  expect(await other.message('notification')).toMatchObject({ kind: 'lock_overridden' })
})

test('lock-role: who may write no longer has lost it', async () => {
  await lock(other)
  await own.message('beat_lock')
  const path = `/collaboration/stories/${story.id}/permissions/${ben.me.user_id}`
  await ann.call('PATCH', path, { role: 'viewer' })
  expect(await own.message('beat_unlock')).toMatchObject({ reason: 'role_changed' })
})

test('lock-grant: who asks is granted it', async () => {
  await lock(own)
  expect(await answer(other, { type: 'beat_lock_request', beat_id: beatId })).toMatchObject({ type: 'ack' })
  const { user_id } = await own.message('beat_lock_requested')
  expect(user_id).toBe(ben.me.user_id)
  const granting = { type: 'beat_lock_answer', beat_id: beatId, user_id, grant: true }
  expect(await answer(own, granting)).toMatchObject({ type: 'ack' })
  expect(await other.message('beat_lock_answered')).toMatchObject({ granted: true })
  expect(await edit(other, 'mine')).toMatchObject({ type: 'ack' })
  expect(await edit(own, 'no')).toMatchObject({ code: 'beat_locked' })
})

test('lock-refused: a stock provider’s refused words come home when the lock ends, and it counts to 0', async () => {
  const socket = new HocuspocusProviderWebsocket({
    url: `${server.socketAddress}/collaboration/documents/story/${story.id}`,
    WebSocketPolyfill: WebSocket,
  })
  const provider = new HocuspocusProvider({
    ...{ websocketProvider: socket, name: beatDocumentName(beatId), token: ben.token },
    document: new Y.Doc(),
  })
  const counted = (count: number) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (provider.unsyncedChanges === count) resolve()
      }
      provider.on('unsyncedChanges', look)
      look()
    })
  const text = provider.document.getText('goal')
  try {
    provider.attach()
    await counted(0)
    for (const word of ['one ', 'two ', 'three ']) {
      await lock(own)
      const refused = new Promise<unknown>((resolve) => provider.on('stateless', resolve))
      text.insert(text.length, word)
      text.insert(text.length, word)
      expect(await refused).toMatchObject({ payload: expect.stringContaining('beat_locked') })
      expect(provider.unsyncedChanges).toBeGreaterThan(0)
      await unlock(own)
      await counted(0)
    }
    expect((await ann.beatsOf(story.id))[0]?.goal).toBe('one one two two three three ')
  } finally {
    provider.destroy()
    socket.destroy()
  }
})

import { randomBytes } from 'node:crypto'
import { beatDocumentName, CLOSE, encodeClientFrame, LIMITS, type Story } from '@storyweave/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { Person } from '../support/person.ts'
import { ServerProcess } from '../support/server-process.ts'
import { refusedUpgrade, Wire } from '../support/wire.ts'

let server: ServerProcess
let ann: Person
let mallory: Person
let story: Story
let beatId: number
/** Somebody who works in the room meanwhile and must not notice. */
let bystander: Wire

beforeAll(async () => {
  server = await ServerProcess.start()
  ann = await Person.signUp(server.address, 'Ann')
  mallory = await Person.signUp(server.address, 'Mallory')
  story = await ann.newStory('Under attack')
  const [beat] = await ann.beatsOf(story.id)
  beatId = beat?.id ?? 0
  bystander = await Wire.open(server, ann, story.id)
  await bystander.message('initial_state')
})
afterAll(async () => {
  bystander.close()
  await server.remove()
})

/** The socket answers, and so does the bystander's. */
async function bothLive(wire: Wire): Promise<void> {
  for (const socket of [wire, bystander]) {
    socket.say({ type: 'ping', request_id: 'alive' })
    await socket.message('pong', ({ request_id }) => request_id === 'alive')
    expect(socket.closed).toBeUndefined()
  }
}

async function opened(): Promise<Wire> {
  const wire = await Wire.open(server, ann, story.id)
  await wire.message('initial_state')
  return wire
}

describe('messages that are wrong get their own answer, and the socket lives', () => {
  const title = { title: 'New' }
  const cases: readonly (readonly [string, () => string, object])[] = [
    ['broken JSON', () => '{"type":"edit"', { code: 'bad_json' }],
    ['no object', () => '[]', { code: 'bad_message' }],
    ['no type', () => '{}', { code: 'bad_message', path: 'type' }],
    ['unknown type', () => '{"type":"dance","request_id":7}', { code: 'unknown_type', request_id: 7 }],
    ['a constructor as type', () => '{"type":"constructor"}', { code: 'unknown_type' }],
    [
      'missing field',
      () => JSON.stringify({ type: 'edit', changes: title }),
      { code: 'bad_message', path: 'beat_id' },
    ],
    [
      'wrong field',
      () => JSON.stringify({ type: 'edit', beat_id: beatId, changes: { title: 5 }, request_id: 'a' }),
      { code: 'bad_message', path: 'changes.title', request_id: 'a' },
    ],
    [
      'no changes',
      () => JSON.stringify({ type: 'edit', beat_id: beatId, changes: {} }),
      { code: 'bad_message' },
    ],
    [
      'U+0000',
      () => JSON.stringify({ type: 'edit', beat_id: beatId, changes: { title: 'a\u0000' } }),
      { code: 'bad_message' },
    ],
    ['beat 0', () => JSON.stringify({ type: 'edit', beat_id: 0, changes: title }), { code: 'not_found' }],
    [
      'beat 2^31',
      () => JSON.stringify({ type: 'edit', beat_id: 2 ** 31, changes: title }),
      { code: 'not_found' },
    ],
    [
      'no such beat',
      () => JSON.stringify({ type: 'edit', beat_id: 2 ** 31 - 1, changes: title }),
      { code: 'not_found' },
    ],
    [
      'a field that is too long',
      () =>
        JSON.stringify({
          type: 'edit',
          beat_id: beatId,
          changes: { goal: 'x'.repeat(LIMITS.cardFieldChars + 1) },
        }),
      { code: 'too_large', path: 'changes.goal' },
    ],
    ['a message that is too long', () => ' '.repeat(LIMITS.jsonMessageBytes + 1), { code: 'too_large' }],
    ['a token that names nobody', () => '{"type":"auth","token":"nonsense"}', { code: 'unauthenticated' }],
  ]
  test.each(cases)('%s', async (_, text, answer) => {
    const wire = await opened()
    wire.send(text())
    expect(await wire.message('error')).toMatchObject(answer)
    await bothLive(wire)
    wire.close()
  })

  test('rate: too many messages are refused, then work again', async () => {
    const wire = await opened()
    for (let sent = 0; sent < LIMITS.jsonBurst * 2; sent++) wire.say({ type: 'ping' })
    const refusal = await wire.message('error')
    expect(refusal).toMatchObject({ code: 'rate_limited' })
    expect(refusal.retry_after_ms).toBeGreaterThan(0)
    expect(wire.closed).toBeUndefined()
    bystander.say({ type: 'ping', request_id: 'b' })
    await bystander.message('pong', ({ request_id }) => request_id === 'b')
    wire.close()
  })
})

describe('document frames that are wrong', () => {
  const key = () => beatDocumentName(beatId)

  /** A socket with the beat open, its Step2 answered. */
  async function withDocument(): Promise<{ wire: Wire; doc: Y.Doc }> {
    const wire = await opened()
    const doc = new Y.Doc()
    wire.send(encodeClientFrame({ type: 'auth', key: key(), token: '' }))
    wire.send(encodeClientFrame({ type: 'step1', key: key(), stateVector: Y.encodeStateVector(doc) }))
    const { stateVector } = await wire.frame('step1')
    Y.applyUpdate(doc, (await wire.frame('step2')).update)
    wire.send(
      encodeClientFrame({ type: 'step2', key: key(), update: Y.encodeStateAsUpdate(doc, stateVector) }),
    )
    expect(await wire.frame('sync_status')).toMatchObject({ accepted: true })
    return { wire, doc }
  }

  test('garbage that is no frame is told, and the socket lives', async () => {
    const wire = await opened()
    for (let round = 0; round < 50; round++)
      wire.send(Buffer.concat([Uint8Array.of(255), randomBytes(round)]))
    expect(await wire.message('error')).toMatchObject({ code: 'bad_message' })
    await bothLive(wire)
    wire.close()
  })

  test('bad-update: garbage as an update is refused, and the next good one is taken', async () => {
    const { wire, doc } = await withDocument()
    wire.send(encodeClientFrame({ type: 'update', key: key(), update: randomBytes(64) }))
    expect(JSON.parse((await wire.frame('stateless')).payload)).toMatchObject({
      type: 'refused',
      code: 'bad_update',
    })
    expect(await wire.frame('sync_status')).toMatchObject({ accepted: false })
    const before = Y.encodeStateVector(doc)
    doc.getText('goal').insert(0, 'still here ')
    wire.send(encodeClientFrame({ type: 'update', key: key(), update: Y.encodeStateAsUpdate(doc, before) }))
    expect(await wire.frame('sync_status')).toMatchObject({ accepted: true })
    await bothLive(wire)
    wire.close()
  })

  test('deleted: a document of nobody’s, and of another story, is denied as not found', async () => {
    const theirs = await mallory.newStory('Elsewhere')
    const [other] = await mallory.beatsOf(theirs.id)
    const wire = await opened()
    for (const name of [`beat/${other?.id}`, 'beat/2147483647', 'beat/0', 'story/1', 'beat/1x']) {
      wire.send(encodeClientFrame({ type: 'auth', key: name, token: '' }))
      expect(await wire.frame('denied')).toMatchObject({ key: name, reason: 'not_found' })
    }
    await bothLive(wire)
    wire.close()
  })

  test('a frame over the limit closes its socket with 1009, and no other', async () => {
    const wire = await opened()
    wire.send(Buffer.alloc(LIMITS.documentFrameBytes + 1))
    expect(await wire.whenClosed()).toBe(CLOSE.tooBig)
    bystander.say({ type: 'ping', request_id: 'c' })
    await bystander.message('pong', ({ request_id }) => request_id === 'c')
  })
})

describe('who may not come in is told so before the upgrade', () => {
  const room = (storyId: number, query: string) =>
    `${server.socketAddress}/collaboration/ws/story/${storyId}${query}`

  test('no credentials, bad token, bad ticket, a ticket twice: 401', async () => {
    expect(await refusedUpgrade(room(story.id, ''))).toBe(401)
    expect(await refusedUpgrade(room(story.id, '?token=nonsense'))).toBe(401)
    expect(await refusedUpgrade(room(story.id, '?ticket=nonsense'))).toBe(401)
    expect(await refusedUpgrade(room(story.id, '?user_id=1&user_name=Ann'))).toBe(401)
    const ticket = await ann.ticket()
    const first = await Wire.openAt(room(story.id, `?ticket=${ticket}`))
    expect(await refusedUpgrade(room(story.id, `?ticket=${ticket}`))).toBe(401)
    first.close()
  })

  test('somebody else’s story, and one that does not exist: 404', async () => {
    for (const id of [story.id, 2 ** 31 - 1, 0, 2 ** 31]) {
      expect(await refusedUpgrade(room(id, `?token=${mallory.token}`))).toBe(404)
    }
  })

  test('a page of another origin: 403, whatever it knows', async () => {
    const origin = { origin: 'https://evil.example' }
    expect(await refusedUpgrade(room(story.id, `?token=${ann.token}`), origin)).toBe(403)
  })

  test('no secret has been written to the server’s log', () => {
    expect(server.errors).not.toContain(ann.token)
    expect(server.errors).not.toContain('ticket=')
  })
})

import { LIMITS, type Story } from '@storyweave/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Person } from '../support/person.ts'
import { ServerProcess } from '../support/server-process.ts'
import { Wire } from '../support/wire.ts'

/** What people and programs get wrong, on the socket and over REST: what they are told, and that nothing is kept of it. */

let server: ServerProcess
let ann: Person
let story: Story
let wire: Wire
let asked = 0
/** Of this story. */
let beats: number[]
let scene: number
/** Of another story of the same person. */
let elsewhere: { beat: number; scene: number; comment: number }

beforeAll(async () => {
  server = await ServerProcess.start()
  ann = await Person.signUp(server.address, 'Ann')
  story = await ann.newStory('Here')
  beats = (await ann.beatsOf(story.id)).map(({ id }) => id)
  const second = await ann.call<{ id: number }>('POST', `/api/stories/${story.id}/beats`, { title: 'Two' })
  beats.push(second.id)
  scene = (await ann.call<{ id: number }>('POST', `/api/beats/${beats[0]}/scenes`, { text: 'Words.' })).id
  elsewhere = await elsewhereOf(await ann.newStory('Elsewhere'))
  wire = await Wire.open(server, ann, story.id)
  await wire.message('initial_state')
})
afterAll(async () => {
  wire.close()
  await server.remove()
})

async function elsewhereOf(other: Story): Promise<typeof elsewhere> {
  const [beat] = await ann.beatsOf(other.id)
  const inBeat = await ann.call<{ id: number }>('POST', `/api/beats/${beat?.id}/scenes`, { text: 'Other.' })
  const comment = await ann.call<{ id: number }>('POST', '/collaboration/comments', {
    story_id: other.id,
    beat_id: beat?.id,
    content: 'Over there',
  })
  return { beat: beat?.id ?? 0, scene: inBeat.id, comment: comment.id }
}

/** Everything of the story that could have been changed. */
async function kept(): Promise<string> {
  const paths = ['comments', 'chat', 'permissions', 'links'].map(
    (of) => `/collaboration/stories/${story.id}/${of}`,
  )
  const all = [...paths, `/api/stories/${story.id}/beats`].map((path) => ann.call<object>('GET', path))
  return JSON.stringify(await Promise.all(all))
}

interface Refusal {
  readonly code: string
  readonly path: string
  readonly message: string
}

/** Answered by this one error, and nothing else is told. */
async function refusedOnSocket(message: object): Promise<Refusal> {
  asked += 1
  const request_id = asked
  wire.say({ ...message, request_id })
  const {
    code,
    message: said,
    path = '',
  } = await wire.message('error', (error) => error.request_id === request_id)
  wire.say({ type: 'ping', request_id })
  await wire.message('pong', (pong) => pong.request_id === request_id)
  const told = wire.messages.filter(({ type }) => ['chat', 'comment', 'beat_lock', 'ack'].includes(type))
  expect(told).toEqual([])
  return { code, path, message: said }
}

async function refusedByRest(method: string, path: string, body: object): Promise<Refusal> {
  const response = await ann.ask(method, path, body)
  expect(response.headers.get('content-type')).toContain('application/problem+json')
  const problem = (await response.json()) as { code: string; detail: string; path?: string }
  return { code: problem.code, path: problem.path ?? '', message: problem.detail }
}

const chars = (count: number) => 'x'.repeat(count)

describe('messages of the chat', () => {
  test.each([
    ['nothing', '', 'bad_message', '"message": must not be empty.'],
    ['blanks', ' \n ', 'bad_message', '"message": must not be empty.'],
    ['U+0000', 'a\u0000', 'bad_message', '"message": contains U+0000 or half a surrogate pair.'],
    [
      'too much',
      chars(LIMITS.chatChars + 1),
      'too_large',
      '"message" is longer than 4,000 characters: shorten it.',
    ],
  ])('bad-messages: %s', async (_, message, code, said) => {
    const before = await kept()
    expect(await refusedOnSocket({ type: 'chat', message })).toEqual({ code, path: 'message', message: said })
    expect(await kept()).toBe(before)
  })
})

describe('comments, on the socket and over REST alike', () => {
  const onBeat = () => ({ beat_id: beats[0], content: 'Why?' })
  const cases: readonly (readonly [string, () => object, string, string, string])[] = [
    ['nothing', () => ({ ...onBeat(), content: '' }), 'bad_message', 'content', 'must not be empty'],
    ['blanks', () => ({ ...onBeat(), content: ' \t' }), 'bad_message', 'content', 'must not be empty'],
    [
      'too much',
      () => ({ ...onBeat(), content: chars(LIMITS.commentChars + 1) }),
      ...(['too_large', 'content', 'is longer than 10,000 characters: shorten it'] as const),
    ],
    [
      'an answer to another story’s comment',
      () => ({ content: 'x', parent_comment_id: elsewhere.comment }),
      ...(['not_found', 'parent_comment_id', 'names no comment of this story'] as const),
    ],
    [
      'another story’s beat',
      () => ({ content: 'x', beat_id: elsewhere.beat }),
      ...(['not_found', 'beat_id', 'names no beat of this story'] as const),
    ],
    [
      'another story’s scene',
      () => ({ content: 'x', scene_id: elsewhere.scene }),
      ...(['not_found', 'scene_id', 'names no scene of this story'] as const),
    ],
    [
      'a scene of another beat',
      () => ({ content: 'x', beat_id: beats[1], scene_id: scene }),
      ...(['bad_message', 'scene_id', 'names a scene of another beat than "beat_id"'] as const),
    ],
    ['no place', () => ({ content: 'x' }), 'bad_message', 'beat_id', 'A comment needs "beat_id"'],
    [
      'an anchor that is not base64',
      () => ({ content: 'x', scene_id: scene, anchor: { start: '%', end: 'AA==' } }),
      ...(['bad_message', 'anchor.start', 'must be a Yjs relative position in base64'] as const),
    ],
    [
      'an anchor that does not decode',
      () => ({ content: 'x', scene_id: scene, anchor: { start: '/////w==', end: '/////w==' } }),
      ...(['bad_message', 'anchor.start', 'is no position in the scene’s text'] as const),
    ],
    [
      'half an anchor',
      () => ({ content: 'x', scene_id: scene, anchor: { start: 'AA==' } }),
      ...(['bad_message', 'anchor.end', 'must be a Yjs relative position in base64'] as const),
    ],
  ]
  test.each(cases)('bad-messages: %s', async (_, comment, code, path, said) => {
    const before = await kept()
    const onSocket = await refusedOnSocket({ type: 'comment', action: 'created', comment: comment() })
    const byRest = await refusedByRest('POST', '/collaboration/comments', {
      story_id: story.id,
      ...comment(),
    })
    expect({ ...byRest, path: byRest.path }).toMatchObject({ code, path })
    expect(onSocket).toMatchObject({ code })
    expect(onSocket.path.replace(/^comment\./, '')).toBe(path)
    for (const { message } of [onSocket, byRest]) expect(message).toContain(said)
    expect(await kept()).toBe(before)
  })
})

describe('locks', () => {
  test.each([0, 121, -1, 1.5, '30', null])('lock-take: for %j minutes', async (duration_minutes) => {
    const before = await kept()
    expect(await refusedOnSocket({ type: 'beat_lock', beat_id: beats[0], duration_minutes })).toEqual({
      code: 'bad_message',
      path: 'duration_minutes',
      message: '"duration_minutes": must be a whole number of minutes from 1 to 120.',
    })
    expect(await kept()).toBe(before)
  })
})

describe('orders of beats', () => {
  const forgotten = () => [beats[0] ?? 0]
  const repeated = () => [...beats, beats[0] ?? 0]
  test.each([
    ['forgets a beat', forgotten, 'forgets beat'],
    ['repeats a beat', repeated, 'twice'],
    ['names another story’s', () => [...beats, elsewhere.beat], 'which is not in the story'],
  ] as const)('bad-messages: one that %s', async (_, order, said) => {
    const before = await kept()
    const refusal = await refusedByRest('POST', `/api/stories/${story.id}/beats/reorder`, {
      beat_ids: order(),
    })
    expect(refusal).toMatchObject({ code: 'conflict', path: 'beat_ids' })
    expect(refusal.message).toContain(said)
    expect(refusal.message).toContain('read the story’s beats again and name each of them once')
    expect(await kept()).toBe(before)
  })
})

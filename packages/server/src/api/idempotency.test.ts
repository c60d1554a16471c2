import { afterAll, beforeAll, expect, test } from 'vitest'
import { REMEMBERED_MS } from '../db/repositories/idempotency.ts'
import { describeEachDatabase } from '../db/testing.ts'
import { startTestServer, type TestPerson, type TestServer } from './testing.ts'

describeEachDatabase('idempotency', (kind) => {
  let server: TestServer
  let alice: TestPerson

  beforeAll(async () => {
    server = await startTestServer({ kind })
    alice = await server.person()
  })
  afterAll(() => server.close())

  const named = (key: string) => ({ headers: { 'idempotency-key': key } })
  const scenery = async () => {
    const { body: story } = await alice.post('/api/stories', { title: 'S' })
    const { body: beat } = await alice.post(`/api/stories/${story.id}/beats`, { title: 'B' })
    const { body: scene } = await alice.post(`/api/beats/${beat.id}/scenes`, {
      text: 'One.\n\nTwo.\n\nThree.',
    })
    return { story, beat, scene }
  }

  test('idempotency: a repeat gets the first answer and makes nothing: project and story', async () => {
    for (const [path, body, list] of [
      ['/api/projects', { name: 'P' }, 'projects'],
      ['/api/stories', { title: 'S' }, 'stories'],
    ] as const) {
      const first = await alice.post(path, body, named(`once-${list}`))
      const before = (await alice.get(path)).body[list].length
      const second = await alice.post(path, { ...body, [list]: 'other' }, named(`once-${list}`))
      expect([second.status, second.body]).toEqual([201, first.body])
      expect((await alice.get(path)).body[list]).toHaveLength(before)
    }
  })

  test('idempotency: a repeat makes no second beat, scene or half, and tells nobody twice', async () => {
    const { story, beat, scene } = await scenery()
    for (const [path, body] of [
      [`/api/stories/${story.id}/beats`, { title: 'New' }],
      [`/api/beats/${beat.id}/scenes`, { text: 'New.' }],
      [`/api/scenes/${scene.id}/split`, { at: 1 }],
    ] as const) {
      const first = await alice.post(path, body, named(path))
      const told = server.announced.length
      const second = await alice.post(path, body, named(path))
      expect([first.status, second.status, second.body]).toEqual([201, 201, first.body])
      expect(server.announced).toHaveLength(told)
    }
    const { body } = await alice.get(`/api/stories/${story.id}/beats`)
    expect(body.beats.map((one: { scenes: [] }) => one.scenes.length)).toEqual([1, 3, 0])
  })

  test('idempotency: of two at once one makes it, and both get it', async () => {
    const { story, beat, scene } = await scenery()
    for (const [path, body] of [
      ['/api/stories', { title: 'Twins' }],
      [`/api/stories/${story.id}/beats`, { title: 'Twins' }],
      [`/api/beats/${beat.id}/scenes`, {}],
      [`/api/scenes/${scene.id}/split`, { at: 2 }],
    ] as const) {
      const answers = await Promise.all([1, 2, 3].map(() => alice.post(path, body, named(`two-${path}`))))
      expect(answers.map(({ status }) => status)).toEqual([201, 201, 201])
      expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1)
    }
    const { body } = await alice.get(`/api/stories/${story.id}/beats`)
    expect(body.beats.map((one: { scenes: [] }) => one.scenes.length)).toEqual([1, 3, 0])
  })

  test('idempotency: a refused command may be repeated and then done', async () => {
    const { story } = await scenery()
    const path = `/api/stories/${story.id}/beats`
    const wrong = { title: 'X', after_beat_id: 2 ** 31 - 1 }
    expect((await alice.post(path, wrong, named('again'))).status).toBe(404)
    expect((await alice.post(path, { title: 'X' }, named('again'))).status).toBe(201)
  })

  test('idempotency: another person’s key, another story’s, and one of 30 days ago are other commands', async () => {
    const { story } = await scenery()
    const { story: another } = await scenery()
    const bob = await server.person('Bob')
    await server.share(story, bob, 'editor')
    const make = (person: TestPerson, storyId: number) =>
      person.post(`/api/stories/${storyId}/beats`, { title: 'X' }, named('same'))
    const ids = [(await make(alice, story.id)).body.id, (await make(bob, story.id)).body.id]
    ids.push((await make(alice, another.id)).body.id)
    server.clock.advance(REMEMBERED_MS)
    ids.push((await make(alice, story.id)).body.id)
    expect(new Set(ids).size).toBe(4)
  })
})

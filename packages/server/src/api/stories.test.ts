import { STORY_TEMPLATES } from '@storyweave/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BIN_MS } from '../db/repositories/stories.ts'
import { startTestServer, type TestPerson, type TestServer } from './testing.ts'

const DETAILS = { premise: 'P', genre: 'G', logline: 'L', length: '80,000 words' }

describe('stories', () => {
  let server: TestServer
  let alice: TestPerson
  let bob: TestPerson

  beforeAll(async () => {
    server = await startTestServer()
    alice = await server.person('Alice')
    bob = await server.person('Bob')
  })
  afterAll(() => server.close())

  const eventsOf = (storyId: number) =>
    server.announced.filter((told) => told.storyId === storyId).map(({ event }) => event)

  test('stories: made with its details, in my first project if none is named', async () => {
    const { body: project } = await alice.post('/api/projects', { name: 'First' })
    const made = await alice.post('/api/stories', { title: 'Dune', ...DETAILS })
    expect(made).toMatchObject({
      status: 201,
      body: { title: 'Dune', ...DETAILS, project_id: project.id, status: 'draft', role: 'owner' },
    })
    expect((await alice.get(`/api/stories/${made.body.id}`)).body).toEqual(made.body)
  })

  test('stories: who has no project gets one with their first story', async () => {
    const carol = await server.person('Carol')
    const [one, two] = [
      await carol.post('/api/stories', { title: 'A' }),
      await carol.post('/api/stories', { title: 'B' }),
    ]
    expect(two.body.project_id).toBe(one.body.project_id)
    expect((await carol.get('/api/projects')).body.projects).toHaveLength(1)
  })

  test.each(STORY_TEMPLATES)(
    'stories: %s begins with its beats, each with an empty scene',
    async (template) => {
      const { body: story } = await alice.post('/api/stories', { title: template, template })
      const { beats } = (await alice.get(`/api/stories/${story.id}/beats`)).body
      const sizes = { blank: 1, three_acts: 10, save_the_cat: 15, heros_journey: 12, story_circle: 8 }
      expect(beats).toHaveLength(sizes[template])
      for (const beat of beats) {
        expect(beat.scenes).toMatchObject([{ title: null, word_count: 0 }])
        const isGuided = beat.goal.length > 0 && beat.title.length > 0 && beat.act !== null
        expect(isGuided).toBe(template !== 'blank')
      }
      const { body: scene } = await alice.get(`/api/scenes/${beats[0].scenes[0].id}`)
      expect(scene).toMatchObject({ text: '', version: 1 })
    },
  )

  test('stories: a change is told to the room, without anybody’s role', async () => {
    const { body: story } = await alice.post('/api/stories', { title: 'Old', premise: 'kept' })
    const changed = await alice.patch(`/api/stories/${story.id}`, { title: 'New', status: 'in_progress' })
    expect(changed.body).toMatchObject({
      title: 'New',
      status: 'in_progress',
      premise: 'kept',
      role: 'owner',
    })
    const [event] = eventsOf(story.id)
    expect(event).toMatchObject({
      type: 'story_changed',
      story_seq: 1,
      user_id: alice.id,
      user_name: 'Alice',
      story: { title: 'New' },
    })
    expect(event).not.toHaveProperty('story.role')
  })

  test('stories: moved only by the project’s owner, and only into a project of their own', async () => {
    const { body: story } = await alice.post('/api/stories', { title: 'Wanderer' })
    const { body: target } = await alice.post('/api/projects', { name: 'Target' })
    const { body: foreign } = await bob.post('/api/projects', { name: 'Bob’s' })
    await server.share(story, bob, 'editor')
    const url = `/api/stories/${story.id}`
    const refused = await bob.patch(url, { project_id: foreign.id })
    expect(refused).toMatchObject({ status: 403, body: { code: 'forbidden', path: 'project_id' } })
    const lost = await alice.patch(url, { project_id: foreign.id })
    expect(lost).toMatchObject({ status: 404, body: { path: 'project_id' } })
    expect((await alice.patch(url, { project_id: target.id })).body.project_id).toBe(target.id)
    expect((await bob.patch(url, { project_id: target.id, genre: 'Farce' })).status).toBe(200)
  })

  test('stories: the list has mine and those shared with me, newest first, with my role', async () => {
    const [dora, emil] = [await server.person('Dora'), await server.person('Emil')]
    const { body: mine } = await dora.post('/api/stories', { title: 'Mine' })
    const { body: theirs } = await emil.post('/api/stories', { title: 'Theirs' })
    await emil.post('/api/stories', { title: 'Private' })
    await server.share(theirs, dora, 'viewer')
    const { body } = await dora.get('/api/stories')
    expect(body).toEqual({ stories: [{ ...theirs, role: 'viewer' }, mine], next: null })
  })

  test('paging: every story once', async () => {
    const fay = await server.person('Fay')
    for (let index = 1; index <= 5; index++) await fay.post('/api/stories', { title: `S${index}` })
    const titles: string[] = []
    let query = '?limit=2'
    for (let parts = 0; parts < 3; parts++) {
      const { body } = await fay.get(`/api/stories${query}`)
      titles.push(...body.stories.map((story: { title: string }) => story.title))
      query = `?limit=2&after=${body.next}`
      expect(body.next === null).toBe(parts === 2)
    }
    expect(titles).toEqual(['S5', 'S4', 'S3', 'S2', 'S1'])
  })

  test('bin: a deleted story is gone for all, lies in its owner’s bin, and comes back as it was', async () => {
    const { body: story } = await alice.post('/api/stories', { title: 'Binned' })
    const { body: beat } = await alice.post(`/api/stories/${story.id}/beats`, { title: 'Kept' })
    await server.share(story, bob, 'editor')
    const url = `/api/stories/${story.id}`
    expect(await alice.post(`${url}/restore`)).toMatchObject({ status: 409 })
    expect((await alice.delete(url)).status).toBe(204)
    expect(server.rechecked).toContain(story.id)
    for (const path of [url, `${url}/beats`, `/api/beats/${beat.id}`]) {
      expect((await alice.get(path)).status).toBe(404)
    }
    expect((await bob.get('/api/stories?deleted=true')).body.stories).toEqual([])
    const bin = await alice.get('/api/stories?deleted=true')
    expect(bin.body.stories).toMatchObject([{ id: story.id, role: 'owner' }])
    expect((await alice.post(`${url}/restore`)).body).toMatchObject({ title: 'Binned' })
    expect((await bob.get(`/api/beats/${beat.id}`)).body.title).toBe('Kept')
    expect((await alice.get('/api/stories?deleted=true')).body.stories).toEqual([])
  })

  test('bin: after 30 days it is too late', async () => {
    const { body: story } = await alice.post('/api/stories', { title: 'Forgotten' })
    await alice.delete(`/api/stories/${story.id}`)
    server.clock.advance(BIN_MS)
    expect((await alice.get('/api/stories?deleted=true')).body.stories).toEqual([])
    expect((await alice.post(`/api/stories/${story.id}/restore`)).status).toBe(404)
  })

  test('members: the owner first, then those who were given a role', async () => {
    const { body: story } = await alice.post('/api/stories', { title: 'Shared' })
    await server.share(story, bob, 'viewer')
    const { body } = await bob.get(`/collaboration/stories/${story.id}/permissions`)
    expect(body.permissions).toMatchObject([
      { user_id: alice.id, user_name: 'Alice', role: 'owner', invited_by: null },
      { user_id: bob.id, user_name: 'Bob', role: 'viewer' },
    ])
    expect(JSON.stringify(body)).not.toContain('@')
  })
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type TestPerson, type TestServer } from './testing.ts'

/** Every route of a story, asked by everyone: owner, editor, viewer, stranger, and nobody. */

interface Scenery {
  readonly storyId: number
  readonly beatId: number
  readonly sceneId: number
}

interface Route {
  readonly name: string
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  readonly path: (scenery: Scenery) => string
  readonly body?: (scenery: Scenery) => object
  /** What a viewer gets. */
  readonly viewer: number
  /** What an editor gets. */
  readonly editor: number
}

const CARD = { title: 'A', goal: 'B', conflict: 'C', outcome: 'D' }

const ROUTES: readonly Route[] = [
  {
    name: 'read the story',
    method: 'get',
    path: (s) => `/api/stories/${s.storyId}`,
    viewer: 200,
    editor: 200,
  },
  {
    name: 'change the story',
    method: 'patch',
    path: (s) => `/api/stories/${s.storyId}`,
    body: () => ({ genre: 'Western' }),
    viewer: 403,
    editor: 200,
  },
  {
    name: 'see its members',
    method: 'get',
    path: (s) => `/collaboration/stories/${s.storyId}/permissions`,
    viewer: 200,
    editor: 200,
  },
  {
    name: 'list its beats',
    method: 'get',
    path: (s) => `/api/stories/${s.storyId}/beats`,
    viewer: 200,
    editor: 200,
  },
  {
    name: 'see who wrote in it when',
    method: 'get',
    path: (s) => `/api/stories/${s.storyId}/history`,
    viewer: 403,
    editor: 200,
  },
  {
    name: 'make a beat',
    method: 'post',
    path: (s) => `/api/stories/${s.storyId}/beats`,
    body: () => ({ title: 'New' }),
    viewer: 403,
    editor: 201,
  },
  {
    name: 'reorder its beats',
    method: 'post',
    path: (s) => `/api/stories/${s.storyId}/beats/reorder`,
    body: () => ({ beat_ids: [] }),
    viewer: 403,
    // Allowed to ask, and told that beats are missing.
    editor: 409,
  },
  { name: 'read a beat', method: 'get', path: (s) => `/api/beats/${s.beatId}`, viewer: 200, editor: 200 },
  {
    name: 'write a card',
    method: 'put',
    path: (s) => `/api/beats/${s.beatId}`,
    body: () => CARD,
    viewer: 403,
    editor: 200,
  },
  {
    name: 'change a card',
    method: 'patch',
    path: (s) => `/api/beats/${s.beatId}`,
    body: () => ({ goal: 'G', act: 'One' }),
    viewer: 403,
    editor: 200,
  },
  {
    name: 'make a scene',
    method: 'post',
    path: (s) => `/api/beats/${s.beatId}/scenes`,
    body: () => ({ title: 'New', text: 'One.' }),
    viewer: 403,
    editor: 201,
  },
  { name: 'read a scene', method: 'get', path: (s) => `/api/scenes/${s.sceneId}`, viewer: 200, editor: 200 },
  {
    name: 'change a scene',
    method: 'patch',
    path: (s) => `/api/scenes/${s.sceneId}`,
    body: () => ({ title: 'T' }),
    viewer: 403,
    editor: 200,
  },
  {
    name: 'split a scene',
    method: 'post',
    path: (s) => `/api/scenes/${s.sceneId}/split`,
    body: () => ({ at: 1 }),
    viewer: 403,
    editor: 201,
  },
  {
    name: 'move a scene',
    method: 'post',
    path: (s) => `/api/scenes/${s.sceneId}/move`,
    body: (s) => ({ beat_id: s.beatId, after_scene_id: null }),
    viewer: 403,
    editor: 200,
  },
  {
    name: 'delete a scene',
    method: 'delete',
    path: (s) => `/api/scenes/${s.sceneId}`,
    viewer: 403,
    editor: 204,
  },
  {
    name: 'restore a scene',
    method: 'post',
    path: (s) => `/api/scenes/${s.sceneId}/restore`,
    viewer: 403,
    editor: 200,
  },
  {
    name: 'delete a beat',
    method: 'delete',
    path: (s) => `/api/beats/${s.beatId}`,
    viewer: 403,
    editor: 204,
  },
  {
    name: 'restore a beat',
    method: 'post',
    path: (s) => `/api/beats/${s.beatId}/restore`,
    viewer: 403,
    editor: 200,
  },
  {
    name: 'delete the story',
    method: 'delete',
    path: (s) => `/api/stories/${s.storyId}`,
    viewer: 403,
    editor: 403,
  },
  {
    name: 'restore the story',
    method: 'post',
    path: (s) => `/api/stories/${s.storyId}/restore`,
    viewer: 403,
    editor: 403,
  },
]

const ask = (person: Pick<TestPerson, 'send'>, { method, path, body }: Route, scenery: Scenery) =>
  person.send({
    method: method.toUpperCase() as 'GET',
    url: path(scenery),
    ...(body !== undefined && { payload: body(scenery) }),
  })

describe('access', () => {
  let server: TestServer
  let owner: TestPerson
  let stranger: TestPerson
  let scenery: Scenery

  beforeAll(async () => {
    server = await startTestServer()
    owner = await server.person('Olga')
    stranger = await server.person('Sam')
    scenery = await setScene()
  })
  afterAll(() => server.close())

  async function setScene(): Promise<Scenery> {
    const { body: story } = await owner.post('/api/stories', { title: 'Secret' })
    const { body: beat } = await owner.post(`/api/stories/${story.id}/beats`, { title: 'One' })
    const { body: scene } = await owner.post(`/api/beats/${beat.id}/scenes`, { text: 'One.\n\nTwo.' })
    return { storyId: story.id, beatId: beat.id, sceneId: scene.id }
  }

  async function shared(role: 'editor' | 'viewer') {
    const place = await setScene()
    const person = await server.person(role)
    await server.share({ id: place.storyId }, person, role)
    return { place, person }
  }

  test.each(ROUTES)('rights: a stranger can’t $name, and does not learn that it is there', async (route) => {
    const answer = await ask(stranger, route, scenery)
    expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } })
    const missing = { storyId: 2 ** 31 - 1, beatId: 2 ** 31 - 1, sceneId: 2 ** 31 - 1 }
    const nowhere = await ask(stranger, route, missing)
    expect(nowhere).toMatchObject({ status: 404, body: answer.body })
  })

  test.each(ROUTES)('rights: nobody can $name without saying who they are', async (route) => {
    const nobody = await server.app.inject({
      method: route.method.toUpperCase() as 'GET',
      url: route.path({ storyId: 0, beatId: 0, sceneId: 0 }),
    })
    expect(nobody.statusCode).toBe(401)
  })

  test.each(ROUTES)('rights: a viewer who wants to $name gets $viewer', async (route) => {
    const { place, person } = await shared('viewer')
    const answer = await ask(person, route, place)
    expect(answer.status).toBe(route.viewer)
    if (route.viewer === 403) expect(answer.body.code).toBe('forbidden')
  })

  test.each(ROUTES.filter(({ name }) => !name.startsWith('restore')))(
    'rights: an editor who wants to $name gets $editor',
    async (route) => {
      const { place, person } = await shared('editor')
      expect((await ask(person, route, place)).status).toBe(route.editor)
    },
  )

  test('rights: what an editor deletes, an editor restores; the story only its owner', async () => {
    const { place, person } = await shared('editor')
    for (const path of [`/api/scenes/${place.sceneId}`, `/api/beats/${place.beatId}`]) {
      expect((await person.delete(path)).status).toBe(204)
      expect((await person.post(`${path}/restore`)).status).toBe(200)
    }
    const story = `/api/stories/${place.storyId}`
    expect((await owner.delete(story)).status).toBe(204)
    expect((await person.post(`${story}/restore`)).status).toBe(403)
    expect((await owner.post(`${story}/restore`)).status).toBe(200)
  })

  test('rights: who loses their role has lost the story at once', async () => {
    const { place, person } = await shared('editor')
    await server.database.db.deleteFrom('story_permissions').where('user_id', '=', person.id).execute()
    expect((await person.get(`/api/stories/${place.storyId}`)).status).toBe(404)
    expect((await person.patch(`/api/beats/${place.beatId}`, { title: 'X' })).status).toBe(404)
  })

  test('rights: guests own nothing, and change no story', async () => {
    const { place, person } = await shared('editor')
    await server.database.db.updateTable('users').set({ guest: true }).where('id', '=', person.id).execute()
    expect(await person.post('/api/projects', { name: 'P' })).toMatchObject({ status: 403 })
    expect(await person.post('/api/stories', { title: 'S' })).toMatchObject({ status: 403 })
    expect(await person.patch(`/api/stories/${place.storyId}`, { title: 'S' })).toMatchObject({ status: 403 })
    expect(await person.get(`/api/stories/${place.storyId}/history`)).toMatchObject({ status: 403 })
    expect(await person.patch(`/api/beats/${place.beatId}`, { title: 'S' })).toMatchObject({ status: 200 })
  })

  test.each(['0', '-1', '2147483648', '99999999999999999999', 'abc', '1.5', '1e3', '%20', '01'])(
    'ids: %s names nothing',
    async (id) => {
      for (const path of [
        `/api/stories/${id}`,
        `/api/projects/${id}`,
        `/api/beats/${id}`,
        `/api/scenes/${id}`,
      ]) {
        expect(await owner.get(path)).toMatchObject({ status: 404, body: { code: 'not_found' } })
      }
    },
  )
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type TestPerson, type TestServer } from './testing.ts'

describe('projects', () => {
  let server: TestServer
  let alice: TestPerson
  let bob: TestPerson

  beforeAll(async () => {
    server = await startTestServer()
    alice = await server.person('Alice')
    bob = await server.person('Bob')
  })
  afterAll(() => server.close())

  test('projects: made, read, changed, listed, deleted', async () => {
    const made = await alice.post('/api/projects', { name: 'Novels', description: 'Long ones' })
    expect(made).toMatchObject({ status: 201, body: { name: 'Novels', description: 'Long ones' } })
    const url = `/api/projects/${made.body.id}`
    expect((await alice.get(url)).body).toEqual(made.body)
    server.clock.advance(1_000)
    const changed = await alice.patch(url, { description: null })
    expect(changed.body).toMatchObject({ name: 'Novels', description: null })
    expect(changed.body.updated_at > made.body.updated_at).toBe(true)
    expect((await alice.get('/api/projects')).body).toEqual({ projects: [changed.body], next: null })
    expect((await alice.delete(url)).status).toBe(204)
    expect((await alice.get(url)).status).toBe(404)
    expect((await alice.get('/api/projects')).body).toEqual({ projects: [], next: null })
  })

  test('projects: nobody else’s', async () => {
    const { body: project } = await alice.post('/api/projects', { name: 'Mine' })
    const url = `/api/projects/${project.id}`
    expect((await bob.get(url)).status).toBe(404)
    expect((await bob.patch(url, { name: 'Ours' })).status).toBe(404)
    expect((await bob.delete(url)).status).toBe(404)
    expect((await bob.get('/api/projects')).body.projects).toEqual([])
    expect((await bob.post('/api/stories', { title: 'S', project_id: project.id })).body).toMatchObject({
      code: 'not_found',
      path: 'project_id',
    })
  })

  test('projects: one with living stories is not deleted; one with deleted stories comes back with them', async () => {
    const { body: project } = await alice.post('/api/projects', { name: 'Full' })
    const { body: story } = await alice.post('/api/stories', { title: 'S', project_id: project.id })
    const url = `/api/projects/${project.id}`
    expect(await alice.delete(url)).toMatchObject({ status: 409, body: { code: 'conflict' } })
    expect((await alice.get(url)).status).toBe(200)
    await alice.delete(`/api/stories/${story.id}`)
    expect((await alice.delete(url)).status).toBe(204)
    expect((await alice.post(`/api/stories/${story.id}/restore`)).status).toBe(200)
    expect((await alice.get(url)).status).toBe(200)
  })

  test('paging: every project once, whatever is made meanwhile', async () => {
    const carol = await server.person('Carol')
    for (let index = 1; index <= 7; index++) await carol.post('/api/projects', { name: `P${index}` })
    const first = await carol.get('/api/projects?limit=3')
    expect(first.body.projects).toHaveLength(3)
    await carol.post('/api/projects', { name: 'P8' })
    const second = await carol.get(`/api/projects?limit=3&after=${first.body.next}`)
    const third = await carol.get(`/api/projects?limit=3&after=${second.body.next}`)
    const names = [first, second, third].flatMap(({ body }) =>
      body.projects.map((p: { name: string }) => p.name),
    )
    expect(names).toEqual(['P1', 'P2', 'P3', 'P4', 'P5', 'P6', 'P7', 'P8'])
    expect(third.body.next).toBeNull()
  })
})

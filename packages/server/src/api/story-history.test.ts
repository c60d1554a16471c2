import { afterEach, beforeEach, expect, test } from 'vitest'
import { describeEachDatabase } from '../db/testing.ts'
import { startTestServer, type TestPerson, type TestServer } from './testing.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

describeEachDatabase('history', (kind) => {
  let server: TestServer
  let alice: TestPerson
  let bob: TestPerson
  let storyId: number
  beforeEach(async () => {
    server = await startTestServer({ kind })
    alice = await server.person('Alice')
    bob = await server.person('Bob')
    const { body: story } = await alice.post('/api/stories', { title: 'S' })
    storyId = story.id
    // A new story comes with a beat, which is of no interest here.
    const { body } = await alice.get(`/api/stories/${storyId}/beats`)
    for (const { id } of body.beats) await alice.delete(`/api/beats/${id}`)
    await server.share(story, bob, 'editor')
  })
  afterEach(() => server.close())

  const beat = async (title: string): Promise<number> =>
    (await alice.post(`/api/stories/${storyId}/beats`, { title })).body.id
  const write = async (person: TestPerson, beatId: number, goal: string) => {
    expect((await person.patch(`/api/beats/${beatId}`, { goal })).status).toBe(200)
  }
  const history = async (query = '') => (await bob.get(`/api/stories/${storyId}/history${query}`)).body
  const at = (ms: number) => new Date(ms).toISOString()

  test('history: who wrote when and how much, newest first, whether the log has let its rows go or not', async () => {
    const start = server.clock.now()
    const one = await beat('One')
    server.clock.advance(5 * MINUTE_MS)
    await write(alice, one, 'Leave')
    await write(bob, one, 'Leave now')
    const expected = [
      {
        ...{ beat_id: one, user_id: alice.id, user_name: 'Alice', changes: 2 },
        ...{ first_at: at(start), last_at: at(start + 5 * MINUTE_MS) },
      },
      { beat_id: one, user_id: bob.id, user_name: 'Bob', changes: 1 },
    ]
    expect(await history()).toMatchObject({ stints: expected, next: null })
    await server.database.log.compact(one)
    expect(await history()).toMatchObject({ stints: expected, next: null })
    server.clock.advance(MINUTE_MS)
    await write(alice, one, 'Stay')
    server.clock.advance(HOUR_MS)
    await write(alice, one, 'Stay here')
    expect((await history()).stints).toMatchObject([
      { user_name: 'Alice', changes: 1, last_at: at(start + HOUR_MS + 6 * MINUTE_MS) },
      { user_name: 'Alice', changes: 3, first_at: at(start), last_at: at(start + 6 * MINUTE_MS) },
      { user_name: 'Bob', changes: 1 },
    ])
  })

  test('history: comes in parts, and each stint once where several were at the same time', async () => {
    const [one, two] = [await beat('One'), await beat('Two')]
    await write(bob, one, 'A')
    await write(bob, two, 'B')
    const whole = (await history()).stints
    expect(whole).toHaveLength(4)
    const parts = []
    for (let query = '?limit=1', left = 9; left > 0; left--) {
      const { stints, next } = await history(query)
      parts.push(...stints)
      if (next === null) break
      query = `?limit=1&after=${next}`
    }
    expect(parts).toEqual(whole)
    expect(await bob.get(`/api/stories/${storyId}/history?after=id.1`)).toMatchObject({
      status: 400,
      body: { code: 'bad_message', path: 'after' },
    })
  })

  test('history: a deleted beat is not told of until it is back', async () => {
    const one = await beat('One')
    await alice.delete(`/api/beats/${one}`)
    expect((await history()).stints).toEqual([])
    await alice.post(`/api/beats/${one}/restore`)
    expect((await history()).stints).toHaveLength(1)
  })
})

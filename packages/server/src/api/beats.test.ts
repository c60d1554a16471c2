import { applyStoryEvent, type BeatSummary, type Outline } from '@storyweave/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventsSince } from '../db/repositories/events.ts'
import { BIN_MS } from '../db/repositories/stories.ts'
import { loadStoryState } from '../db/repositories/story-state.ts'
import { describeEachDatabase } from '../db/testing.ts'
import { startTestServer, type TestPerson, type TestServer } from './testing.ts'

const CARD = { title: 'T', goal: 'G', conflict: 'C', outcome: 'O' }

describeEachDatabase('beats', (kind) => {
  let server: TestServer
  let alice: TestPerson

  beforeAll(async () => {
    server = await startTestServer({ kind })
    alice = await server.person()
  })
  afterAll(() => server.close())

  /** A story with beats of these titles, and nothing else. */
  async function storyOf(...titles: string[]): Promise<{ id: number; beats: number[] }> {
    const { body: story } = await alice.post('/api/stories', { title: 'S' })
    const { body: list } = await alice.get(`/api/stories/${story.id}/beats`)
    const beats: number[] = []
    for (const title of titles) {
      beats.push((await alice.post(`/api/stories/${story.id}/beats`, { title })).body.id)
    }
    await alice.delete(`/api/beats/${list.beats[0].id}`)
    return { id: story.id, beats }
  }

  const listOf = async (storyId: number): Promise<BeatSummary[]> =>
    (await alice.get(`/api/stories/${storyId}/beats`)).body.beats
  const titlesOf = async (storyId: number) => (await listOf(storyId)).map(({ title }) => title)
  const lastEvent = (storyId: number) => server.announced.findLast((told) => told.storyId === storyId)?.event

  test('beats: made at the end, at the start, and after another', async () => {
    const { id, beats } = await storyOf('A', 'B')
    const url = `/api/stories/${id}/beats`
    const end = await alice.post(url, { ...CARD, act: 'One' })
    expect(end).toMatchObject({
      status: 201,
      body: { ...CARD, story_id: id, act: 'One', beat_index: 2, scenes: [] },
    })
    await alice.post(url, { title: 'first', after_beat_id: null })
    const middle = await alice.post(url, { title: 'middle', after_beat_id: beats[0] })
    expect(middle.body.beat_index).toBe(2)
    expect(await titlesOf(id)).toEqual(['first', 'A', 'middle', 'B', 'T'])
    expect(lastEvent(id)).toMatchObject({
      type: 'beat_created',
      beat: { id: middle.body.id, beat_index: 2, title: 'middle', scenes: [] },
    })
    expect((await alice.get(`/api/beats/${end.body.id}`)).body).toEqual({ ...end.body, beat_index: 4 })
  })

  test('beats: not after a beat of another story, nor after a deleted one', async () => {
    const [one, other] = [await storyOf('A', 'B'), await storyOf('X')]
    await alice.delete(`/api/beats/${one.beats[1]}`)
    for (const after_beat_id of [other.beats[0], one.beats[1]]) {
      const answer = await alice.post(`/api/stories/${one.id}/beats`, { title: 'N', after_beat_id })
      expect(answer).toMatchObject({ status: 404, body: { path: 'after_beat_id' } })
    }
    expect(await titlesOf(one.id)).toEqual(['A'])
  })

  test('card: PUT writes all of it, PATCH some of it, and both are in the document and the tables', async () => {
    const { beats } = await storyOf('A')
    const url = `/api/beats/${beats[0]}`
    expect((await alice.put(url, CARD)).body).toMatchObject(CARD)
    expect((await alice.patch(url, { goal: 'Another' })).body).toMatchObject({ ...CARD, goal: 'Another' })
    expect((await alice.get(url)).body).toMatchObject({ ...CARD, goal: 'Another' })
    expect(await alice.put(url, { title: 'T' })).toMatchObject({ status: 400, body: { path: 'goal' } })
    const long = await alice.patch(url, { outcome: 'x'.repeat(20_001) })
    expect(long).toMatchObject({ status: 413, body: { code: 'too_large', path: 'outcome' } })
    expect(await alice.patch(url, { conflict: 'a\u0000' })).toMatchObject({
      status: 400,
      body: { path: 'conflict' },
    })
  })

  test('card: two changes of the same base merge', async () => {
    const { beats } = await storyOf('A')
    const url = `/api/beats/${beats[0]}`
    await alice.put(url, { ...CARD, goal: 'one two three' })
    const base = { goal: 'one two three' }
    await alice.patch(url, { goal: 'ONE two three', base })
    const { body } = await alice.patch(url, { goal: 'one two THREE', base })
    expect(body.goal).toBe('ONE two THREE')
  })

  test('act: changed, cleared, and told with every beat’s place; the same again tells nothing', async () => {
    const { id, beats } = await storyOf('A', 'B')
    const url = `/api/beats/${beats[1]}`
    expect((await alice.patch(url, { act: 'Two' })).body.act).toBe('Two')
    expect(lastEvent(id)).toMatchObject({
      type: 'beats_reordered',
      beats: [
        { id: beats[0], act: null },
        { id: beats[1], act: 'Two' },
      ],
    })
    const told = server.announced.length
    await alice.patch(url, { act: 'Two' })
    expect(server.announced).toHaveLength(told)
    expect((await alice.patch(url, { act: null })).body.act).toBeNull()
  })

  test('reorder: every beat once, in its new place', async () => {
    const { id, beats } = await storyOf('A', 'B', 'C', 'D')
    const [a, b, c, d] = beats
    const { status, body } = await alice.post(`/api/stories/${id}/beats/reorder`, { beat_ids: [d, a, c, b] })
    expect(status).toBe(200)
    expect(body.beats).toMatchObject([
      { id: d, beat_index: 0 },
      { id: a, beat_index: 1 },
      { id: c, beat_index: 2 },
      { id: b, beat_index: 3 },
    ])
    expect(await titlesOf(id)).toEqual(['D', 'A', 'C', 'B'])
  })

  test('move: to a place and into an act in one step, told once; where it stands already nothing is told', async () => {
    const { id, beats } = await storyOf('A', 'B', 'C')
    const [a, b, c] = beats
    const url = `/api/beats/${a}/move`
    const moved = await alice.post(url, { act: 'Two', after_beat_id: b })
    expect(moved).toMatchObject({ status: 200, body: { id: a, act: 'Two', beat_index: 1 } })
    expect(lastEvent(id)).toMatchObject({
      type: 'beats_reordered',
      beats: [
        { id: b, act: null },
        { id: a, act: 'Two' },
        { id: c, act: null },
      ],
    })
    const told = server.announced.length
    for (const same of [{ after_beat_id: b }, { act: 'Two', after_beat_id: b }]) {
      expect((await alice.post(url, same)).body).toMatchObject({ act: 'Two', beat_index: 1 })
    }
    expect(server.announced.length).toBe(told)
    await alice.post(url, { after_beat_id: null })
    expect(await titlesOf(id)).toEqual(['A', 'B', 'C'])
    await alice.post(url, {})
    expect(await titlesOf(id)).toEqual(['B', 'C', 'A'])
    expect(await alice.post(url, { act: null })).toMatchObject({ body: { act: null, beat_index: 2 } })
    const [other] = (await storyOf('X')).beats
    for (const after_beat_id of [a, other]) {
      const answer = await alice.post(url, { after_beat_id })
      expect(answer).toMatchObject({ status: 404, body: { path: 'after_beat_id' } })
    }
  })

  test('move: two at once take nothing back of each other', async () => {
    const { id, beats } = await storyOf('A', 'B', 'C', 'D')
    const [a, b, c, d] = beats
    await Promise.all([
      alice.post(`/api/beats/${a}/move`, { after_beat_id: d }),
      alice.post(`/api/beats/${c}/move`, { after_beat_id: null }),
    ])
    expect((await listOf(id)).map((beat) => beat.id)).toEqual([c, b, d, a])
  })

  test('an act is renamed on all of its beats, and told once', async () => {
    const { id } = await storyOf('A')
    for (const act of ['One', 'Two', 'One']) await alice.post(`/api/stories/${id}/beats`, { title: '', act })
    const told = server.announced.length
    const url = `/api/stories/${id}/acts/rename`
    const { status, body } = await alice.post(url, { from: 'One', to: 'First' })
    expect([status, body.beats.map(({ act }: BeatSummary) => act)]).toEqual([
      200,
      [null, 'First', 'Two', 'First'],
    ])
    expect(server.announced.length).toBe(told + 1)
    expect(await alice.post(url, { from: 'One', to: 'First' })).toMatchObject({ status: 404 })
  })

  test('the bin: beats deleted within 30 days, for whoever may bring them back', async () => {
    const { id, beats } = await storyOf('A', 'B')
    const reader = await server.person()
    await server.share({ id }, reader, 'viewer')
    for (const beat of beats) await alice.delete(`/api/beats/${beat}`)
    const url = `/api/stories/${id}/beats?deleted=true`
    expect((await reader.get(url)).status).toBe(403)
    const first = (await alice.get(`${url}&limit=2`)).body
    expect(first.beats.map(({ title }: BeatSummary) => title)).toEqual(['B', 'A'])
    const rest = (await alice.get(`${url}&after=${first.next}`)).body
    expect([rest.beats.length, rest.next]).toEqual([1, null])
    server.clock.advance(BIN_MS)
    expect((await alice.get(url)).body.beats).toEqual([])
  })

  test('reorder: an order that forgets, repeats or invents a beat is a conflict, and changes nothing', async () => {
    const { id, beats } = await storyOf('A', 'B', 'C')
    const [a, b, c] = beats
    const { beats: others } = await storyOf('X')
    for (const [beat_ids, reason] of [
      [[a, b], 'forgets'],
      [[], 'forgets'],
      [[c, b, a, b], 'twice'],
      [[c, b, a, others[0]], 'not in the story'],
    ] as const) {
      const answer = await alice.post(`/api/stories/${id}/beats/reorder`, { beat_ids })
      expect(answer).toMatchObject({ status: 409, body: { code: 'conflict' } })
      expect(answer.body.detail).toContain(reason)
    }
    expect(await titlesOf(id)).toEqual(['A', 'B', 'C'])
  })

  test('reorder: fifty at once leave each beat once, and the events tell the same order', async () => {
    const { id, beats } = await storyOf('A', 'B', 'C', 'D', 'E', 'F')
    const before = await loadStoryState(server.database.db, id)
    const orders = Array.from({ length: 50 }, (_, step) =>
      beats.toSorted((x, y) => ((x * (step + 3)) % 11) - ((y * (step + 3)) % 11) || x - y),
    )
    const answers = await Promise.all(
      orders.map((beat_ids) => alice.post(`/api/stories/${id}/beats/reorder`, { beat_ids })),
    )
    expect(answers.every(({ status }) => status === 200)).toBe(true)
    const state = await loadStoryState(server.database.db, id)
    const events = await eventsSince(server.database.db, id, before?.storySeq ?? 0)
    const start: Outline = before?.beats ?? []
    expect(events?.reduce(applyStoryEvent, start)).toEqual(state?.beats)
    expect(new Set(state?.beats.map((beat) => beat.id))).toEqual(new Set(beats))
  })

  test('bin: a deleted beat is nowhere, and comes back to its place with its card and text', async () => {
    const { id, beats } = await storyOf('A', 'B', 'C')
    const url = `/api/beats/${beats[1]}`
    const { body: scene } = await alice.post(`${url}/scenes`, { text: 'Kept *as it was*.' })
    await alice.patch(url, { goal: 'Kept' })
    expect(await alice.post(`${url}/restore`)).toMatchObject({ status: 409 })
    expect((await alice.delete(url)).status).toBe(204)
    expect(lastEvent(id)).toMatchObject({ type: 'beat_deleted', beat_id: beats[1] })
    expect(await titlesOf(id)).toEqual(['A', 'C'])
    for (const answer of [
      await alice.get(url),
      await alice.delete(url),
      await alice.patch(url, { goal: 'x' }),
      await alice.get(`/api/scenes/${scene.id}`),
      await alice.post(`${url}/scenes`, {}),
    ]) {
      expect(answer.status).toBe(404)
    }
    await alice.post(`/api/stories/${id}/beats`, { title: 'between', after_beat_id: beats[0] })
    const restored = await alice.post(`${url}/restore`)
    expect(restored.body).toMatchObject({
      title: 'B',
      goal: 'Kept',
      beat_index: 2,
      scenes: [{ id: scene.id }],
    })
    expect(lastEvent(id)).toMatchObject({ type: 'beat_restored', beat: { id: beats[1], beat_index: 2 } })
    expect(await titlesOf(id)).toEqual(['A', 'between', 'B', 'C'])
    expect((await alice.get(`/api/scenes/${scene.id}`)).body.text).toBe('Kept *as it was*.')
  })

  test('bin: a beat that was deleted 30 days ago does not come back', async () => {
    const { beats } = await storyOf('A', 'B')
    await alice.delete(`/api/beats/${beats[0]}`)
    server.clock.advance(BIN_MS)
    expect((await alice.post(`/api/beats/${beats[0]}/restore`)).status).toBe(404)
  })

  test('paging: every beat once, in order, also when the cursor’s beat is deleted meanwhile', async () => {
    const { id, beats } = await storyOf('A', 'B', 'C', 'D', 'E')
    const url = `/api/stories/${id}/beats`
    const first = await alice.get(`${url}?limit=2`)
    await alice.delete(`/api/beats/${beats[1]}`)
    const second = await alice.get(`${url}?limit=2&after=${first.body.next}`)
    const third = await alice.get(`${url}?limit=2&after=${second.body.next}`)
    const parts = [first, second, third].map(({ body }) => body.beats.map((beat: BeatSummary) => beat.title))
    expect(parts).toEqual([['A', 'B'], ['C', 'D'], ['E']])
    expect(second.body.beats[0].beat_index).toBe(1)
    expect(third.body.next).toBeNull()
    const { beats: others } = await storyOf('X')
    expect((await alice.get(`${url}?after=id.${others[0]}`)).status).toBe(400)
  })

  test('events: replayed from any point they give the outline as it stands', async () => {
    const { id, beats } = await storyOf('A', 'B')
    const { body: scene } = await alice.post(`/api/beats/${beats[0]}/scenes`, { title: 'S', text: 'a\n\nb' })
    const { body: half } = await alice.post(`/api/scenes/${scene.id}/split`, { at: 1 })
    await alice.post(`/api/scenes/${half.id}/move`, { beat_id: beats[1] })
    await alice.patch(`/api/scenes/${scene.id}`, { title: 'S2' })
    await alice.patch(`/api/beats/${beats[0]}`, { act: 'One' })
    await alice.delete(`/api/scenes/${scene.id}`)
    await alice.post(`/api/scenes/${scene.id}/restore`)
    await alice.delete(`/api/beats/${beats[1]}`)
    await alice.post(`/api/beats/${beats[1]}/restore`)
    await alice.post(`/api/stories/${id}/beats/reorder`, { beat_ids: beats.toReversed() })
    const events = (await eventsSince(server.database.db, id, 0)) ?? []
    expect(events.map((event) => event.story_seq)).toEqual(events.map((_, index) => index + 1))
    const state = await loadStoryState(server.database.db, id)
    // The story's first beat was there before its first event; that one was deleted.
    expect(events.reduce(applyStoryEvent, [] as Outline)).toEqual(state?.beats)
    expect(server.announced.filter((told) => told.storyId === id).map(({ event }) => event)).toEqual(events)
  })
})

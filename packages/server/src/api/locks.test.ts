import type { Scene } from '@storyweave/protocol'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { DatabaseLocks } from '../db/lock-keeper.ts'
import { describeEachDatabase } from '../db/testing.ts'
import { startTestServer, type TestAnswer, type TestPerson, type TestServer } from './testing.ts'

const HALF_AN_HOUR_MS = 30 * 60_000

/** Alice owns the story; she and Bob may write in it. */
interface Scenery {
  readonly storyId: number
  /** The first three beats; the first has two scenes, the second one. */
  readonly beats: readonly number[]
  readonly scene: Scene
  readonly other: Scene
  /** In the second beat. */
  readonly visitor: Scene
  readonly deletedScene: number
}

type Request = (person: TestPerson, scenery: Scenery) => Promise<TestAnswer>

/** Every route that changes the first beat, with the status it has where it is let. */
const CHANGES: readonly (readonly [string, number, Request])[] = [
  ['a card’s field', 200, (one, { beats }) => one.patch(`/api/beats/${beats[0]}`, { title: 'New' })],
  [
    'a whole card',
    200,
    (one, { beats }) =>
      one.put(`/api/beats/${beats[0]}`, { title: 'T', goal: 'G', conflict: 'C', outcome: 'O' }),
  ],
  ['an act', 200, (one, { beats }) => one.patch(`/api/beats/${beats[0]}`, { act: 'Two' })],
  [
    'a move of the beat',
    200,
    (one, { beats }) => one.post(`/api/beats/${beats[0]}/move`, { after_beat_id: beats[1] }),
  ],
  ['a new scene', 201, (one, { beats }) => one.post(`/api/beats/${beats[0]}/scenes`, { text: 'New.' })],
  ['a scene’s title', 200, (one, { scene }) => one.patch(`/api/scenes/${scene.id}`, { title: 'New' })],
  [
    'a scene’s text',
    200,
    (one, { scene }) => one.patch(`/api/scenes/${scene.id}`, { text: 'New.', version: scene.version }),
  ],
  ['a split', 201, (one, { scene }) => one.post(`/api/scenes/${scene.id}/split`, { at: 1 })],
  [
    'a move within the beat',
    200,
    (one, { scene, other, beats }) =>
      one.post(`/api/scenes/${scene.id}/move`, { beat_id: beats[0], after_scene_id: other.id }),
  ],
  [
    'a move out of the beat',
    200,
    (one, { scene, beats }) => one.post(`/api/scenes/${scene.id}/move`, { beat_id: beats[1] }),
  ],
  [
    'a move into the beat',
    200,
    (one, { visitor, beats }) => one.post(`/api/scenes/${visitor.id}/move`, { beat_id: beats[0] }),
  ],
  ['a deleted scene', 204, (one, { scene }) => one.delete(`/api/scenes/${scene.id}`)],
  ['a restored scene', 200, (one, { deletedScene }) => one.post(`/api/scenes/${deletedScene}/restore`)],
  ['a deleted beat', 204, (one, { beats }) => one.delete(`/api/beats/${beats[0]}`)],
]

describeEachDatabase('locks by REST', (kind) => {
  let server: TestServer
  let alice: TestPerson
  let bob: TestPerson
  let scenery: Scenery

  beforeAll(async () => {
    server = await startTestServer({ kind })
    alice = await server.person('Alice')
    bob = await server.person('Bob')
  })
  afterAll(() => server.close())
  beforeEach(async () => {
    scenery = await makeScenery()
  })

  async function makeScenery(): Promise<Scenery> {
    const { body: story } = await alice.post('/api/stories', { title: 'S' })
    await server.share(story, bob, 'editor')
    const { body: list } = await alice.get(`/api/stories/${story.id}/beats`)
    const beats: number[] = [list.beats[0].id]
    for (const title of ['Second', 'Third']) {
      beats.push((await alice.post(`/api/stories/${story.id}/beats`, { title })).body.id)
    }
    const scene = async (beatId: number | undefined, text: string): Promise<Scene> =>
      (await alice.post(`/api/beats/${beatId}/scenes`, { text })).body
    const deleted = await scene(beats[0], 'Deleted.')
    await alice.delete(`/api/scenes/${deleted.id}`)
    return {
      ...{ storyId: story.id, beats, deletedScene: deleted.id },
      other: await scene(beats[0], 'Other.'),
      visitor: await scene(beats[1], 'Visitor.'),
      scene: await scene(beats[0], 'One.\n\nTwo.'),
    }
  }

  /** Bob locks one of the story's beats. */
  async function lock(index = 0): Promise<{ readonly expires_at: string }> {
    const beatId = scenery.beats[index] ?? 0
    const wish = { kind: 'take', beatId, userId: bob.id, durationMs: HALF_AN_HOUR_MS } as const
    const taken = await new DatabaseLocks(server.database.db, server.clock.now).take(scenery.storyId, wish)
    return { expires_at: new Date(taken?.expiresAt ?? 0).toISOString() }
  }

  const unlock = (index = 0) =>
    new DatabaseLocks(server.database.db, server.clock.now).release(scenery.beats[index] ?? 0, bob.id)

  /** The whole story as it is kept, so that a refused change can be seen to have left nothing. */
  async function picture(): Promise<unknown> {
    const { db } = server.database
    const beats = db.selectFrom('beats').where('story_id', '=', scenery.storyId)
    const scenes = db.selectFrom('scenes').where('beat_id', 'in', scenery.beats)
    return {
      beats: await beats.select(['id', 'position', 'act', 'title', 'head_seq', 'deleted_at']).execute(),
      scenes: await scenes.select(['id', 'beat_id', 'position', 'title', 'deleted_at']).execute(),
    }
  }

  const reorder = (person: TestPerson, ...order: number[]) =>
    person.post(`/api/stories/${scenery.storyId}/beats/reorder`, {
      beat_ids: order.map((index) => scenery.beats[index]),
    })

  const orderNow = async () =>
    (await alice.get(`/api/stories/${scenery.storyId}/beats`)).body.beats.map(({ id }: { id: number }) =>
      scenery.beats.indexOf(id),
    )

  describe.each(CHANGES)('%s', (_name, status, change) => {
    test('lock-rest: is refused to everyone else, the owner too, with whose lock it is', async () => {
      const { expires_at } = await lock()
      const before = await picture()
      const details = { locked_by: bob.id, locked_by_name: 'Bob', expires_at }
      expect(await change(alice, scenery)).toMatchObject({
        status: 423,
        body: { code: 'beat_locked', ...details },
      })
      expect(await picture()).toEqual(before)
    })

    test('lock-rest: is the holder’s', async () => {
      await lock()
      expect((await change(bob, scenery)).status).toBe(status)
    })

    test('lock-rest: is anybody’s once the lock has ended', async () => {
      await lock()
      await unlock()
      expect((await change(alice, scenery)).status).toBe(status)
    })
  })

  test('lock-rest: what has expired locks nothing, though it was not swept', async () => {
    const beatId = scenery.beats[0] ?? 0
    const wish = { kind: 'take', beatId, userId: bob.id, durationMs: 1 } as const
    // An hour ago, by whichever clock is asked.
    const then = () => Math.min(server.clock.now(), Date.now()) - 3_600_000
    await new DatabaseLocks(server.database.db, then).take(scenery.storyId, wish)
    expect((await alice.patch(`/api/beats/${beatId}`, { act: 'Two' })).status).toBe(200)
  })

  test('lock-rest: a restored beat may be restored by the holder of its lock alone', async () => {
    await lock()
    await bob.delete(`/api/beats/${scenery.beats[0]}`)
    const restore = (person: TestPerson) => person.post(`/api/beats/${scenery.beats[0]}/restore`)
    expect(await restore(alice)).toMatchObject({ status: 423, body: { code: 'beat_locked' } })
    expect((await restore(bob)).status).toBe(200)
  })

  test('lock-rest: the other beats are free, and so is a new one beside the locked one', async () => {
    await lock()
    const { storyId, beats } = scenery
    expect((await alice.patch(`/api/beats/${beats[1]}`, { title: 'x', act: 'y' })).status).toBe(200)
    const made = await alice.post(`/api/stories/${storyId}/beats`, { title: 'N', after_beat_id: beats[0] })
    expect(made.status).toBe(201)
    expect((await alice.delete(`/api/beats/${beats[2]}`)).status).toBe(204)
  })

  test('lock-rest: everybody reads', async () => {
    await lock()
    for (const url of [`/api/beats/${scenery.beats[0]}`, `/api/scenes/${scenery.scene.id}`]) {
      expect((await alice.get(url)).status).toBe(200)
    }
  })

  test.each([0, 1])(
    'lock-reorder: two neighbours change places though one (%i) is locked',
    async (locked) => {
      await lock(locked)
      expect((await reorder(alice, 1, 0, 2)).status).toBe(200)
      expect(await orderNow()).toEqual([1, 0, 2])
    },
  )

  test.each([0, 1, 2])('lock-reorder: all others go round a locked beat (%i)', async (locked) => {
    await lock(locked)
    expect((await reorder(alice, 2, 1, 0)).status).toBe(200)
    expect(await orderNow()).toEqual([2, 1, 0])
  })

  test('lock-reorder: is refused where a locked beat itself must move, and moves nothing', async () => {
    await lock(0)
    await lock(1)
    const before = await picture()
    expect(await reorder(alice, 1, 0, 2)).toMatchObject({ status: 423, body: { code: 'beat_locked' } })
    expect(await picture()).toEqual(before)
    expect((await reorder(alice, 2, 0, 1)).status).toBe(200)
    expect(await orderNow()).toEqual([2, 0, 1])
  })

  test('lock-reorder: the holder moves their own', async () => {
    await lock(0)
    await lock(1)
    expect((await reorder(bob, 1, 0, 2)).status).toBe(200)
    expect(await orderNow()).toEqual([1, 0, 2])
  })

  test('lock-story: the whole story is deleted without an override', async () => {
    await lock()
    expect((await alice.delete(`/api/stories/${scenery.storyId}`)).status).toBe(204)
  })
})

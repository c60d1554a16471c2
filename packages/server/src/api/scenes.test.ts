import { readScene, serializeMarkdown } from '@storyweave/prose'
import type { Scene } from '@storyweave/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { BIN_MS } from '../db/repositories/stories.ts'
import { describeEachDatabase } from '../db/testing.ts'
import { openDocument } from './documents.ts'
import { startTestServer, type TestPerson, type TestServer } from './testing.ts'

describeEachDatabase('scenes', (kind) => {
  let server: TestServer
  let alice: TestPerson

  beforeAll(async () => {
    server = await startTestServer({ kind })
    alice = await server.person()
  })
  afterAll(() => server.close())

  /** A story with two beats and, in the first, scenes of these texts. */
  async function scenesOf(...texts: string[]) {
    const { body: story } = await alice.post('/api/stories', { title: 'S' })
    const { body: list } = await alice.get(`/api/stories/${story.id}/beats`)
    const { body: second } = await alice.post(`/api/stories/${story.id}/beats`, { title: 'Second' })
    const first = list.beats[0]
    await alice.delete(`/api/scenes/${first.scenes[0].id}`)
    const scenes: Scene[] = []
    for (const text of texts) scenes.push((await alice.post(`/api/beats/${first.id}/scenes`, { text })).body)
    const [scene] = scenes
    if (scene === undefined) throw new Error('A scenery has one scene at least')
    return {
      storyId: story.id as number,
      first: first.id as number,
      second: second.id as number,
      scene,
      scenes,
    }
  }

  const read = async (id: number): Promise<Scene> => (await alice.get(`/api/scenes/${id}`)).body
  const scenesIn = async (beatId: number): Promise<{ id: number; word_count: number }[]> =>
    (await alice.get(`/api/beats/${beatId}`)).body.scenes
  const idsIn = async (beatId: number) => (await scenesIn(beatId)).map(({ id }) => id)
  const lastEvent = () => server.announced.at(-1)?.event

  test('scenes: made with title and Markdown, at the end, at the start, after another', async () => {
    const { first, scene } = await scenesOf('One.')
    const url = `/api/beats/${first}/scenes`
    const text =
      '# Head\n\nWith *stress*, **force** and [a link](https://example.com).\n\n> quoted\n\n* * *\n\nEnd'
    const made = await alice.post(url, { title: 'Two', text, after_scene_id: scene.id })
    expect(made).toMatchObject({ status: 201, body: { beat_id: first, title: 'Two', text, word_count: 9 } })
    expect(await read(made.body.id)).toEqual(made.body)
    const { body: start } = await alice.post(url, { after_scene_id: null })
    expect(start).toMatchObject({ title: null, text: '', word_count: 0 })
    expect(lastEvent()).toMatchObject({
      type: 'scene_created',
      scene: { id: start.id },
      after_scene_id: null,
    })
    const { body: middle } = await alice.post(url, { text: 'M', after_scene_id: scene.id })
    expect(lastEvent()).toMatchObject({ scene: { id: middle.id, word_count: 1 }, after_scene_id: scene.id })
    expect(await idsIn(first)).toEqual([start.id, scene.id, middle.id, made.body.id])
  })

  test('scenes: refused after a scene of another beat, and with a text too long', async () => {
    const [one, other] = [await scenesOf('A'), await scenesOf('B')]
    const url = `/api/beats/${one.first}/scenes`
    expect(await alice.post(url, { after_scene_id: other.scene.id })).toMatchObject({
      status: 404,
      body: { path: 'after_scene_id' },
    })
    const long = await alice.post(url, { text: 'x'.repeat(2_000_001) })
    expect(long).toMatchObject({ status: 413, body: { code: 'too_large', path: 'text' } })
    expect(await idsIn(one.first)).toEqual([one.scene.id])
  })

  test('text: a new one replaces the old, and board and list count its words', async () => {
    const { first, scene } = await scenesOf('One two three.')
    const { status, body } = await alice.patch(`/api/scenes/${scene.id}`, {
      text: 'One two three four.',
      version: scene.version,
    })
    expect(status).toBe(200)
    expect(body).toMatchObject({ text: 'One two three four.', version: scene.version + 1, word_count: 4 })
    expect(await scenesIn(first)).toMatchObject([{ id: scene.id, word_count: 4 }])
    const row = await server.database.db
      .selectFrom('scenes')
      .select('plain_text')
      .where('id', '=', scene.id)
      .executeTakeFirst()
    expect(row).toEqual({ plain_text: 'One two three four.' })
  })

  test('text: the same text again appends nothing', async () => {
    const { scene } = await scenesOf('Same.')
    const { body } = await alice.patch(`/api/scenes/${scene.id}`, { text: 'Same.', version: scene.version })
    expect(body.version).toBe(scene.version)
  })

  test('text: based on an older version it merges with what was written since', async () => {
    const { scene } = await scenesOf('The cat sat.\n\nThe dog ran.')
    const url = `/api/scenes/${scene.id}`
    await alice.patch(url, { text: 'The black cat sat.\n\nThe dog ran.', version: scene.version })
    const { status, body } = await alice.patch(url, {
      text: 'The cat sat.\n\nThe dog ran home.',
      version: scene.version,
    })
    expect(status).toBe(200)
    expect(body.text).toBe('The black cat sat.\n\nThe dog ran home.')
  })

  test('text: ten writers of one version at once all keep their words', async () => {
    const paragraphs = Array.from({ length: 10 }, (_, index) => `Paragraph ${index}.`)
    const { scene } = await scenesOf(paragraphs.join('\n\n'))
    const answers = await Promise.all(
      paragraphs.map((paragraph, index) =>
        alice.patch(`/api/scenes/${scene.id}`, {
          text: paragraphs.with(index, `${paragraph} More.`).join('\n\n'),
          version: scene.version,
        }),
      ),
    )
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200))
    const { text, word_count } = await read(scene.id)
    expect(text).toBe(paragraphs.map((paragraph) => `${paragraph} More.`).join('\n\n'))
    expect(await scenesIn(scene.beat_id)).toMatchObject([{ word_count }])
  })

  test('text: needs its version; one that is not kept, or never was, is a conflict', async () => {
    const { first, scene } = await scenesOf('One.')
    const url = `/api/scenes/${scene.id}`
    expect(await alice.patch(url, { text: 'x' })).toMatchObject({
      status: 400,
      body: { code: 'bad_message', path: 'version' },
    })
    expect(await alice.patch(url, { text: 'x', version: 99 })).toMatchObject({
      status: 409,
      body: { code: 'conflict', path: 'version' },
    })
    await alice.patch(url, { text: 'Two.', version: scene.version })
    await server.database.log.compact(first)
    const old = await alice.patch(url, { text: 'x', version: scene.version })
    expect(old).toMatchObject({ status: 409, body: { code: 'conflict', path: 'version' } })
    expect(old.body.detail).toContain('Read the scene again')
    expect((await read(scene.id)).text).toBe('Two.')
  })

  test('text: a version from before the scene was there is a conflict, and writes nothing twice', async () => {
    const { scene } = await scenesOf('One.')
    const old = await alice.patch(`/api/scenes/${scene.id}`, { text: 'One.', version: scene.version - 1 })
    expect(old).toMatchObject({ status: 409, body: { code: 'conflict' } })
    expect((await read(scene.id)).text).toBe('One.')
  })

  test('text: script stays words', async () => {
    const { scene } = await scenesOf('<script>alert(1)</script>\n\n[x](javascript:alert(1))')
    expect(scene.text).not.toMatch(/^<script>/)
    const doc = openDocument((await server.database.log.load(scene.beat_id)) ?? { updates: [] })
    expect(readScene(doc, scene.key).textContent).toContain('<script>alert(1)</script>')
    expect(serializeMarkdown(readScene(doc, scene.key))).not.toContain('](javascript:')
  })

  test('title: changed, cleared, told; the same again tells nothing', async () => {
    const { scene } = await scenesOf('One.')
    const url = `/api/scenes/${scene.id}`
    expect((await alice.patch(url, { title: 'Night' })).body.title).toBe('Night')
    expect(lastEvent()).toMatchObject({ type: 'scene_changed', scene: { id: scene.id, title: 'Night' } })
    const told = server.announced.length
    await alice.patch(url, { title: 'Night' })
    await alice.patch(url, {})
    expect(server.announced).toHaveLength(told)
    expect((await alice.patch(url, { title: null })).body).toMatchObject({ title: null, text: 'One.' })
  })

  test('split: the first blocks stay, the others are a new scene behind it', async () => {
    const { first, scenes } = await scenesOf('a b\n\nc\n\nd e f', 'last')
    const [scene, last] = scenes
    const { status, body } = await alice.post(`/api/scenes/${scene?.id}/split`, { at: 2 })
    expect(status).toBe(201)
    expect(body).toMatchObject({ beat_id: first, title: null, text: 'd e f', word_count: 3 })
    expect((await read(scene?.id ?? 0)).text).toBe('a b\n\nc')
    expect(await scenesIn(first)).toMatchObject([
      { id: scene?.id, word_count: 3 },
      { id: body.id, word_count: 3 },
      { id: last?.id },
    ])
    expect(server.announced.slice(-2).map(({ event }) => event)).toMatchObject([
      { type: 'scene_changed', scene: { id: scene?.id, word_count: 3 } },
      { type: 'scene_created', scene: { id: body.id }, after_scene_id: scene?.id },
    ])
  })

  test.each([0, 2, 9, -1, 1.5])('split: a scene of two blocks is not split after block %s', async (at) => {
    const { first, scene } = await scenesOf('a\n\nb')
    const answer = await alice.post(`/api/scenes/${scene.id}/split`, { at })
    expect(answer).toMatchObject({ status: 400, body: { code: 'bad_message', path: 'at' } })
    expect(await idsIn(first)).toEqual([scene.id])
  })

  test('split: while others write, what was accepted is in one of the halves, once', async () => {
    for (const [text, wanted] of [
      ['one more\n\ntwo', ['one more', 'two']],
      ['one\n\ntwo more', ['one', 'two more']],
      ['one\n\ntwo\n\nthree', ['one', 'three', 'two']],
    ] as const) {
      const { first, scene } = await scenesOf('one\n\ntwo')
      const url = `/api/scenes/${scene.id}`
      const [writing, splitting] = await Promise.all([
        alice.patch(url, { text, version: scene.version }),
        alice.post(`${url}/split`, { at: 1 }),
      ])
      expect(splitting.status).toBe(201)
      const texts = await Promise.all((await idsIn(first)).map(async (id) => (await read(id)).text))
      // A new paragraph may end in either half; which, is for who came first to say.
      if (writing.status === 200) expect(texts.join('\n\n').split('\n\n').toSorted()).toEqual(wanted)
      else expect([writing.status, texts]).toEqual([409, ['one', 'two']])
    }
  })

  test('split: on the newest state, even if that came after the document was read', async () => {
    const { first, scene } = await scenesOf('one\n\ntwo')
    const url = `/api/scenes/${scene.id}`
    const { log } = server.database
    const load = log.load.bind(log)
    let overtaking: Promise<{ status: number }> | undefined
    log.load = async (beatId) => {
      const loaded = await load(beatId)
      if (overtaking === undefined) {
        overtaking = alice.patch(url, { text: 'one\n\ntwo more', version: scene.version })
        await overtaking
      }
      return loaded
    }
    const splitting = await alice.post(`${url}/split`, { at: 1 })
    log.load = load
    expect([(await overtaking)?.status, splitting.status]).toEqual([200, 201])
    const texts = await Promise.all((await idsIn(first)).map(async (id) => (await read(id)).text))
    expect(texts).toEqual(['one', 'two more'])
  })

  test('text: words in a paragraph that was deleted or split off meanwhile are refused, not lost', async () => {
    const { scene } = await scenesOf('one\n\ntwo')
    const url = `/api/scenes/${scene.id}`
    await alice.post(`${url}/split`, { at: 1 })
    const late = await alice.patch(url, { text: 'one\n\ntwo more', version: scene.version })
    expect(late).toMatchObject({ status: 409, body: { code: 'conflict', path: 'version' } })
    expect((await read(scene.id)).text).toBe('one')
    expect((await alice.patch(url, { text: 'one more\n\ntwo', version: scene.version })).status).toBe(200)
    expect((await read(scene.id)).text).toBe('one more')
  })

  test('move: within its beat it keeps its key', async () => {
    const { first, scenes } = await scenesOf('a', 'b', 'c')
    const [a, b, c] = scenes.map(({ id }) => id)
    const moved = await alice.post(`/api/scenes/${c}/move`, { beat_id: first, after_scene_id: null })
    expect(moved).toMatchObject({ status: 200, body: { id: c, key: scenes[2]?.key, text: 'c' } })
    expect(lastEvent()).toMatchObject({
      type: 'scene_moved',
      from_beat_id: first,
      beat_id: first,
      after_scene_id: null,
    })
    await alice.post(`/api/scenes/${a}/move`, { beat_id: first })
    await alice.post(`/api/scenes/${c}/move`, { beat_id: first, after_scene_id: b })
    expect(await idsIn(first)).toEqual([b, c, a])
  })

  test('move: into another beat it takes its text along under another key, and leaves none behind', async () => {
    const { first, second, scene } = await scenesOf('Taken *along*.')
    await alice.patch(`/api/scenes/${scene.id}`, { title: 'Named' })
    const { body: there } = await alice.post(`/api/beats/${second}/scenes`, { text: 'There.' })
    const moved = await alice.post(`/api/scenes/${scene.id}/move`, { beat_id: second, after_scene_id: null })
    expect(moved.body).toMatchObject({
      id: scene.id,
      beat_id: second,
      title: 'Named',
      text: 'Taken *along*.',
    })
    expect(moved.body.key).not.toBe(scene.key)
    expect([await idsIn(first), await idsIn(second)]).toEqual([[], [scene.id, there.id]])
    expect(lastEvent()).toMatchObject({
      type: 'scene_moved',
      from_beat_id: first,
      beat_id: second,
      scene: { id: scene.id, key: moved.body.key, word_count: 2 },
    })
    const old = openDocument((await server.database.log.load(first)) ?? { updates: [] })
    expect(serializeMarkdown(readScene(old, scene.key))).toBe('')
    await alice.post(`/api/scenes/${scene.id}/move`, { beat_id: first })
    expect((await read(scene.id)).text).toBe('Taken *along*.')
  })

  test('move: while others write, their words go along', async () => {
    const { second, scene } = await scenesOf('one\n\ntwo')
    const url = `/api/scenes/${scene.id}`
    const [writing, moving] = await Promise.all([
      alice.patch(url, { text: 'one more\n\ntwo', version: scene.version }),
      alice.post(`${url}/move`, { beat_id: second }),
    ])
    expect(moving.status).toBe(200)
    // Whoever came first, what was accepted is there.
    expect((await read(scene.id)).text).toBe(writing.status === 200 ? 'one more\n\ntwo' : 'one\n\ntwo')
    expect([200, 409]).toContain(writing.status)
  })

  test('move: not into another story, nor after a scene that is not there', async () => {
    const [one, other] = [await scenesOf('A'), await scenesOf('B')]
    const url = `/api/scenes/${one.scene.id}/move`
    expect(await alice.post(url, { beat_id: other.first })).toMatchObject({
      status: 404,
      body: { path: 'beat_id' },
    })
    expect(await alice.post(url, { beat_id: one.second, after_scene_id: other.scene.id })).toMatchObject({
      status: 404,
      body: { path: 'after_scene_id' },
    })
    expect(await alice.post(url, {})).toMatchObject({ status: 400, body: { path: 'beat_id' } })
    expect(await read(one.scene.id)).toMatchObject({ beat_id: one.first, text: 'A' })
  })

  test('move: crossing moves of ten scenes at once end, and no text is lost', async () => {
    const texts = Array.from({ length: 10 }, (_, index) => `text ${index}`)
    const { first, second, scenes } = await scenesOf(...texts)
    for (const { id } of scenes.slice(5)) await alice.post(`/api/scenes/${id}/move`, { beat_id: second })
    const answers = await Promise.all(
      scenes.map(({ id }, index) =>
        alice.post(`/api/scenes/${id}/move`, { beat_id: index < 5 ? second : first }),
      ),
    )
    for (const { status } of answers) expect([200, 409]).toContain(status)
    const found = await Promise.all(scenes.map(async ({ id }) => (await read(id)).text))
    expect(found).toEqual(texts)
    expect([...(await idsIn(first)), ...(await idsIn(second))].toSorted((a, b) => a - b)).toEqual(
      scenes.map(({ id }) => id),
    )
  })

  test('bin: a deleted scene comes back to its place with its text; after 30 days it does not', async () => {
    const { first, scenes } = await scenesOf('a', 'b', 'c')
    const [a, b, c] = scenes.map(({ id }) => id)
    const url = `/api/scenes/${b}`
    expect(await alice.post(`${url}/restore`)).toMatchObject({ status: 409 })
    expect((await alice.delete(url)).status).toBe(204)
    expect(lastEvent()).toMatchObject({ type: 'scene_deleted', beat_id: first, scene_id: b })
    for (const answer of [
      await alice.get(url),
      await alice.patch(url, { title: 'x' }),
      await alice.post(`${url}/split`, { at: 1 }),
      await alice.post(`${url}/move`, { beat_id: first }),
      await alice.post(`/api/scenes/${a}/move`, { beat_id: first, after_scene_id: b }),
    ]) {
      expect(answer.status).toBe(404)
    }
    expect(await idsIn(first)).toEqual([a, c])
    expect((await alice.post(`${url}/restore`)).body).toMatchObject({ id: b, text: 'b' })
    expect(lastEvent()).toMatchObject({ type: 'scene_restored', scene: { id: b }, after_scene_id: a })
    expect(await idsIn(first)).toEqual([a, b, c])
    await alice.delete(url)
    server.clock.advance(BIN_MS)
    expect((await alice.post(`${url}/restore`)).status).toBe(404)
  })
})

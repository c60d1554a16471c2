import { readAnchor } from '@storyweave/prose'
import type { Anchor, Comment, NewAnchor } from '@storyweave/protocol'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import * as Y from 'yjs'
import { describeEachDatabase } from '../../db/testing.ts'
import { startTestServer, type TestServer } from '../testing.ts'
import { makeDiscussion } from './discussion.ts'
import { anchorAt, documentOf, post, type Scenery, sceneryOf, TEXT, toldSince, write } from './testing.ts'

const QUOTE = 'slow and silent'

describeEachDatabase('passages', (kind) => {
  let server: TestServer
  let scenery: Scenery
  beforeAll(async () => {
    server = await startTestServer({ kind })
  })
  beforeEach(async () => {
    scenery = await sceneryOf(server)
  })
  afterAll(() => server.close())

  const begin = async (words = QUOTE): Promise<Comment> => {
    const { vera, scene } = scenery
    const anchor = await anchorAt(scenery, words)
    return (await post(scenery, vera, { content: 'Why?', scene_id: scene.id, anchor })).body
  }
  const tend = (beatId = scenery.scene.beat_id) =>
    makeDiscussion(server.context).tend(scenery.story.id, beatId)
  const read = async (id: number): Promise<Comment> => {
    const { body } = await scenery.alice.get(`/collaboration/stories/${scenery.story.id}/comments`)
    return body.comments.find((comment: Comment) => comment.id === id)
  }
  /** What the positions of a thread hold in the log's document now. */
  const held = async ({ anchor, scene_id, beat_id }: Comment): Promise<string | undefined> => {
    const { body } = await scenery.alice.get(`/api/scenes/${scene_id}`)
    const { start, end } = anchor as Anchor
    return readAnchor(await documentOf(scenery, beat_id ?? 0), body.key, start, end)?.quote
  }
  const rewrite = async (text: string, sceneId = scenery.scene.id) => {
    const { body } = await scenery.alice.get(`/api/scenes/${sceneId}`)
    const { status } = await scenery.alice.patch(`/api/scenes/${sceneId}`, { text, version: body.version })
    expect(status).toBe(200)
  }
  const actions = (from: number) =>
    toldSince(scenery, from, 'comment').map(({ action, comment }) => [action, comment.id])
  const paragraphs = (doc: Y.Doc) => doc.getXmlFragment(`scene/${scenery.scene.key}`)

  test('anchor-named: the words are read from the log, with what stands around them', async () => {
    const anchor = await anchorAt(scenery, QUOTE)
    const { vera, scene } = scenery
    const { status, body } = await post(scenery, vera, {
      content: 'Why?',
      scene_id: scene.id,
      anchor: { ...anchor, before: 'forged', quote: 'forged' },
      quote: 'forged',
    })
    expect(status).toBe(201)
    expect(body).toMatchObject({
      quote: QUOTE,
      detached: false,
      anchor: {
        ...anchor,
        before: 'the lamp at dusk.\nA ship came in, '.slice(-32),
        after: ', and nobody said a word.\nThen the'.slice(0, 32),
      },
    })
  })

  test('anchor-named: what is no passage of this scene is refused, and nothing is kept', async () => {
    const { alice, bob, scene, beats } = scenery
    const { start, end } = await anchorAt(scenery, QUOTE)
    const other = (await alice.post(`/api/beats/${beats[0]?.id}/scenes`, { text: 'Elsewhere.' })).body
    const elsewhere = await anchorAt(scenery, 'Elsewhere.', other)
    const far = (await alice.post(`/api/beats/${beats[1]?.id}/scenes`, { text: 'Far away.' })).body
    const farAway = await anchorAt(scenery, 'Far away.', far)
    const long = (await alice.post(`/api/beats/${beats[0]?.id}/scenes`, { text: `${'x'.repeat(999)}ab` }))
      .body
    const tooLong = await anchorAt(scenery, `${'x'.repeat(999)}ab`, long)
    const limit = await anchorAt(scenery, `${'x'.repeat(999)}a`, long)
    const unknown = Buffer.from(
      Y.encodeRelativePosition(new Y.RelativePosition(null, null, Y.createID(12_345, 99))),
    ).toString('base64')
    for (const [anchor, code, path] of [
      [{ start: end, end: start }, 'bad_message', 'anchor'],
      [{ start, end: start }, 'bad_message', 'anchor'],
      [{ start: elsewhere.start, end }, 'bad_message', 'anchor.start'],
      [{ start, end: farAway.end }, 'bad_message', 'anchor.end'],
      [{ start: unknown, end }, 'bad_message', 'anchor.start'],
      [{ start: 'AwAA', end }, 'bad_message', 'anchor.start'],
      [{ start, end: '/////w==' }, 'bad_message', 'anchor.end'],
      [{ start: 'no base64!', end }, 'bad_message', 'anchor.start'],
      [{ start: '', end }, 'bad_message', 'anchor.start'],
      [{ start }, 'bad_message', 'anchor.end'],
      [{ start: 'A'.repeat(2_004), end }, 'bad_message', 'anchor.start'],
    ] as readonly [Partial<NewAnchor>, string, string][]) {
      const { body } = await post(scenery, bob, { content: 'x', scene_id: scene.id, anchor })
      expect([body.code, body.path], JSON.stringify(anchor).slice(0, 80)).toEqual([code, path])
    }
    const over = await post(scenery, bob, { content: 'x', scene_id: long.id, anchor: tooLong })
    expect(over.body).toMatchObject({ code: 'bad_message', path: 'anchor' })
    expect((await post(scenery, bob, { content: 'x', scene_id: long.id, anchor: limit })).status).toBe(201)
    const { body } = await alice.get(`/collaboration/stories/${scenery.story.id}/comments`)
    expect(body.comments).toHaveLength(1)
  })

  test('anchor-tend: where the positions hold nothing happens, whatever is written around them', async () => {
    const thread = await begin()
    await write(scenery, scenery.scene.beat_id, (doc) => {
      const second = paragraphs(doc).get(1) as Y.XmlElement
      const text = second.get(0) as Y.XmlText
      text.insert(0, 'So: ')
    })
    const before = server.announced.length
    await tend()
    expect(actions(before)).toEqual([])
    expect(await held(thread)).toBe(QUOTE)
  })

  test('anchor-tend: a block written anew is found, and told once, as the doing of who began the thread', async () => {
    const { vera } = scenery
    const thread = await begin()
    await write(scenery, scenery.scene.beat_id, (doc) => {
      const words = (paragraphs(doc).get(1) as Y.XmlElement).toArray().join('')
      paragraphs(doc).delete(1, 1)
      const heading = new Y.XmlElement('heading')
      heading.insert(0, [new Y.XmlText(words)])
      paragraphs(doc).insert(1, [heading])
    })
    const before = server.announced.length
    await tend()
    await tend()
    expect(toldSince(scenery, before, 'comment')).toMatchObject([
      { action: 'anchored', user_id: vera.id, user_name: 'Vera', comment: { id: thread.id, quote: QUOTE } },
    ])
    const now = await read(thread.id)
    expect(now.anchor?.start).not.toBe(thread.anchor?.start)
    expect(await held(now)).toBe(QUOTE)
  })

  test('anchor-tend: an edited passage is what stands there now', async () => {
    const thread = await begin()
    await rewrite(TEXT.replace('slow and silent', 'slow but never silent'))
    await tend()
    expect(await read(thread.id)).toMatchObject({ quote: 'slow but never silent', detached: false })
  })

  test('anchor-tend: lost with its quote, kept, and back when the words are', async () => {
    const { alice } = scenery
    const thread = await begin()
    await rewrite('Nothing of that is here.')
    const before = server.announced.length
    await tend()
    await tend()
    expect(actions(before)).toEqual([['detached', thread.id]])
    expect(await read(thread.id)).toMatchObject({ detached: true, quote: QUOTE })
    const answer = await post(scenery, alice, { content: 'Gone!', parent_comment_id: thread.id })
    expect(answer.body).toMatchObject({ detached: true, quote: null })
    await rewrite(`Back again. ${TEXT}`)
    await tend()
    expect(actions(before).at(-1)).toEqual(['anchored', thread.id])
    const now = await read(thread.id)
    expect([now.detached, await held(now)]).toEqual([false, QUOTE])
  })

  test('anchor-tend: cut from one scene and put into another of the beat', async () => {
    const { alice, scene } = scenery
    const thread = await begin('A ship came in, slow and silent')
    const other = (await alice.post(`/api/beats/${scene.beat_id}/scenes`, { text: 'Later.' })).body
    await rewrite('The keeper lit the lamp at dusk.')
    await rewrite('Later.\n\nA ship came in, slow and silent, and nobody said a word.', other.id)
    await tend()
    const now = await read(thread.id)
    expect([now.scene_id, now.detached, await held(now)]).toEqual([other.id, false, thread.quote])
  })

  test('anchor-tend: resolved threads wait until they are reopened', async () => {
    const { vera } = scenery
    const thread = await begin()
    await vera.patch(`/collaboration/comments/${thread.id}`, { resolved: true })
    await rewrite('All is gone.')
    const before = server.announced.length
    await tend()
    expect(actions(before)).toEqual([])
    const { body } = await vera.patch(`/collaboration/comments/${thread.id}`, { resolved: false })
    expect(body).toMatchObject({ resolved: false, detached: true })
    expect(actions(before)).toEqual([
      ['reopened', thread.id],
      ['detached', thread.id],
    ])
  })

  test('anchor-tend: many at once tell it once; a beat that is gone, or another story’s, is let be', async () => {
    const thread = await begin()
    await rewrite('All is gone.')
    const before = server.announced.length
    await Promise.all([tend(), tend(), tend()])
    expect(actions(before)).toEqual([['detached', thread.id]])
    const foreign = await sceneryOf(server)
    await rewrite(TEXT)
    await makeDiscussion(server.context).tend(foreign.story.id, scenery.scene.beat_id)
    expect(actions(before)).toHaveLength(1)
    await scenery.alice.delete(`/api/beats/${scenery.scene.beat_id}`)
    const after = server.announced.length
    await tend()
    expect(server.announced).toHaveLength(after)
  })

  test('anchor-place: a deleted scene’s and a deleted beat’s threads are detached until they are restored', async () => {
    const { alice, bob, scene } = scenery
    const thread = await begin()
    const onScene = (await post(scenery, bob, { content: 'S', scene_id: scene.id })).body
    const onBeat = (await post(scenery, bob, { content: 'B', beat_id: scene.beat_id })).body
    for (const [path, ids] of [
      [`/api/scenes/${scene.id}`, [thread.id, onScene.id]],
      [`/api/beats/${scene.beat_id}`, [thread.id, onScene.id, onBeat.id]],
    ] as const) {
      const before = server.announced.length
      expect((await alice.delete(path)).status).toBe(204)
      expect(actions(before)).toEqual(ids.map((id) => ['detached', id]))
      for (const id of ids) expect((await read(id)).detached).toBe(true)
      expect((await read(thread.id)).quote).toBe(QUOTE)
      const between = server.announced.length
      expect((await alice.post(`${path}/restore`)).status).toBe(200)
      expect(actions(between)).toEqual(ids.map((id) => ['anchored', id]))
      const now = await read(thread.id)
      expect([now.detached, await held(now)]).toEqual([false, QUOTE])
    }
  })

  test('anchor-place: a scene that moves to another beat takes its threads along', async () => {
    const { alice, scene, beats } = scenery
    const thread = await begin()
    const lost = await begin('the lamp at dusk')
    await rewrite(TEXT.replace('the lamp at dusk', 'zzz'))
    await tend()
    const target = { beat_id: beats[1]?.id }
    const before = server.announced.length
    expect((await alice.post(`/api/scenes/${scene.id}/move`, target)).status).toBe(200)
    expect(actions(before)).toEqual([['anchored', thread.id]])
    const now = await read(thread.id)
    expect([now.beat_id, now.scene_id, await held(now)]).toEqual([beats[1]?.id, scene.id, QUOTE])
    expect(await read(lost.id)).toMatchObject({ beat_id: beats[1]?.id, detached: true })
    await tend(beats[1]?.id)
    await tend()
    expect(actions(before)).toHaveLength(1)
  })

  test('anchor-place: a split takes what goes along', async () => {
    const { alice, scene } = scenery
    const [first, second] = [await begin('The keeper lit'), await begin()]
    const before = server.announced.length
    const { body } = await alice.post(`/api/scenes/${scene.id}/split`, { at: 1 })
    expect(toldSince(scenery, before, 'comment')).toMatchObject([
      { action: 'anchored', user_id: alice.id, comment: { id: second.id, scene_id: body.id, quote: QUOTE } },
    ])
    expect(await held(await read(second.id))).toBe(QUOTE)
    expect(await read(first.id)).toEqual(first)
  })
})

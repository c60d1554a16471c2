import { SceneAnchors } from '@storyweave/prose'
import type { NewAnchor, StoryEvent } from '@storyweave/protocol'
import * as Y from 'yjs'
import { appendInTransaction } from '../../db/log/append.ts'
import { transact } from '../../db/repositories/queries.ts'
import type { TestAnswer, TestPerson, TestServer } from '../testing.ts'

/** A story with people in it who discuss it, for tests. */

export const TEXT =
  'The keeper lit the lamp at dusk.\n\nA ship came in, slow and silent, and nobody said a word.\n\nThen the bell rang.'

export interface Scenery {
  readonly server: TestServer
  readonly story: { readonly id: number }
  readonly beats: readonly { readonly id: number }[]
  readonly scene: { readonly id: number; readonly key: string; readonly beat_id: number }
  /** Owner, editor and viewer; Mallory has nothing to do with the story. */
  readonly alice: TestPerson
  readonly bob: TestPerson
  readonly vera: TestPerson
  readonly mallory: TestPerson
}

/** Two beats; the first has a scene that reads `TEXT`. */
export async function sceneryOf(server: TestServer): Promise<Scenery> {
  const alice = await server.person('Alice')
  const bob = await server.person('Bob')
  const vera = await server.person('Vera')
  const mallory = await server.person('Mallory')
  const { body: story } = await alice.post('/api/stories', { title: 'The Lighthouse' })
  const beats = []
  for (const title of ['One', 'Two']) {
    beats.push((await alice.post(`/api/stories/${story.id}/beats`, { title })).body)
  }
  const { body: scene } = await alice.post(`/api/beats/${beats[0].id}/scenes`, { text: TEXT })
  await server.share(story, bob, 'editor')
  await server.share(story, vera, 'viewer')
  return { server, story, beats, scene, alice, bob, vera, mallory }
}

export const named = (key: string) => ({ headers: { 'idempotency-key': key } })

export const post = (
  { story }: Scenery,
  person: TestPerson,
  comment: object,
  key?: string,
): Promise<TestAnswer> =>
  person.post(
    '/collaboration/comments',
    { story_id: story.id, ...comment },
    key === undefined ? {} : named(key),
  )

export async function documentOf({ server }: Scenery, beatId: number): Promise<Y.Doc> {
  const loaded = await server.database.log.load(beatId)
  const doc = new Y.Doc()
  for (const update of loaded?.updates ?? []) Y.applyUpdate(doc, update)
  return doc
}

/** The positions of these words in a scene, as a client names them. */
export async function anchorAt(
  scenery: Scenery,
  words: string,
  { beat_id, key }: { readonly beat_id: number; readonly key: string } = scenery.scene,
): Promise<NewAnchor> {
  const passage = new SceneAnchors(await documentOf(scenery, beat_id), key).find({
    quote: words,
    before: '',
    after: '',
  })
  if (passage === undefined) throw new Error(`No “${words}” in the scene`)
  return { start: passage.start, end: passage.end }
}

/** Writes in a beat's document as Alice, as if her editor had. */
export async function write(scenery: Scenery, beatId: number, change: (doc: Y.Doc) => void): Promise<void> {
  const { server, alice, story } = scenery
  const doc = await documentOf(scenery, beatId)
  const known = Y.encodeStateVector(doc)
  doc.transact(() => change(doc))
  const bytes = Y.encodeStateAsUpdate(doc, known)
  const row = { beatId, bytes, userId: alice.id, newClients: [doc.clientID], at: server.clock.now() }
  const seq = await transact(server.database.db, (trx) => appendInTransaction(trx, row))
  server.rooms.documentChanged(story.id, beatId, [{ seq, bytes, userId: alice.id }])
}

/** The events of a kind in a story since there were `from` of all. */
export const toldSince = <Type extends StoryEvent['type']>(
  { server, story }: Scenery,
  from: number,
  type: Type,
): Extract<StoryEvent, { type: Type }>[] =>
  server.announced
    .slice(from)
    .filter(({ storyId }) => storyId === story.id)
    .map(({ event }) => event)
    .filter((event): event is Extract<StoryEvent, { type: Type }> => event.type === type)

/** Who was notified of what since there were `from` notifications. */
export const notifiedSince = ({ server }: Scenery, from: number): [number, string][] =>
  server.notified.slice(from).map(({ userId, notification }) => [userId, notification.kind])

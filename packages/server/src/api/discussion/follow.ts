import { type Fate, type Passage, SceneAnchors } from '@storyweave/prose'
import type * as Y from 'yjs'
import {
  type AnchoredThread,
  anchorThread,
  type NewAnchorage,
  openAnchoredThreads,
} from '../../db/repositories/comments.ts'
import { readScenesOf } from '../../db/repositories/outline.ts'
import type { Queries, Trx } from '../../db/repositories/queries.ts'
import { anchorOf } from './passage.ts'

/** Where the passages of a beat's open threads have gone. */

export interface Anchorage extends NewAnchorage {
  readonly threadId: number
}

/** What is different from what is kept, of a beat whose document stands as `doc`, or of one of its scenes. */
export async function findMoves(
  db: Queries,
  beatId: number,
  doc: Y.Doc,
  sceneId?: number,
): Promise<Anchorage[]> {
  const all = await openAnchoredThreads(db, beatId)
  const threads = sceneId === undefined ? all : all.filter((thread) => thread.sceneId === sceneId)
  if (threads.length === 0) return []
  const scenes = (await readScenesOf(db, [beatId])).get(beatId) ?? []
  const read = scenes.map(({ id, key }) => ({ id, anchors: new SceneAnchors(doc, key) }))
  return threads.flatMap((thread) => moveOf(thread, read) ?? [])
}

interface OpenScene {
  readonly id: number
  readonly anchors: SceneAnchors
}

/** First the thread's own scene is asked, then the beat's others, in their order. */
function moveOf(thread: AnchoredThread, scenes: readonly OpenScene[]): Anchorage | undefined {
  const { id: threadId, lost } = thread
  const known: Passage = { ...thread.anchor, quote: thread.quote }
  const own = scenes.find(({ id }) => id === thread.sceneId)
  const fate: Fate = own?.anchors.follow(known) ?? { kind: 'lost' }
  if (fate.kind === 'holds') return lost ? { threadId, lost: false } : undefined
  if (own !== undefined && fate.kind === 'moved') return anchorage(threadId, own.id, fate.passage)
  for (const scene of scenes) {
    const passage = scene === own ? undefined : scene.anchors.find(known)
    if (passage !== undefined) return anchorage(threadId, scene.id, passage)
  }
  // A deleted scene's text is not there to be asked: when the scene comes back, its threads stand where they stood.
  return own === undefined || lost ? undefined : { threadId, lost: true }
}

const anchorage = (threadId: number, sceneId: number, passage: Passage): Anchorage => ({
  threadId,
  sceneId,
  anchor: anchorOf(passage),
  quote: passage.quote,
  lost: false,
})

export async function keepMoves(trx: Trx, moves: readonly Anchorage[]): Promise<void> {
  for (const { threadId, ...place } of moves) await anchorThread(trx, threadId, place)
}

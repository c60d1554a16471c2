import type { Passage } from '@storyweave/prose'
import { type Comment, Fault, type NewComment } from '@storyweave/protocol'
import { findBeat } from '../../db/repositories/beats.ts'
import { findComment } from '../../db/repositories/comments.ts'
import type { Queries } from '../../db/repositories/queries.ts'
import { findScene } from '../../db/repositories/scenes.ts'
import type { SceneRow } from '../../db/schema.ts'
import type { ApiContext } from '../context.ts'
import { readPassage } from './passage.ts'

/** Where a comment is to stand, as its writer says it. */

/** What a comment is made on: a thread to answer, or a place to begin one at. */
export type Target =
  | { readonly kind: 'thread'; readonly thread: Comment }
  | { readonly kind: 'beat'; readonly beatId: number }
  | { readonly kind: 'scene'; readonly scene: SceneRow }

const bad = (path: string, message: string): Fault => new Fault('bad_message', message, { path })
const KINDS = { beat_id: 'beat', scene_id: 'scene', parent_comment_id: 'comment' } as const
const missing = (path: keyof typeof KINDS): Fault =>
  new Fault('not_found', `"${path}" names no ${KINDS[path]} of this story; it may have been deleted.`, {
    path,
  })

/** @throws Fault `bad_message` for what contradicts itself, `not_found` for what is not in this story. */
export async function targetOf(db: Queries, storyId: number, wish: NewComment): Promise<Target> {
  const { beat_id: beatId, scene_id: sceneId, parent_comment_id: parentId, anchor } = wish
  if (parentId != null) {
    if (anchor != null) throw bad('anchor', '"anchor": a reply is about what its thread is about.')
    return { kind: 'thread', thread: await threadOf(db, storyId, parentId) }
  }
  if (sceneId != null) return { kind: 'scene', scene: await sceneOf(db, storyId, sceneId, beatId) }
  if (beatId == null) throw bad('beat_id', 'A comment needs "beat_id", "scene_id" or "parent_comment_id".')
  if (anchor != null) throw bad('scene_id', '"scene_id" is missing: an anchor stands in the text of a scene.')
  await requireBeatOf(db, storyId, beatId)
  return { kind: 'beat', beatId }
}

/** Any comment of a thread stands for the thread: its first comment. */
async function threadOf(db: Queries, storyId: number, id: number): Promise<Comment> {
  const comment = await findComment(db, id)
  const thread =
    comment?.parent_comment_id == null ? comment : await findComment(db, comment.parent_comment_id)
  if (thread?.story_id !== storyId) throw missing('parent_comment_id')
  return thread
}

async function sceneOf(
  db: Queries,
  storyId: number,
  sceneId: number,
  beatId: number | null | undefined,
): Promise<SceneRow> {
  const scene = await findScene(db, sceneId)
  const beat = scene === undefined ? undefined : await findBeat(db, scene.beat_id)
  if (beat?.story_id !== storyId || beat.deleted_at !== null) throw missing('scene_id')
  if (scene === undefined || scene.deleted_at !== null) throw missing('scene_id')
  if (beatId != null && beatId !== scene.beat_id) {
    throw bad('scene_id', '"scene_id" names a scene of another beat than "beat_id".')
  }
  return scene
}

async function requireBeatOf(db: Queries, storyId: number, beatId: number): Promise<void> {
  const beat = await findBeat(db, beatId)
  if (beat?.story_id !== storyId || beat.deleted_at !== null) throw missing('beat_id')
}

/** A passage with the scene it was read in. */
export interface ReadPassage {
  readonly sceneKey: string
  readonly passage: Passage
}

/** Reads the passage that a comment is about; undefined where it is about none. */
export async function passageOf(
  api: ApiContext,
  storyId: number,
  wish: NewComment,
): Promise<ReadPassage | undefined> {
  const target = await targetOf(api.db, storyId, wish)
  if (target.kind !== 'scene' || wish.anchor == null) return undefined
  // What the writer has just typed may be on its way to the log.
  await api.rooms.settle(storyId)
  return { sceneKey: target.scene.key, passage: await readPassage(api, target.scene, wish.anchor) }
}

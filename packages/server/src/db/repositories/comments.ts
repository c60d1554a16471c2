import type { Anchor, Comment } from '@storyweave/protocol'
import type { Expression, ExpressionBuilder, SqlBool } from 'kysely'
import type { Schema, StoryCommentTable } from '../schema.ts'
import { isoTime } from './present.ts'
import type { Queries, Trx } from './queries.ts'

/**
 * Comments in threads: a first comment and its replies. Place, passage and state are the thread's and stand on its
 * first comment; a thread is detached while its passage is lost, or its beat or scene deleted.
 * The story must be locked by whoever writes.
 */

export interface NewCommentRow {
  readonly storyId: number
  /** The thread's first comment; null: this one begins a thread. */
  readonly threadId: number | null
  /** Null on replies. */
  readonly beatId: number | null
  readonly sceneId: number | null
  readonly userId: number
  readonly content: string
  /** Ids of the people it names. */
  readonly mentions: readonly number[]
  readonly anchor: Anchor | null
  readonly quote: string | null
  readonly at: number
}

/** @returns the comment's id. */
export async function insertComment(trx: Trx, comment: NewCommentRow): Promise<number> {
  const { id } = await trx
    .insertInto('story_comments')
    .values({
      story_id: comment.storyId,
      parent_comment_id: comment.threadId,
      beat_id: comment.beatId,
      scene_id: comment.sceneId,
      user_id: comment.userId,
      content: comment.content,
      mentions: JSON.stringify(comment.mentions),
      anchor: comment.anchor === null ? null : JSON.stringify(comment.anchor),
      quote: comment.quote,
      resolved_by: null,
      deleted_at: null,
      created_at: comment.at,
      updated_at: comment.at,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

type Tables = Schema & { comment: StoryCommentTable; thread: StoryCommentTable }

/** Comments with their authors, their threads, and the threads' places. */
const comments = (db: Queries) =>
  db
    .selectFrom('story_comments as comment')
    .innerJoin('story_comments as thread', (join) =>
      join.on((eb) => eb('thread.id', '=', eb.fn.coalesce('comment.parent_comment_id', 'comment.id'))),
    )
    .innerJoin('users', 'users.id', 'comment.user_id')
    .leftJoin('beats', 'beats.id', 'thread.beat_id')
    .leftJoin('scenes', 'scenes.id', 'thread.scene_id')
    .select(['comment.id', 'comment.story_id', 'comment.parent_comment_id', 'comment.user_id'])
    .select(['comment.content', 'comment.mentions', 'comment.anchor', 'comment.quote'])
    .select(['comment.deleted_at', 'comment.created_at', 'comment.updated_at', 'users.name as user_name'])
    .select(['thread.beat_id', 'thread.scene_id', 'thread.lost', 'thread.resolved', 'thread.resolved_by'])
    .select(['beats.deleted_at as beat_deleted_at', 'scenes.deleted_at as scene_deleted_at'])

type CommentColumns = Awaited<ReturnType<ReturnType<typeof comments>['execute']>>[number]

/** What is deleted is gone, but for a first comment that has replies. */
const isShown = (eb: ExpressionBuilder<Tables, 'comment'>): Expression<SqlBool> =>
  eb.or([
    eb('comment.deleted_at', 'is', null),
    eb.exists(
      eb
        .selectFrom('story_comments as reply')
        .select('reply.id')
        .whereRef('reply.parent_comment_id', '=', 'comment.id')
        .where('reply.deleted_at', 'is', null),
    ),
  ])

function present(row: CommentColumns): Comment {
  return {
    id: row.id,
    story_id: row.story_id,
    beat_id: row.beat_id,
    scene_id: row.scene_id,
    parent_comment_id: row.parent_comment_id,
    user_id: row.user_id,
    user_name: row.user_name,
    content: row.content,
    mentions: JSON.parse(row.mentions),
    anchor: row.anchor === null ? null : JSON.parse(row.anchor),
    quote: row.quote,
    detached: isDetached(row),
    resolved: row.resolved,
    resolved_by: row.resolved_by,
    deleted: row.deleted_at !== null,
    created_at: isoTime(row.created_at),
    updated_at: isoTime(row.updated_at),
  }
}

const isDetached = (row: CommentColumns): boolean =>
  row.lost || row.beat_id === null || row.beat_deleted_at !== null || row.scene_deleted_at !== null

/** A comment that is shown; undefined where there is none, or it is gone. */
export async function findComment(db: Queries, id: number): Promise<Comment | undefined> {
  const row = await comments(db).where('comment.id', '=', id).where(isShown).executeTakeFirst()
  return row === undefined ? undefined : present(row)
}

/** A comment, gone or not, to tell of what has just become of it. */
export const readComment = async (db: Queries, id: number): Promise<Comment> =>
  present(await comments(db).where('comment.id', '=', id).executeTakeFirstOrThrow())

export interface CommentPage {
  readonly storyId: number
  readonly beatId?: number | undefined
  readonly sceneId?: number | undefined
  /** Of the thread. */
  readonly resolved?: boolean | undefined
  /** Ids above this one; undefined: from the oldest. */
  readonly after?: number | undefined
  readonly limit: number
}

/** Oldest first. */
export async function listComments(db: Queries, page: CommentPage): Promise<Comment[]> {
  const { storyId, beatId, sceneId, resolved, after = 0, limit } = page
  const rows = await comments(db)
    .where('comment.story_id', '=', storyId)
    .where('comment.id', '>', after)
    .where(isShown)
    .$if(beatId !== undefined, (query) => query.where('thread.beat_id', '=', beatId ?? 0))
    .$if(sceneId !== undefined, (query) => query.where('thread.scene_id', '=', sceneId ?? 0))
    .$if(resolved !== undefined, (query) => query.where('thread.resolved', '=', resolved === true))
    .orderBy('comment.id')
    .limit(limit)
    .execute()
  return rows.map(present)
}

/** Where threads stand: those of a beat's scenes are the beat's too. */
export type ThreadPlace = { readonly beatId: number } | { readonly sceneId: number }

/** The first comments of a place's threads, oldest first. */
export async function threadsIn(db: Queries, place: ThreadPlace): Promise<Comment[]> {
  const [column, id] =
    'beatId' in place
      ? (['thread.beat_id', place.beatId] as const)
      : (['thread.scene_id', place.sceneId] as const)
  const rows = await comments(db)
    .where(column, '=', id)
    .where('comment.parent_comment_id', 'is', null)
    .where(isShown)
    .orderBy('comment.id')
    .execute()
  return rows.map(present)
}

/** A thread that is about a passage, as far as its passage is concerned. */
export interface AnchoredThread {
  readonly id: number
  readonly sceneId: number | null
  readonly anchor: Anchor
  readonly quote: string
  /** Its passage was nowhere to be found. */
  readonly lost: boolean
}

/** The beat's open threads that are about a passage. */
export async function openAnchoredThreads(db: Queries, beatId: number): Promise<AnchoredThread[]> {
  const rows = await comments(db)
    .where('thread.beat_id', '=', beatId)
    .where('comment.parent_comment_id', 'is', null)
    .where('comment.anchor', 'is not', null)
    .where('comment.resolved', '=', false)
    .where(isShown)
    .orderBy('comment.id')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    sceneId: row.scene_id,
    anchor: JSON.parse(row.anchor ?? 'null'),
    quote: row.quote ?? '',
    lost: row.lost,
  }))
}

/** Who has spoken in a thread, and not taken it all back. */
export async function peopleOfThread(db: Queries, threadId: number): Promise<number[]> {
  const rows = await db
    .selectFrom('story_comments')
    .select('user_id')
    .distinct()
    .where(({ or, eb }) => or([eb('id', '=', threadId), eb('parent_comment_id', '=', threadId)]))
    .where('deleted_at', 'is', null)
    .execute()
  return rows.map(({ user_id }) => user_id)
}

export async function rewordComment(
  trx: Trx,
  id: number,
  { content, mentions }: Pick<NewCommentRow, 'content' | 'mentions'>,
  at: number,
): Promise<void> {
  await trx
    .updateTable('story_comments')
    .set({ content, mentions: JSON.stringify(mentions), updated_at: at })
    .where('id', '=', id)
    .execute()
}

/** Takes a comment's words back for good. */
export async function eraseComment(trx: Trx, id: number, at: number): Promise<void> {
  await trx
    .updateTable('story_comments')
    .set({ content: '', mentions: '[]', deleted_at: at, updated_at: at })
    .where('id', '=', id)
    .execute()
}

/** Resolves a thread as this person, or reopens it (null). */
export async function settleThread(
  trx: Trx,
  id: number,
  resolvedBy: number | null,
  at: number,
): Promise<void> {
  await trx
    .updateTable('story_comments')
    .set({ resolved: resolvedBy !== null, resolved_by: resolvedBy, updated_at: at })
    .where('id', '=', id)
    .execute()
}

/** Where a thread's passage stands from now on; what is not named stays as it is. */
export interface NewAnchorage {
  readonly sceneId?: number
  readonly anchor?: Anchor
  readonly quote?: string
  readonly lost: boolean
}

export async function anchorThread(
  trx: Trx,
  id: number,
  { sceneId, anchor, quote, lost }: NewAnchorage,
): Promise<void> {
  await trx
    .updateTable('story_comments')
    .set({
      lost,
      ...(sceneId !== undefined && { scene_id: sceneId }),
      ...(anchor !== undefined && { anchor: JSON.stringify(anchor) }),
      ...(quote !== undefined && { quote }),
    })
    .where('id', '=', id)
    .execute()
}

/** The threads of a scene go with it to another beat. */
export async function moveThreads(trx: Trx, sceneId: number, beatId: number): Promise<void> {
  await trx.updateTable('story_comments').set({ beat_id: beatId }).where('scene_id', '=', sceneId).execute()
}

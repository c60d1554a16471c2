import { type Comment, commentSchema, type NotificationKind, storyEventSchema } from '@storyweave/protocol'
import { eraseComment } from './comments.ts'
import type { Trx } from './queries.ts'

/** What each kind of notification says of a comment that is gone, and of whose doing it told. */
export type GoneWording = (kind: NotificationKind, actorName: string | null) => string

/**
 * Takes a comment's words back for good: from the comment, and from wherever they were kept to be told again (the
 * story's events, the answer for who repeats the command, notifications). The story must be locked.
 */
export async function eraseWords(
  trx: Trx,
  comment: Comment,
  { at, wording }: { readonly at: number; readonly wording: GoneWording },
): Promise<void> {
  await eraseComment(trx, comment.id, at)
  await eraseFromEvents(trx, comment)
  await eraseFromAnswers(trx, comment)
  await eraseFromNotifications(trx, comment, wording)
}

const wordless = (comment: Comment): Comment => ({ ...comment, content: '', mentions: [], deleted: true })

/** Their numbers stay: whoever missed them hears that there was a comment, and then that it is gone. */
async function eraseFromEvents(trx: Trx, { id, story_id: storyId }: Comment): Promise<void> {
  const rows = await trx
    .selectFrom('story_events')
    .select(['story_seq', 'event'])
    .where('story_id', '=', storyId)
    // Narrows; what is found is read and asked for the id.
    .where('event', 'like', `{"type":"comment",%"comment":{"id":${id},%`)
    .execute()
  for (const { story_seq, event: json } of rows) {
    const event = storyEventSchema.parse(JSON.parse(json))
    if (event.type !== 'comment' || event.comment.id !== id) continue
    await trx
      .updateTable('story_events')
      .set({ event: JSON.stringify({ ...event, comment: wordless(event.comment) }) })
      .where('story_id', '=', storyId)
      .where('story_seq', '=', story_seq)
      .execute()
  }
}

async function eraseFromAnswers(trx: Trx, comment: Comment): Promise<void> {
  const rows = await trx
    .selectFrom('idempotency_keys')
    .select(['scope', 'key', 'result'])
    .where('user_id', '=', comment.user_id)
    .where('result', 'like', `{"id":${comment.id},%`)
    .execute()
  for (const { scope, key, result } of rows) {
    const answer = commentSchema.safeParse(JSON.parse(result))
    if (!answer.success || answer.data.id !== comment.id) continue
    await trx
      .updateTable('idempotency_keys')
      .set({ result: JSON.stringify(wordless(answer.data)) })
      .where('user_id', '=', comment.user_id)
      .where('scope', '=', scope)
      .where('key', '=', key)
      .execute()
  }
}

async function eraseFromNotifications(trx: Trx, comment: Comment, wording: GoneWording): Promise<void> {
  const rows = await trx
    .selectFrom('notifications')
    .leftJoin('users', 'users.id', 'notifications.actor_id')
    .select(['notifications.id', 'notifications.kind', 'users.name'])
    .where('notifications.story_id', '=', comment.story_id)
    .where('notifications.comment_id', '=', comment.id)
    .execute()
  for (const { id, kind, name } of rows) {
    await trx
      .updateTable('notifications')
      .set({ message: wording(kind, name) })
      .where('id', '=', id)
      .execute()
  }
}

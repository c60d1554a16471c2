import type { ChatMessage } from '@storyweave/protocol'
import { isoTime } from './present.ts'
import type { Queries, Trx } from './queries.ts'

/** A story's chat. */

export interface NewChatMessage {
  readonly storyId: number
  readonly userId: number
  readonly message: string
  /** Ids of the people and of the beats it names. */
  readonly mentions: readonly number[]
  readonly beats: readonly number[]
  readonly clientId: string | null
  readonly at: number
}

/** @returns the message's id. */
export async function insertChatMessage(trx: Trx, chat: NewChatMessage): Promise<number> {
  const { id } = await trx
    .insertInto('chat_messages')
    .values({
      story_id: chat.storyId,
      user_id: chat.userId,
      message: chat.message,
      mentions: JSON.stringify(chat.mentions),
      beats: JSON.stringify(chat.beats),
      client_id: chat.clientId,
      created_at: chat.at,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

export interface ChatPage {
  readonly storyId: number
  /** Ids below this one; undefined: from the newest. */
  readonly before?: number | undefined
  readonly limit: number
}

/** Newest first. */
export async function listChat(db: Queries, { storyId, before, limit }: ChatPage): Promise<ChatMessage[]> {
  const rows = await db
    .selectFrom('chat_messages')
    .innerJoin('users', 'users.id', 'chat_messages.user_id')
    .selectAll('chat_messages')
    .select('users.name as user_name')
    .where('chat_messages.story_id', '=', storyId)
    .$if(before !== undefined, (query) => query.where('chat_messages.id', '<', before ?? 0))
    .orderBy('chat_messages.id', 'desc')
    .limit(limit)
    .execute()
  return rows.map((row) => ({
    id: row.id,
    message: row.message,
    user_id: row.user_id,
    user_name: row.user_name,
    mentions: JSON.parse(row.mentions),
    beats: JSON.parse(row.beats),
    client_id: row.client_id,
    timestamp: isoTime(row.created_at),
  }))
}

/** The last messages, oldest first: what a room begins with. */
export const latestChat = async (db: Queries, storyId: number, limit: number): Promise<ChatMessage[]> =>
  (await listChat(db, { storyId, limit })).reverse()

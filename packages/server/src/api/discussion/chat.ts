import type { Principal } from '../../access/principal.ts'
import { insertChatMessage } from '../../db/repositories/chat.ts'
import { readBeatOrder } from '../../db/repositories/outline.ts'
import { membersOf } from '../../db/repositories/permissions.ts'
import type { ApiContext } from '../context.ts'
import { changeStory, type StoryChange } from '../story-change.ts'
import { excerpt, mentionedPeople, namedBeats } from './mentions.ts'

export interface ChatWish {
  readonly message: string
  readonly client_id?: string | undefined
}

/** Keeps a chat message and tells the story's room; see `StoryCommands`. */
export async function sendChat(
  api: ApiContext,
  author: Principal,
  storyId: number,
  { message, client_id: clientId }: ChatWish,
): Promise<{ id: number }> {
  const key = clientId === undefined ? undefined : `chat/${clientId}`
  const command = { principal: author, storyId, action: 'discuss', key, status: 201 } as const
  const { body } = await changeStory(api, command, async (change) => ({
    id: await store(change, message, clientId ?? null),
  }))
  return body
}

async function store(change: StoryChange, message: string, clientId: string | null): Promise<number> {
  const { trx, storyId, author, at } = change
  const mentions = mentionedPeople(message, await membersOf(trx, storyId))
  const order = await readBeatOrder(trx, storyId)
  const beats = namedBeats(
    message,
    order.map(({ id }) => id),
  )
  const id = await insertChatMessage(trx, {
    storyId,
    userId: author.userId,
    message,
    mentions,
    beats,
    clientId,
    at,
  })
  change.tell({ type: 'chat', id, message, mentions, beats, client_id: clientId })
  for (const userId of mentions) {
    const words = `${author.name} mentioned you in the chat: “${excerpt(message)}”`
    change.notify({ userId, kind: 'mentioned', message: words, chatMessageId: id })
  }
  return id
}

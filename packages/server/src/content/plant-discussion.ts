import type { Passage } from '@storyweave/prose'
import { insertChatMessage } from '../db/repositories/chat.ts'
import { insertComment, type NewCommentRow, settleThread } from '../db/repositories/comments.ts'
import { readBeatOrder, readScenesOf } from '../db/repositories/outline.ts'
import type { Trx } from '../db/repositories/queries.ts'
import type { PlannedChatMessage, SeededThread } from './discussion-plan.ts'

export interface DiscussionPlanting {
  readonly storyId: number
  readonly threads: readonly SeededThread[]
  readonly chat: readonly PlannedChatMessage[]
  /** Who says all of it. */
  readonly authorId: number
  readonly at: number
}

/**
 * Writes what is said about a story that was planted in the same transaction. As with its beats, nobody can be in its
 * room yet: there are no events to tell, its count stays at 0, and nobody is notified.
 */
export async function plantDiscussion(trx: Trx, planting: DiscussionPlanting): Promise<void> {
  const { storyId, threads, chat, authorId: userId, at } = planting
  const beatIds = (await readBeatOrder(trx, storyId)).map(({ id }) => id)
  const scenes = await readScenesOf(trx, beatIds)
  for (const thread of threads) {
    const beatId = idAt(beatIds, thread.beat)
    const sceneIds = scenes.get(beatId)?.map(({ id }) => id) ?? []
    const sceneId = thread.scene === undefined ? null : idAt(sceneIds, thread.scene)
    await plantThread(trx, thread, { storyId, beatId, sceneId, userId, at })
  }
  for (const { message, beats: places } of chat) {
    const beats = places.map((place) => idAt(beatIds, place - 1))
    await insertChatMessage(trx, { storyId, userId, message, mentions: [], beats, clientId: null, at })
  }
}

type ThreadPlace = Pick<NewCommentRow, 'storyId' | 'beatId' | 'sceneId' | 'userId' | 'at'>

async function plantThread(trx: Trx, thread: SeededThread, place: ThreadPlace): Promise<void> {
  const [first, ...replies] = thread.notes
  if (first === undefined) throw new Error('A thread begins with a comment')
  const beginning = { ...place, ...aboutOf(thread.passage), threadId: null, content: first, mentions: [] }
  const threadId = await insertComment(trx, beginning)
  for (const content of replies) {
    const reply = { ...place, beatId: null, sceneId: null, anchor: null, quote: null }
    await insertComment(trx, { ...reply, threadId, content, mentions: [] })
  }
  if (thread.resolved) await settleThread(trx, threadId, place.userId, place.at)
}

function aboutOf(passage: Passage | undefined): Pick<NewCommentRow, 'anchor' | 'quote'> {
  if (passage === undefined) return { anchor: null, quote: null }
  const { quote, ...anchor } = passage
  return { anchor, quote }
}

function idAt(ids: readonly number[], index: number): number {
  const id = ids[index]
  if (id === undefined) throw new Error(`There is nothing at place ${index + 1} of ${ids.length}`)
  return id
}

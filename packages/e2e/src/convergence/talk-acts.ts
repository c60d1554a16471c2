import { Fault } from '@storyweave/protocol'
import type { Page } from './page.ts'
import type { World } from './world.ts'

/** What people say to each other, beside the text. */

export function chat({ chance, talk }: World, page: Page): void {
  const count = chance.happens(0.1) ? chance.between(8, 25) : chance.between(1, 2)
  for (let said = 0; said < count; said++) {
    const text = chance.happens(0.1) ? `${talk.newText()} @Person 3` : talk.newText()
    const clientId = page.room.sendChat(text)
    talk.said({ kind: 'chat', text, userId: page.person.userId, clientId, page: page.name })
  }
}

/** Begins a thread, or answers one. */
export function comment({ chance, talk, house }: World, page: Page): void {
  const content = talk.newText()
  const beatId = chance.pick(house.beatIds)
  const sceneId = chance.pick(house.scenesOf(beatId ?? 0))?.id
  const thread = chance.pick(page.room.getSnapshot().threads.threads)
  const isReply = thread !== undefined && chance.happens(0.5)
  const where = isReply
    ? { parent_comment_id: thread.first.id }
    : sceneId !== undefined && chance.happens(0.5)
      ? { scene_id: sceneId }
      : beatId === undefined
        ? undefined
        : { beat_id: beatId }
  if (where === undefined) return
  const clientId = page.room.createComment({ ...where, content })
  talk.said({ kind: 'comment', text: content, userId: page.person.userId, clientId, page: page.name })
}

/** Rewords, takes back, resolves or reopens something, also where it is not theirs to. */
export function changeComment(world: World, page: Page): void {
  const { chance, talk } = world
  const thread = chance.pick(page.room.getSnapshot().threads.threads)
  const one = thread && chance.pick([thread.first, ...thread.replies])
  if (one === undefined) return
  const { room } = page
  switch (chance.weighted({ updated: 4, resolved: 2, reopened: 2, deleted: 2 })) {
    case 'updated': {
      const content = talk.newText()
      return watched(world, page, room.updateComment(one.id, content), () =>
        talk.checkComment(one.id, 'updated', content),
      )
    }
    case 'resolved':
      return watched(world, page, room.resolveThread(one.id), () => talk.checkComment(one.id, 'resolved'))
    case 'reopened':
      return watched(world, page, room.reopenThread(one.id), () => talk.checkComment(one.id, 'reopened'))
    case 'deleted':
      return watched(world, page, room.deleteComment(one.id), () => talk.checkComment(one.id, 'deleted', ''))
  }
}

/** Looks at the threads, at older messages, at the chat. */
export function look(world: World, page: Page): void {
  const { room } = page
  switch (world.chance.weighted({ threads: 4, older: 2, chat: 1 })) {
    case 'threads':
      return watched(world, page, room.openThreads(), () => undefined)
    case 'older':
      return watched(world, page, room.loadOlderChat(), () => undefined)
    case 'chat':
      room.setTyping('chat')
      return room.lookAtChat()()
  }
}

/** Something was refused: tried again, or taken back. */
export function settleRefused({ chance, talk }: World, { room }: Page): void {
  const { chat, threads } = room.getSnapshot()
  const refused = [...chat.outgoing, ...threads.outgoing].filter(({ state }) => state === 'failed')
  const one = chance.pick(refused)
  if (one === undefined) return
  if (chance.happens(0.5)) return room.retryMessage(one.clientId)
  talk.discarded(one.clientId)
  room.discardMessage(one.clientId)
}

/** What is acknowledged is checked; what is refused is no failure of the history. */
export function watched(world: World, page: Page, asked: Promise<void>, check: () => void): void {
  asked.then(check).catch((error: unknown) => {
    if (!(error instanceof Fault)) return world.fail(error)
    world.note(`${page.name} is refused: ${error.code}`)
  })
}

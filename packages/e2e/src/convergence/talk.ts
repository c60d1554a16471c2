import type { Comment, StoryEvent } from '@storyweave/protocol'
import { listChat } from '@storyweave/server/db/repositories/chat.ts'
import { listComments } from '@storyweave/server/db/repositories/comments.ts'
import { Violation } from './checks.ts'
import { STORY } from './house.ts'
import type { Page } from './page.ts'
import type { Tables } from './tables.ts'

/** One thing said, in words that nobody else ever uses. */
export interface Saying {
  readonly kind: 'chat' | 'comment'
  readonly text: string
  readonly userId: number
  readonly clientId: string
  /** The page it was said on. */
  readonly page: string
  /** It died with its page before the device had it, which is nobody's fault. */
  isLost: boolean
  /** Its writer has taken it back after it was refused. */
  isDiscarded: boolean
}

const MADE_SINCE = {
  chat: 'select id, user_id as userId, message as text from chat_messages where id > ? order by id',
  comment: 'select id, user_id as userId, content as text from story_comments where id > ? order by id',
} as const

/** More than any history says. */
const ALL = 10_000

/** All that is said beside the text, and what became of it. */
export class Talk {
  readonly sayings: Saying[] = []
  readonly #tables: Tables
  /** Chat messages that are known to be on disk, by id. */
  readonly #stored = new Map<number, string>()
  /** What was ever stored, as it was said first: a comment's words are kept nowhere once it is deleted. */
  readonly #made: Pick<Saying, 'kind' | 'text' | 'userId'>[] = []
  readonly #seen = { chat: 0, comment: 0 }
  #writesSeen = 0
  #texts = 0

  constructor(tables: Tables) {
    this.#tables = tables
  }

  /** Words that were never said before. */
  newText(): string {
    this.#texts += 1
    return `saying ${this.#texts}`
  }

  said(saying: Omit<Saying, 'isLost' | 'isDiscarded'>): void {
    this.sayings.push({ ...saying, isLost: false, isDiscarded: false })
  }

  /** What the page has not sent is gone, but for what its device has. */
  crashed(page: string, kept: ReadonlySet<string>): void {
    for (const saying of this.sayings) {
      if (saying.page === page && !kept.has(saying.clientId)) saying.isLost = true
    }
  }

  discarded(clientId: string): void {
    for (const saying of this.sayings) if (saying.clientId === clientId) saying.isDiscarded = true
  }

  /** Looks for what was stored since it was last looked for. */
  look(): void {
    const { writes } = this.#tables
    if (writes === this.#writesSeen) return
    this.#writesSeen = writes
    for (const kind of ['chat', 'comment'] as const) {
      const { rows } = this.#tables.query({ sql: MADE_SINCE[kind], parameters: [this.#seen[kind]] })
      for (const { id, text, userId } of rows as unknown as (Saying & { readonly id: number })[]) {
        this.#made.push({ kind, text, userId })
        this.#seen[kind] = id
      }
    }
  }

  /** Durable events of the story, oldest first. */
  events(): readonly StoryEvent[] {
    const query = this.#tables.db.selectFrom('story_events').select('event').orderBy('story_seq')
    return this.#tables.now(query).map(({ event }) => JSON.parse(event) as StoryEvent)
  }

  /** What was acknowledged is on disk. */
  checkComment(id: number, action: string, content?: string): void {
    const isThere = this.events().some(
      (event) =>
        event.type === 'comment' &&
        event.comment.id === id &&
        (content === undefined || event.comment.deleted || event.comment.content === content),
    )
    if (!isThere) throw new Violation(`that comment ${id} is ${action} is acknowledged, but not on disk`)
  }

  /** At every moment: each message once, in order, and not before it is on disk. */
  checkPage(page: Page): void {
    const { chat, threads } = page.room.getSnapshot()
    if (page.seen.chat !== chat) {
      page.seen.chat = chat
      this.#checkChat(page, chat)
    }
    if (page.seen.threads !== threads) {
      page.seen.threads = threads
      const ids = threads.threads.flatMap(({ first, replies }) => [first.id, ...replies.map(({ id }) => id)])
      if (new Set(ids).size < ids.length) throw new Violation(`${page.name} shows a comment twice: ${ids}`)
    }
  }

  #checkChat({ name, room }: Page, { messages, outgoing }: Page['seen']['chat'] & object): void {
    const me = room.getSnapshot().me?.user_id
    const mine = new Set(messages.filter(({ user_id }) => user_id === me).map(({ client_id }) => client_id))
    const twice = outgoing.find(({ clientId }) => mine.has(clientId))
    if (twice !== undefined) throw new Violation(`${name} shows ${twice.message} as sent and as not sent`)
    let last = 0
    for (const { id, message } of messages) {
      if (id <= last) throw new Violation(`${name} shows the messages ${last} and ${id} in this order`)
      last = id
      if (this.#textOf(id) !== message) throw new Violation(`${name} shows ${message}, which is not on disk`)
    }
  }

  #textOf(id: number): string | undefined {
    const known = this.#stored.get(id)
    if (known !== undefined) return known
    const query = this.#tables.db.selectFrom('chat_messages').select('message').where('id', '=', id)
    const [row] = this.#tables.now(query)
    if (row !== undefined) this.#stored.set(id, row.message)
    return row?.message
  }

  /** In the end all pages show the same, which is what was said. */
  async checkEnd(pages: readonly Page[]): Promise<void> {
    const { db } = this.#tables
    const chat = (await listChat(db, { storyId: STORY, limit: ALL })).reverse()
    const comments = await listComments(db, { storyId: STORY, limit: ALL })
    const wanted = { chat: JSON.stringify(chat), threads: JSON.stringify(threadsOf(comments)) }
    for (const { name, room } of pages) {
      const { chat, threads } = room.getSnapshot()
      const shown = { chat: JSON.stringify(chat.messages), threads: JSON.stringify(threads.threads) }
      for (const what of ['chat', 'threads'] as const) {
        if (shown[what] === wanted[what]) continue
        throw new Violation(`${name} shows the ${what}\n${shown[what]}\nand there is\n${wanted[what]}`)
      }
      const waiting = [...chat.outgoing, ...threads.outgoing].filter(({ state }) => state === 'pending')
      if (waiting.length > 0) throw new Violation(`${name} still sends ${JSON.stringify(waiting)}`)
    }
    for (const saying of this.sayings) this.#checkSaying(saying, pages)
  }

  #checkSaying({ kind, text, userId, isLost, isDiscarded }: Saying, pages: readonly Page[]): void {
    const made = this.#made.filter((one) => one.kind === kind && one.userId === userId && one.text === text)
    if (made.length > 1) throw new Violation(`“${text}” of person ${userId} is there ${made.length} times`)
    if (made.length === 1 || isLost || isDiscarded) return
    const mine = pages.filter(({ person }) => person.userId === userId)
    const kept = mine.flatMap(({ room }) => {
      const { chat, threads } = room.getSnapshot()
      return [
        ...chat.outgoing.map(({ message }) => message),
        ...threads.outgoing.map(({ comment }) => comment.content),
      ]
    })
    if (!kept.includes(text)) throw new Violation(`“${text}” of person ${userId} is neither stored nor kept`)
  }
}

/** Threads as they are shown, made from the comments by another hand than the client's. */
function threadsOf(comments: readonly Comment[]) {
  return comments
    .filter(({ parent_comment_id }) => parent_comment_id === null)
    .map((first) => ({
      first,
      replies: comments.filter(
        ({ parent_comment_id, deleted }) => parent_comment_id === first.id && !deleted,
      ),
    }))
}

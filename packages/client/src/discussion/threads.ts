import { type Comment, Fault } from '@storyweave/protocol'
import { sameFields } from '../observable.ts'
import type { HistoryPort } from '../ports.ts'
import type { Thread } from '../types.ts'

export interface ThreadsHost {
  readonly storyId: number
  readonly history: HistoryPort | undefined
  changed(): void
}

/** A story's comments: read when first asked for, then kept by their events. */
export class Threads {
  readonly #host: ThreadsHost
  readonly #comments = new Map<number, Comment>()
  #threads: readonly Thread[] = []
  #state: 'closed' | 'loading' | 'ready' | 'failed' = 'closed'
  #opening: Promise<void> | undefined
  #isReading = false
  /** Comments that events have brought while the list was on its way: they are newer than the list. */
  #fresh = new Set<number>()
  /** The last event of each comment, by its `story_seq`: one that is repeated after it says what was before. */
  readonly #heard = new Map<number, number>()

  constructor(host: ThreadsHost) {
    this.#host = host
  }

  get state(): 'closed' | 'loading' | 'ready' | 'failed' {
    return this.#state
  }

  /** In the order in which they were begun; the same list until something changed. */
  get threads(): readonly Thread[] {
    return this.#threads
  }

  has(id: number): boolean {
    return this.#comments.has(id)
  }

  /** Resolves when all comments are there; rejects with Fault, and may be called again then. */
  open(): Promise<void> {
    if (this.#state === 'ready') return Promise.resolve()
    this.#opening ??= this.#load().finally(() => {
      this.#opening = undefined
    })
    return this.#opening
  }

  /** Events are missing: the list is read anew. What is shown stays until then. */
  async resync(): Promise<void> {
    if (this.#state === 'closed') return
    // Whoever asked for that one hears of its failure.
    await this.#opening?.catch(() => undefined)
    this.#opening = this.#load().finally(() => {
      this.#opening = undefined
    })
    await this.#opening
  }

  /** A `comment` event, whatever it says has happened: it holds the comment as it was then. */
  take(comment: Comment, storySeq: number): void {
    if (this.#state === 'closed' || storySeq < (this.#heard.get(comment.id) ?? 0)) return
    this.#heard.set(comment.id, storySeq)
    if (this.#isReading) this.#fresh.add(comment.id)
    this.#comments.set(comment.id, comment)
    this.#arrange()
  }

  async #load(): Promise<void> {
    if (this.#state !== 'ready') this.#state = 'loading'
    this.#isReading = true
    this.#host.changed()
    try {
      const read = await this.#readAll()
      const events = [...this.#fresh].flatMap((id) => this.#comments.get(id) ?? [])
      this.#comments.clear()
      for (const comment of [...read, ...events]) this.#comments.set(comment.id, comment)
      this.#state = 'ready'
    } catch (error) {
      this.#state = 'failed'
      throw error
    } finally {
      this.#isReading = false
      this.#fresh = new Set()
      this.#arrange()
    }
  }

  async #readAll(): Promise<readonly Comment[]> {
    const { history, storyId } = this.#host
    if (history === undefined) throw new Fault('unavailable', 'Comments can not be loaded here.')
    const all: Comment[] = []
    let after: string | undefined
    do {
      const { comments, next } = await history.comments(storyId, after)
      all.push(...comments)
      after = next ?? undefined
    } while (after !== undefined)
    return all
  }

  #arrange(): void {
    const replies = new Map<number, Comment[]>()
    const firsts: Comment[] = []
    for (const comment of [...this.#comments.values()].sort((one, other) => one.id - other.id)) {
      const { parent_comment_id: parent, deleted } = comment
      if (parent === null) firsts.push(comment)
      else if (!deleted)
        replies.set(parent, [...(replies.get(parent) ?? []), this.#inThread(comment, parent)])
    }
    this.#threads = firsts
      .map((first) => ({ first, replies: replies.get(first.id) ?? [] }))
      .filter((thread) => !thread.first.deleted || thread.replies.length > 0)
    this.#host.changed()
  }

  /** Place and state are the thread's: its events bring them with the first comment alone. */
  #inThread(reply: Comment, threadId: number): Comment {
    const first = this.#comments.get(threadId)
    if (first === undefined) return reply
    const { beat_id, scene_id, detached, resolved, resolved_by } = first
    const ofThread = { beat_id, scene_id, detached, resolved, resolved_by }
    const aligned = { ...reply, ...ofThread }
    if (sameFields(aligned, reply)) return reply
    this.#comments.set(reply.id, aligned)
    return aligned
  }
}

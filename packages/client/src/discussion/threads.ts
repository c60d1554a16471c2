import { type Comment, Fault } from '@storyweave/protocol'
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
  /** Comments that events have brought while the list was on its way: they are newer than the list. */
  #fresh = new Set<number>()

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

  /** Events are missing: the list is read anew. */
  async resync(): Promise<void> {
    if (this.#state === 'closed') return
    await this.#opening?.catch(() => undefined)
    this.#state = 'loading'
    await this.open()
  }

  /** A `comment` event, whatever it says has happened: it holds the comment as it is now. */
  take(comment: Comment): void {
    if (this.#state === 'closed') return
    if (this.#state === 'loading') this.#fresh.add(comment.id)
    this.#comments.set(comment.id, comment)
    this.#arrange()
  }

  async #load(): Promise<void> {
    this.#state = 'loading'
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
      else if (!deleted) replies.set(parent, [...(replies.get(parent) ?? []), comment])
    }
    this.#threads = firsts
      .map((first) => ({ first, replies: replies.get(first.id) ?? [] }))
      .filter((thread) => !thread.first.deleted || thread.replies.length > 0)
    this.#host.changed()
  }
}

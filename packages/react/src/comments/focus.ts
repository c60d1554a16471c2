import type { NewAnchor } from '@storyweave/protocol'
import type { Store } from '../hooks/use-store.ts'

/** A comment that is about to be written. */
export interface CommentDraft {
  readonly beatId: number
  readonly sceneId?: number | undefined
  /** The passage that it is about, and its words. */
  readonly anchor?: NewAnchor | undefined
  readonly quote?: string | undefined
  /** Leads back to where one was, once it is written or given up. */
  readonly goBack?: ((isWritten: boolean) => void) | undefined
}

export interface ActiveThread {
  /** Its first comment. */
  readonly id: number
  /** What was pressed, or the page's address. Who came by the text sees it already; everybody else is led there. */
  readonly from: 'text' | 'thread' | 'quote' | 'address'
  /** Whether the thread itself takes the keyboard. */
  readonly withKeyboard: boolean
}

interface CommentFocusSnapshot {
  /** Another object each time somebody goes there, though it be the same thread. */
  readonly active: ActiveThread | undefined
  readonly draft: CommentDraft | undefined
  /** The threads' passages as they stand in the text of the scenes that are open: one behind the other in each. */
  readonly order: ReadonlyMap<number, readonly number[]>
}

/** What text and threads of a room share: the thread one is at, the comment one is writing. */
export class CommentFocus implements Store<CommentFocusSnapshot> {
  readonly #listeners = new Set<() => void>()
  #snapshot: CommentFocusSnapshot = { active: undefined, draft: undefined, order: new Map() }

  getSnapshot(): CommentFocusSnapshot {
    return this.#snapshot
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  activate(id: number, from: ActiveThread['from'], withKeyboard = false): void {
    this.#set({ active: { id, from, withKeyboard } })
  }

  deactivate(): void {
    if (this.#snapshot.active !== undefined) this.#set({ active: undefined })
  }

  begin(draft: CommentDraft): void {
    this.#set({ draft, active: undefined })
  }

  endDraft(isWritten: boolean): void {
    const { draft } = this.#snapshot
    this.#set({ draft: undefined })
    draft?.goBack?.(isWritten)
  }

  /** `ids` as they stand in the scene's text; undefined when it is closed. */
  place(sceneId: number, ids: readonly number[] | undefined): void {
    const { order } = this.#snapshot
    if (order.get(sceneId)?.join() === ids?.join()) return
    const next = new Map(order)
    if (ids === undefined) next.delete(sceneId)
    else next.set(sceneId, ids)
    this.#set({ order: next })
  }

  #set(change: Partial<CommentFocusSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...change }
    for (const listener of this.#listeners) listener()
  }
}

const focuses = new WeakMap<object, CommentFocus>()

/** The room's own, as long as there is the room. */
export function commentFocusOf(room: object): CommentFocus {
  const known = focuses.get(room)
  if (known !== undefined) return known
  const made = new CommentFocus()
  focuses.set(room, made)
  return made
}

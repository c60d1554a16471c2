import type { Millis } from '../ports.ts'
import type { Tab } from '../presence.ts'
import type { SharedTab } from './node-message.ts'

/** A node says again who is there this often. */
export const SAY_EVERY_MS = 10_000
/** A node that was not heard for so long is gone, and everyone with it. */
export const UNHEARD_MS = 30_000

interface OtherNode {
  readonly tabs: readonly Tab[]
  readonly heardAt: Millis
}

/** Who is in this story's room on other nodes, as was heard last. */
export class OtherNodes {
  readonly #nodes = new Map<string, OtherNode>()

  /** True where this node was not known to be there. */
  hear(node: string, tabs: readonly SharedTab[], now: Millis): boolean {
    const isNew = !this.#nodes.has(node)
    const present = tabs.map(({ quietMs, ...tab }) => ({ ...tab, lastActive: now - quietMs }))
    this.#nodes.set(node, { heardAt: now, tabs: present })
    return isNew
  }

  get tabs(): Tab[] {
    return [...this.#nodes.values()].flatMap(({ tabs }) => tabs)
  }

  has(userId: number): boolean {
    return this.tabs.some((tab) => tab.userId === userId)
  }

  /** Forgets those that were not heard for too long, and says which. */
  expire(now: Millis): string[] {
    const gone = [...this.#nodes].filter(([, { heardAt }]) => now - heardAt >= UNHEARD_MS).map(([id]) => id)
    for (const id of gone) this.#nodes.delete(id)
    return gone
  }
}

import type { StoryPresence } from '@storyweave/protocol'
import type { Millis } from '../room/ports.ts'
import type { Neighbours } from './neighbours.ts'
import { repeat } from './repeat.ts'
import type { Timers } from './timers.ts'

/** Who is where is said again this often; at most so often a change is said. */
const SAY_EVERY_MS = 10_000
const CHANGE_EVERY_MS = 1_000
/** A node that was not heard for so long is gone. */
const UNHEARD_MS = 30_000

type Users = StoryPresence['users']

export interface HousePresenceOptions {
  readonly timers: Timers
  readonly neighbours: Neighbours
  /** Who is in which room of this node, on this node. */
  readonly here: () => readonly StoryPresence[]
}

/** Who is in which story on other nodes, for those who look at their shelf. */
export class HousePresence {
  readonly #options: HousePresenceOptions
  readonly #nodes = new Map<
    string,
    { readonly stories: readonly StoryPresence[]; readonly heardAt: Millis }
  >()
  #said = ''
  #saidAt: Millis = 0
  readonly #stop: () => void

  constructor(options: HousePresenceOptions) {
    this.#options = options
    this.#stop = repeat(options.timers, CHANGE_EVERY_MS, () => this.#say())
  }

  #say(): void {
    const { here, neighbours, timers } = this.#options
    const stories = here()
    const news = JSON.stringify(stories)
    const now = timers.now()
    if (news === this.#said && (stories.length === 0 || now - this.#saidAt < SAY_EVERY_MS)) return
    this.#said = news
    this.#saidAt = now
    neighbours.tellHouse({ kind: 'present', stories })
  }

  heard(node: string, stories: readonly StoryPresence[]): void {
    this.#nodes.set(node, { stories, heardAt: this.#options.timers.now() })
  }

  /** By story, each person once. */
  elsewhere(): ReadonlyMap<number, Users> {
    const now = this.#options.timers.now()
    for (const [node, { heardAt }] of this.#nodes) if (now - heardAt >= UNHEARD_MS) this.#nodes.delete(node)
    const byStory = new Map<number, Users>()
    for (const { stories } of this.#nodes.values()) {
      for (const { story_id, users } of stories)
        byStory.set(story_id, joined(byStory.get(story_id) ?? [], users))
    }
    return byStory
  }

  end(): void {
    this.#stop()
    this.#options.neighbours.tellHouse({ kind: 'present', stories: [] })
  }
}

/** Whoever is in both is there once. */
export function joined(some: Users, others: Users): Users {
  const known = new Set(some.map(({ user_id }) => user_id))
  return [...some, ...others.filter(({ user_id }) => !known.has(user_id))]
}

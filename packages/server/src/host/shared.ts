import type { ReadHeads } from './heads-watch.ts'
import type { NewsSource } from './lost-news.ts'
import type { Neighbours } from './neighbours.ts'

/** A house of several nodes: what the rooms of one need of the others, and of what they all write to. */
export interface SharedHouse {
  readonly neighbours: Neighbours
  readonly readHeads: ReadHeads
  /** The story's living beats that have rows which no projection speaks of. */
  readonly unprojected: (storyId: number) => Promise<readonly number[]>
  readonly notificationsAfter: NewsSource['notificationsAfter']
}

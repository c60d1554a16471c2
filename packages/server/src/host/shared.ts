import type { ReadHeads } from './heads-watch.ts'
import type { NewsSource } from './lost-news.ts'
import type { Neighbours } from './neighbours.ts'

/** A living beat with rows that no projection speaks of. */
export interface UnprojectedBeat {
  readonly beatId: number
  /** The last of these rows. */
  readonly headSeq: number
}

/** A house of several nodes: what the rooms of one need of the others, and of what they all write to. */
export interface SharedHouse {
  readonly neighbours: Neighbours
  readonly readHeads: ReadHeads
  readonly unprojected: (storyId: number) => Promise<readonly UnprojectedBeat[]>
  readonly notificationsAfter: NewsSource['notificationsAfter']
}

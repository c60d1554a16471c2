import type { CardChanges } from '@storyweave/protocol'
import type { NodeMessage } from '../nodes/node-message.ts'
import type { ConnectionId, Millis, Projection, RoomPorts } from '../ports.ts'
import type { ContentOptions } from './content.ts'
import type { Author } from './row.ts'

/** What a document needs of its room. */
export interface DocumentContext extends ContentOptions {
  readonly storyId: number
  /** Other nodes write to the same log. */
  readonly isShared: boolean
  readonly ports: RoomPorts
  now(): Millis
  /** The next number of this node's count of appends. */
  nextCounter(): number
  /** True where somebody else has locked the beat. */
  isClosedTo(userId: number, beatId: number): boolean
  /** `then` once it is sure how the beat's lock stands, on whatever node it was changed. */
  whenLockIsSure(beatId: number, then: () => void): void
  /** Card texts that are on disk now, for readers that do not have the document open. */
  cardEdited(beatId: number, changes: CardChanges, author: Author, except: ConnectionId | undefined): void
  /** Something was committed that no projection speaks of yet. */
  unprojected(beatId: number): void
  /** Rows were heard of that come after others which were not: those are on their way, or have to be read. */
  early(): void
  /** Carets are to be shared with the other nodes. */
  caretsMoved(): void
  tellNodes(message: NodeMessage): void
  /** A projection of what is on disk. */
  projected(projection: Projection): void
}

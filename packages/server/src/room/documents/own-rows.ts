import type { CardChanges } from '@storyweave/protocol'
import type { SharedRow } from '../nodes/node-message.ts'
import type { DocumentContext } from './document-context.ts'
import type { Row } from './row.ts'

/** After this many rows of its own the log is asked for a snapshot. */
export const ROWS_BETWEEN_SNAPSHOTS = 500

/** Rows of one document that this node has committed: the other nodes hear of them, and they add up. */
export class OwnRows {
  readonly #beatId: number
  readonly #context: DocumentContext
  /** Those since the other nodes were told. */
  readonly #untold: SharedRow[] = []
  /** How many since the log was last asked for a snapshot. */
  sinceSnapshot = 0

  constructor(beatId: number, context: DocumentContext) {
    this.#beatId = beatId
    this.#context = context
  }

  landed(seq: number, row: Row): void {
    const { ports, unprojected } = this.#context
    this.#share(seq, row, row.card)
    this.sinceSnapshot += 1
    if (this.sinceSnapshot >= ROWS_BETWEEN_SNAPSHOTS) {
      this.sinceSnapshot = 0
      ports.compact(this.#beatId)
    }
    unprojected(this.#beatId)
  }

  /** What has become of the card, of a row that was told without it. */
  cardKnown(seq: number, row: Row, card: CardChanges): void {
    if (Object.keys(card).length > 0) this.#share(seq, row, card)
  }

  #share(seq: number, { bytes, author }: Row, card: CardChanges): void {
    if (!this.#context.isShared) return
    this.#untold.push({ seq, bytes, userId: author.userId, userName: author.name, card })
  }

  tellNodes(): void {
    if (this.#untold.length === 0) return
    this.#context.tellNodes({ kind: 'rows', beatId: this.#beatId, rows: this.#untold.splice(0) })
  }
}

import type { CardChanges } from '@storyweave/protocol'
import type { AppendRefusal, ConnectionId } from '../ports.ts'
import type { Job } from './jobs.ts'
import type { OpenKey } from './open-key.ts'

export interface Author {
  readonly userId: number
  readonly name: string
}

/** One change of a document on its way to the log, and what is to be said of it afterwards. */
export interface Row {
  /** What it was made by, to be done again where the row does not stand by itself. */
  readonly job: Job
  /** Yjs update, encoding V1. */
  readonly bytes: Uint8Array
  /** Yjs client ids that it uses first. */
  readonly newClients: readonly number[]
  /** Keys of the scenes that it writes in. */
  readonly sceneKeys?: readonly string[]
  readonly author: Author
  /** The key it came by: its client knows it already. */
  readonly from: OpenKey | undefined
  /** The card's texts that it has changed, for everyone but the socket `except`. */
  readonly card: CardChanges
  readonly except: ConnectionId | undefined
  /** It is on disk, and in the document. */
  taken(): void
  refused(code: AppendRefusal): void
}

/** What Yjs has tidied up around a row of somebody else's is a change of its own: the log must know it too. */
export function cleanupRow(bytes: Uint8Array, userId: number): Row {
  const nothing = () => undefined
  return {
    ...{ job: { kind: 'say', say: nothing }, newClients: [], from: undefined, except: undefined },
    ...{ bytes, card: {}, author: { userId, name: '' }, taken: nothing, refused: nothing },
  }
}

/** What is said to the writer of a row that the log has refused. */
export const REFUSALS: Readonly<Record<AppendRefusal, string>> = {
  not_found: 'This beat is no longer there.',
  forbidden: 'You may read this story, not write in it.',
  bad_update: 'This change does not fit the document; it was not taken.',
  beat_locked: 'Somebody has locked this beat.',
}

import type { CardChanges, FaultDetails } from '@storyweave/protocol'
import type { ConnectionId, ForeignRow } from '../ports.ts'
import type { OpenKey, RefusalCode, Step1Reason } from './open-key.ts'
import type { Row } from './row.ts'

/** How a card edit ended: on disk, or refused. */
export type EditOutcome =
  | { readonly ok: true }
  | {
      readonly ok: false
      readonly code: RefusalCode
      readonly message: string
      readonly details?: FaultDetails
    }

export interface CardEdit {
  readonly changes: CardChanges
  readonly base: CardChanges | undefined
  readonly userId: number
  readonly userName: string
  /** The socket it came from; undefined for REST. */
  readonly connectionId: ConnectionId | undefined
  done(outcome: EditOutcome): void
}

/** How an incoming frame is acknowledged depends on what it answers. */
export type Answers = 'update' | 'unasked' | Step1Reason

/** What one document has to do, in order. A job that meets a document being loaded waits. */
export type Job =
  | {
      readonly kind: 'step1'
      readonly key: OpenKey
      readonly stateVector: Uint8Array
      readonly bytes: number
    }
  | {
      readonly kind: 'incoming'
      readonly key: OpenKey
      /** `update`, or the Step1 that this Step2 answers; `unasked` for one that answers none. */
      readonly answers: Answers
      readonly update: Uint8Array
      readonly bytes: number
    }
  | { readonly kind: 'card'; readonly edit: CardEdit }
  /** `isOurs`: by another hand of this node, which nobody else makes the projection of. */
  | { readonly kind: 'foreign'; readonly row: ForeignRow; readonly isOurs: boolean }
  | { readonly kind: 'project'; readonly done: () => void }
  /** The beat has a scene more, or one less. */
  | { readonly kind: 'scene'; readonly sceneKey: string; readonly present: boolean }
  /** Acknowledge what was refused on this key and is in the document by now. */
  | { readonly kind: 'mend'; readonly key: OpenKey }
  /** Ask this client for what is missing here, of the server's own accord, unless that was asked already. */
  | { readonly kind: 'ask'; readonly key: OpenKey }
  /** A row that the log has taken though one before it was refused. */
  | { readonly kind: 'landed'; readonly row: Row; readonly seq: number }
  /** Once everything before it is on disk nothing is decided until it is released, but what is told meanwhile is heard. */
  | { readonly kind: 'hold'; readonly begin: (release: () => void) => void }
  /** An answer that keeps its place in the order of answers. */
  | { readonly kind: 'say'; readonly say: () => void }

export type Incoming = Extract<Job, { kind: 'incoming' }>

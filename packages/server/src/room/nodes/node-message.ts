import type { CardChanges, Role, ServerMessage, UnlockReason } from '@storyweave/protocol'
import type { ForeignRow, Lock, Millis } from '../ports.ts'

/**
 * What the rooms of one story on several nodes tell each other. All of it is a hint: what is lost is found in the
 * database within a second, or is said again.
 */
export type NodeMessage =
  /** This room has just been opened, or can be heard again: whoever is there says what it knows. */
  | { readonly kind: 'hello' }
  | { readonly kind: 'rows'; readonly beatId: number; readonly rows: readonly SharedRow[] }
  /** Everyone who is in the room on this node; said at each change and again and again. */
  | { readonly kind: 'presence'; readonly tabs: readonly SharedTab[] }
  | {
      readonly kind: 'carets'
      readonly beatId: number
      readonly carets: readonly SharedCaret[]
      /** The node shows no others in this document. */
      readonly isAll: boolean
    }
  /** A document was taken into memory: who shows a caret in it? */
  | { readonly kind: 'carets_wanted'; readonly beatId: number }
  | { readonly kind: 'signs'; readonly signs: readonly Sign[] }
  | { readonly kind: 'lock'; readonly lock: Lock }
  | {
      readonly kind: 'unlock'
      readonly beatId: number
      readonly userId: number
      readonly reason: UnlockReason
      readonly by: number
    }
  | ({ readonly kind: 'question' } & SharedQuestion)
  /** The holder wrote or moved their caret while somebody asked. */
  | { readonly kind: 'holder_active'; readonly beatId: number; readonly userId: number }
  /** Answered; `granted` is undefined where the asker has left. */
  | {
      readonly kind: 'question_closed'
      readonly beatId: number
      readonly askerId: number
      readonly granted: boolean | undefined
    }

/** Those about locks. */
export type LockMessage = Extract<
  NodeMessage,
  { kind: 'lock' | 'unlock' | 'question' | 'question_closed' | 'holder_active' }
>

/** A row that another node has committed. */
export interface SharedRow extends ForeignRow {
  readonly userName: string
  /** The card's texts that it has changed, as they are after it. */
  readonly card: CardChanges
}

/** One person's sockets on a node, as one. */
export interface SharedTab {
  readonly userId: number
  readonly name: string
  readonly email: string | null
  readonly color: string
  readonly guest: boolean
  readonly role: Role
  readonly connectedAt: Millis
  readonly beatId: number | null
  /** Milliseconds since they last did something; nodes' clocks differ. */
  readonly quietMs: number
}

/** A caret with the socket it belongs to. */
export interface SharedCaret {
  readonly clientId: number
  /** As the client counts. */
  readonly clientClock: number
  /** As readers hear it. */
  readonly clock: number
  /** Undefined: gone. */
  readonly state: Readonly<Record<string, unknown>> | undefined
  readonly connectionId: string
  readonly connectedAt: Millis
  readonly userId: number
  readonly name: string
  readonly color: string
  readonly role: Role
}

/** Passing signs, as they go to the sockets. */
export type Sign = Extract<ServerMessage, { type: 'cursor_move' | 'typing' }>

/** Somebody on the sending node asks for a lock. */
export interface SharedQuestion {
  readonly beatId: number
  readonly holderId: number
  readonly holderName: string
  readonly askerId: number
  readonly askerName: string
  /** Until the answer is given by itself. */
  readonly forMs: number
}

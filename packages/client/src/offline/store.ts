import type { CommentRequest, ErrorCode, Scope } from '@storyweave/protocol'
import type { DrawerEntry, NewDrawerEntry } from '../drawer/entry.ts'
import type { SentenceName } from '../sentences.ts'

/** Why the server did not take words written here. */
export interface Refusal {
  readonly code: ErrorCode
  readonly message: string
  /** Where it is not the server's: the name of its sentence. */
  readonly said?: SentenceName
}

/** A Yjs update as it is kept, encoding V1. */
export interface NewRow {
  readonly update: Uint8Array
  /** How many changes made here it holds that the server has not acknowledged; 0 for the server's own. */
  readonly unsaved: number
}

export interface StoredRow extends NewRow {
  /** Rises with every row of the store. */
  readonly id: number
}

/** What is known of a document besides its text. */
export interface DocumentMemo {
  /** The last scope the server gave, for work while it is away. */
  readonly scope: Scope
}

export interface StoredDocument {
  /** In the order of their ids. */
  readonly rows: readonly StoredRow[]
  readonly memo: DocumentMemo | undefined
}

export interface UnsavedDocument {
  readonly name: string
  readonly changes: number
}

/** A comment that is to be made. */
export type NewComment = Extract<CommentRequest, { action: 'created' }>['comment']

/** Something said that the server has not confirmed: a chat message or a new comment. */
export interface OutgoingMessage {
  /** The same however often it is sent: the server makes one thing of it. */
  readonly clientId: string
  /** When it was said; milliseconds since 1970 UTC. */
  readonly at: number
  readonly said:
    | { readonly kind: 'chat'; readonly message: string }
    | { readonly kind: 'comment'; readonly comment: NewComment }
  /** The server will not take it as it is. */
  readonly failed: Refusal | undefined
}

/**
 * What one person has of one story on this device: documents, refused words, messages that are not sent. Several
 * tabs share it: a row stays unsaved until the tab that knows better says so, by its id. Every method rejects
 * when the device can't do it.
 */
export interface OfflineStore extends DocumentStore, DrawerStore, OutboxStore {
  /** `memory` does not outlive this page. Certain once any call has settled. */
  readonly place: 'device' | 'memory'
  /** Forgets everything, unsaved words too. */
  clear(): Promise<void>
  close(): void
}

export interface DocumentStore {
  load(name: string): Promise<StoredDocument>
  /** Appends all rows or none; answers with their ids. */
  append(name: string, rows: readonly NewRow[]): Promise<readonly number[]>
  /** These rows are on the server's disk. */
  markSaved(name: string, ids: readonly number[]): Promise<void>
  remember(name: string, memo: DocumentMemo): Promise<void>
  /** Makes one row of all rows that are saved. */
  compact(name: string): Promise<void>
  unsaved(): Promise<readonly UnsavedDocument[]>
}

/** What is to be kept of rows before they are forgotten: asked once, with what is in the drawer already. */
export type TakeOut = (drawer: readonly DrawerEntry[]) => readonly NewDrawerEntry[]

export interface DrawerStore {
  /**
   * Forgets rows of a document, and puts into the drawer what `takeOut` wants to keep of them: both, or neither.
   * Answers with what was added. Rows of other tabs stay: what these tabs still write may stand on them.
   */
  takeOut(name: string, ids: readonly number[], takeOut: TakeOut): Promise<readonly DrawerEntry[]>
  putInDrawer(entries: readonly NewDrawerEntry[]): Promise<readonly DrawerEntry[]>
  /** Oldest first. */
  drawer(): Promise<readonly DrawerEntry[]>
  removeFromDrawer(id: number): Promise<void>
}

export interface OutboxStore {
  /** Adds a message, or replaces the one with the same `clientId`. */
  keepOutgoing(message: OutgoingMessage): Promise<void>
  /** In the order in which they were said. */
  outgoing(): Promise<readonly OutgoingMessage[]>
  dropOutgoing(clientId: string): Promise<void>
  /** The last chat message that was read here; undefined where none ever was. */
  chatReadTo(): Promise<number | undefined>
  rememberChatRead(messageId: number): Promise<void>
}

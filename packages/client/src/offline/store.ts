import type { ErrorCode, Scope } from '@storyweave/protocol'

/** Why the server did not take words written here. */
export interface Refusal {
  readonly code: ErrorCode
  readonly message: string
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
  /** Set as long as the words here are not to be sent. */
  readonly refused: Refusal | undefined
}

export interface StoredDocument {
  /** In the order of their ids. */
  readonly rows: readonly StoredRow[]
  readonly memo: DocumentMemo | undefined
}

export interface UnsavedDocument {
  readonly name: string
  readonly changes: number
  readonly refused: boolean
}

/**
 * The documents of one story as one person has them on this device. Several tabs share it: a row stays unsaved
 * until the tab that knows better says so, by its id. Every method rejects when the device can't do it.
 */
export interface OfflineStore {
  /** `memory` does not outlive this page. Certain once any call has settled. */
  readonly place: 'device' | 'memory'
  load(name: string): Promise<StoredDocument>
  /** Appends all rows or none; answers with their ids. */
  append(name: string, rows: readonly NewRow[]): Promise<readonly number[]>
  /** These rows are on the server's disk. */
  markSaved(name: string, ids: readonly number[]): Promise<void>
  remember(name: string, memo: DocumentMemo): Promise<void>
  /** Makes one row of all rows that are saved. */
  compact(name: string): Promise<void>
  unsaved(): Promise<readonly UnsavedDocument[]>
  /** Forgets everything, unsaved words too. */
  clear(): Promise<void>
  close(): void
}

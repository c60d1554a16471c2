import type { AppendResult, AppendRow } from '../../room/ports.ts'

/** What the thread that owns the SQLite file is asked, and what it answers. */
export type Call =
  | { readonly type: 'open'; readonly file: string }
  | ({ readonly type: 'query' } & Statement)
  /** Queries that see one state of the database: one read transaction of its own. */
  | { readonly type: 'read'; readonly statements: readonly Statement[] }
  /** Ends the open transaction, if SQLite has not ended it by itself (a full disk does). */
  | { readonly type: 'rollback' }
  /** One transaction of its own. */
  | { readonly type: 'append'; readonly nodeId: string; readonly rows: readonly AppendRow[] }
  /** Yjs updates in, one update out; does not touch the database. */
  | { readonly type: 'merge'; readonly updates: readonly Uint8Array[] }
  | { readonly type: 'close' }

export interface Statement {
  readonly sql: string
  readonly parameters: readonly SqlValue[]
}

export type Row = Readonly<Record<string, unknown>>

export interface Answers {
  open: undefined
  query: QueryAnswer
  /** The rows of each statement. */
  read: readonly (readonly Row[])[]
  rollback: undefined
  append: readonly AppendResult[]
  merge: Uint8Array
  close: undefined
}

/** What SQLite itself can store. */
export type SqlValue = string | number | bigint | null | Uint8Array

export interface QueryAnswer {
  readonly rows: readonly Row[]
  /** Undefined where the statement returns rows. */
  readonly changes: number | undefined
  readonly lastId: number | undefined
}

/** An error on its way between threads, where classes are lost. */
export interface WireError {
  readonly message: string
  /** SQLite's extended result code; undefined where the error is not SQLite's. */
  readonly errcode: number | undefined
}

export interface Envelope {
  readonly id: number
  readonly call: Call
}

export type Reply =
  | { readonly id: number; readonly ok: true; readonly value: Answers[keyof Answers] }
  | { readonly id: number; readonly ok: false; readonly error: WireError }

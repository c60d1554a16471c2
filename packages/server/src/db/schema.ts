import type { Role } from '@storyweave/protocol'
import type { Generated, Selectable } from 'kysely'

/**
 * The tables. Our own times are integers: milliseconds since 1970 UTC. Better Auth's tables keep its types: Date
 * for times, true and false for booleans; the SQLite dialect converts both ways by the declared column type, so
 * rows look the same on both databases. Ids are serial and never used twice.
 */

export interface UserTable {
  id: Generated<number>
  name: string
  email: string
  email_verified: boolean
  image: string | null
  created_at: Date
  updated_at: Date
  /** Came by a link: no address, no password. False unless said. */
  guest: Generated<boolean>
  /** Set when the account was emptied; the row and its id stay. */
  emptied_at: number | null
}

/** Better Auth's own. */
export interface SessionTable {
  id: Generated<number>
  user_id: number
  token: string
  expires_at: Date
  ip_address: string | null
  user_agent: string | null
  created_at: Date
  updated_at: Date
}

/** Better Auth's own: a person's password, or their account elsewhere. */
export interface AccountTable {
  id: Generated<number>
  user_id: number
  account_id: string
  provider_id: string
  access_token: string | null
  refresh_token: string | null
  id_token: string | null
  access_token_expires_at: Date | null
  refresh_token_expires_at: Date | null
  scope: string | null
  password: string | null
  created_at: Date
  updated_at: Date
}

/** Better Auth's own: resets of passwords, proofs of addresses. */
export interface VerificationTable {
  id: Generated<number>
  identifier: string
  value: string
  expires_at: Date
  created_at: Date
  updated_at: Date
}

/** Better Auth's own: the keys that sign JWTs. */
export interface JwksTable {
  id: Generated<number>
  public_key: string
  private_key: string
  alg: string | null
  crv: string | null
  created_at: Date
  expires_at: Date | null
}

/** One row: the house itself. */
export interface HouseTable {
  id: number
  owner_id: number | null
  mode: 'accounts' | 'open'
  created_at: number
}

/** A person of a configured issuer, known by (`iss`, `sub`) alone. */
export interface ForeignUserTable {
  iss: string
  sub: string
  user_id: number
}

/** Tickets for sockets: stored as a hash, taken by deleting. */
export interface TicketTable {
  hash: string
  user_id: number
  /** The session the ticket was bought with: the socket ends with it. */
  session_id: string | null
  session_expires_at: number | null
  expires_at: number
}

export interface ProjectTable {
  id: Generated<number>
  owner_id: number
  name: string
  description: string | null
  deleted_at: number | null
  created_at: number
  updated_at: number
}

export interface StoryTable {
  id: Generated<number>
  project_id: number
  title: string
  premise: string | null
  genre: string | null
  logline: string | null
  length: string | null
  status: 'draft' | 'outline' | 'in_progress' | 'completed' | 'archived'
  /** The number of the story's last durable event. */
  story_seq: Generated<number>
  /** Grows with every change of somebody's rights. */
  access_epoch: Generated<number>
  deleted_at: number | null
  created_at: number
  updated_at: number
}

export interface StoryPermissionTable {
  id: Generated<number>
  story_id: number
  user_id: number
  role: Role
  invited_by: number | null
  created_at: number
  updated_at: number
}

export interface BeatTable {
  id: Generated<number>
  story_id: number
  /** Fractional index, compared byte by byte. Order is (position, id). */
  position: string
  act: string | null
  /** The card: projections of the beat's document, made from row `projected_seq`. */
  title: string
  goal: string
  conflict: string
  outcome: string
  projected_seq: Generated<number>
  /** The number of the last row in the document's log. */
  head_seq: Generated<number>
  deleted_at: number | null
  created_at: number
  updated_at: number
}

export interface SceneTable {
  id: Generated<number>
  beat_id: number
  /** The scene's fragment in the beat's document is `scene/{key}`. Unique. */
  key: string
  position: string
  title: string | null
  /** Projections of the beat's document. */
  plain_text: string
  word_count: number
  projected_seq: Generated<number>
  deleted_at: number | null
  created_at: number
  updated_at: number
}

/** The log: every accepted update. Primary key (beat_id, seq); (node_id, node_counter) is unique. */
export interface DocumentUpdateTable {
  beat_id: number
  seq: number
  bytes: Uint8Array
  user_id: number
  /** Both null where the row was made inside another transaction, which is never repeated by itself. */
  node_id: string | null
  node_counter: number | null
  created_at: number
}

/** A cache of the log up to `seq`. */
export interface DocumentSnapshotTable {
  beat_id: number
  seq: number
  bytes: Uint8Array
  created_at: number
}

/**
 * Who wrote when and how much, of the rows that a snapshot let go: one row a person and hour.
 * Primary key (beat_id, user_id, hour).
 */
export interface DocumentAuthorTable {
  beat_id: number
  user_id: number
  /** Hours since 1970 UTC. */
  hour: number
  first_seq: number
  last_seq: number
  first_at: number
  last_at: number
  updates: number
  bytes: number
}

/** A Yjs client id belongs to the first person who wrote under it. Primary key (beat_id, client_id). */
export interface DocumentClientTable {
  beat_id: number
  client_id: number
  user_id: number
}

/** Durable events, for who missed them. Primary key (story_id, story_seq). */
export interface StoryEventTable {
  story_id: number
  story_seq: number
  /** JSON of the event as it went over the wire. */
  event: string
  created_at: number
}

/** The first result of a command that makes something. Primary key (user_id, scope, key). */
export interface IdempotencyKeyTable {
  user_id: number
  /** `story:{id}`, or `house` where no story is concerned. */
  scope: string
  key: string
  status: number
  /** JSON of the answer. */
  result: string
  created_at: number
}

export interface Schema {
  users: UserTable
  sessions: SessionTable
  accounts: AccountTable
  verifications: VerificationTable
  jwks: JwksTable
  house: HouseTable
  foreign_users: ForeignUserTable
  tickets: TicketTable
  projects: ProjectTable
  stories: StoryTable
  story_permissions: StoryPermissionTable
  beats: BeatTable
  scenes: SceneTable
  document_updates: DocumentUpdateTable
  document_snapshots: DocumentSnapshotTable
  document_authors: DocumentAuthorTable
  document_clients: DocumentClientTable
  story_events: StoryEventTable
  idempotency_keys: IdempotencyKeyTable
}

export type StoryRow = Selectable<StoryTable>
export type BeatRow = Selectable<BeatTable>
export type SceneRow = Selectable<SceneTable>
export type ProjectRow = Selectable<ProjectTable>

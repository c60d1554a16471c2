import type { GuestRole, Role } from '@storyweave/protocol'
import type { Generated, Selectable } from 'kysely'
import type {
  MailTable,
  NotificationPreferenceTable,
  NotificationTable,
  UnsubscribeTokenTable,
} from './notification-tables.ts'
import type { GrowingWaitTable, RateCountTable } from './tries/tables.ts'

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
  /** Whoever runs the house made the account and knows whose address it is. False unless said. */
  house_made: Generated<boolean>
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
  /** Of the AUTH_SECRET that all nodes have; null until a node of several has started. */
  secret_fingerprint: Generated<string | null>
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
  /** The link that let this guest in; null for everyone else. */
  link_id: Generated<number | null>
  created_at: number
  updated_at: number
}

export interface InvitationTable {
  id: Generated<number>
  story_id: number
  /** In lower case. */
  email: string
  role: GuestRole
  token_hash: string
  invited_by: number
  expires_at: number
  accepted_at: Generated<number | null>
  accepted_by: Generated<number | null>
  withdrawn_at: Generated<number | null>
  /** Somebody signed up with it, in a house that takes new people by invitation alone. */
  signed_up_at: Generated<number | null>
  created_at: number
  updated_at: number
}

export interface ShareLinkTable {
  id: Generated<number>
  story_id: number
  role: GuestRole
  token_hash: string
  passcode_hash: string | null
  enabled: Generated<boolean>
  expires_at: number
  max_uses: number
  /** How many guests it has let in, gone ones included. */
  uses: Generated<number>
  created_by: number
  created_at: number
  updated_at: number
}

/** A guest's use of a link. Primary key (link_id, user_id). */
export interface LinkGuestTable {
  link_id: number
  user_id: number
  /** An owner took their access away: no link of the story lets them in any more. */
  removed_at: Generated<number | null>
  created_at: number
}

/** What another server proves itself with. */
export interface HostTokenTable {
  id: Generated<number>
  name: string
  token_hash: string
  created_at: number
  revoked_at: Generated<number | null>
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
  /** When card or scenes were last written from the document, by the database's clock. */
  projected_at: Generated<number>
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

/** Leases on beats; unique by beat. */
export interface BeatLockTable {
  id: Generated<number>
  beat_id: number
  story_id: number
  user_id: number
  acquired_at: number
  expires_at: number
  /** When a node last had a socket of the holder. */
  seen_at: Generated<number>
  /** When the holder last edited or moved the caret, as far as nodes have told. */
  active_at: Generated<number>
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

export interface ChatMessageTable {
  id: Generated<number>
  story_id: number
  user_id: number
  message: string
  /** JSON: ids of the people, and of the beats, that the message names. */
  mentions: string
  beats: string
  /** The sender's own name for it. */
  client_id: string | null
  created_at: number
}

/** A thread's first comment (no parent) or a reply to it. What is the thread's stands on its first comment alone. */
export interface StoryCommentTable {
  id: Generated<number>
  story_id: number
  /** The thread's first comment; null for that one itself. */
  parent_comment_id: number | null
  /** The thread's: where it stands. Null on replies. */
  beat_id: number | null
  scene_id: number | null
  user_id: number
  content: string
  /** JSON: ids of the people it names. */
  mentions: string
  /** The thread's: JSON of the passage's place in the scene's text, and the passage itself. */
  anchor: string | null
  quote: string | null
  /** The thread's: its passage is nowhere to be found. */
  lost: Generated<boolean>
  /** The thread's. */
  resolved: Generated<boolean>
  resolved_by: number | null
  /** Its words are gone from then on. */
  deleted_at: number | null
  created_at: number
  updated_at: number
}

export interface Schema {
  beat_locks: BeatLockTable
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
  invitations: InvitationTable
  share_links: ShareLinkTable
  link_guests: LinkGuestTable
  host_tokens: HostTokenTable
  beats: BeatTable
  scenes: SceneTable
  document_updates: DocumentUpdateTable
  document_snapshots: DocumentSnapshotTable
  document_authors: DocumentAuthorTable
  document_clients: DocumentClientTable
  story_events: StoryEventTable
  idempotency_keys: IdempotencyKeyTable
  chat_messages: ChatMessageTable
  story_comments: StoryCommentTable
  notifications: NotificationTable
  notification_preferences: NotificationPreferenceTable
  unsubscribe_tokens: UnsubscribeTokenTable
  mails: MailTable
  rate_counts: RateCountTable
  growing_waits: GrowingWaitTable
}

export type StoryRow = Selectable<StoryTable>
export type BeatRow = Selectable<BeatTable>
export type SceneRow = Selectable<SceneTable>
export type ProjectRow = Selectable<ProjectTable>
export type InvitationRow = Selectable<InvitationTable>
export type ShareLinkRow = Selectable<ShareLinkTable>
export type HostTokenRow = Selectable<HostTokenTable>

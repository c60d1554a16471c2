import type {
  CardChanges,
  CommentRequest,
  Notification,
  Role,
  StoryEvent,
  StoryPresence,
} from '@storyweave/protocol'
import type { FastifyRequest } from 'fastify'
import type { Principal } from '../access/principal.ts'
import type { Trx } from '../db/repositories/queries.ts'
import type { ForeignRow, Millis } from '../room/ports.ts'

/** What the routes need of the rest of the server. */

/** The rooms, as REST sees them. */
export interface LiveRooms {
  /** A durable event was committed: tell everyone in the story's room. */
  announce(storyId: number, event: StoryEvent): void
  /** Something was committed in the story, or not: nobody was told. Its room finds out what it has not heard of. */
  inDoubt(storyId: number): void
  /** Rows were committed to a beat's log by another hand than the room's. */
  documentChanged(storyId: number, beatId: number, rows: readonly ForeignRow[]): void
  /**
   * Applies a change of the card through the room, so that it merges with what others type at that moment;
   * resolves when it is on disk. Throws Fault: not_found, forbidden, too_large, unavailable.
   */
  editCard(edit: {
    readonly storyId: number
    readonly beatId: number
    readonly changes: CardChanges
    readonly base: CardChanges | undefined
    readonly author: Principal
  }): Promise<void>
  /**
   * Does what changes a beat's document by another hand from the state it reads: everything accepted before is on disk
   * by then, and what comes meanwhile is decided afterwards, on the new state. `work` does not settle the story.
   */
  whileHeld<Result>(storyId: number, beatId: number, work: () => Promise<Result>): Promise<Result>
  /** Writes the story's outstanding projections, so that a reader of the tables sees what was acknowledged. */
  settle(storyId: number): Promise<void>
  /** Somebody's rights in the story changed (role, deletion): their sockets are asked again. */
  rightsChanged(storyId: number): void
  /** Who is in which story's room, stories with nobody in them left out. */
  present(): ReadonlyMap<number, StoryPresence['users']>
  /** A notification was committed: tell every open window of that person, in whichever room. */
  notify(userId: number, notification: Notification): void
}

/** What an invitation's letter says. */
export interface InvitationWords {
  readonly storyTitle: string
  readonly inviterName: string
  readonly role: Role
}

/** The queue of mails. What is queued in a transaction goes out after its commit, and survives restarts. */
export interface Mailer {
  /**
   * Queues an invitation. `link` carries a token: it is kept sealed until it is sent.
   * `expiresAt` is the invitation's end: after it the letter is no longer tried. Within a transaction it must be
   * given as `trx`.
   */
  sendInvitation(
    to: string,
    words: InvitationWords,
    link: string,
    options?: { readonly expiresAt?: Millis; readonly trx?: Trx },
  ): Promise<void>
  /** A person has something unread in a story: it goes out with the next of their bundles, if they still want it. */
  bundle(
    trx: Trx,
    unread: { readonly userId: number; readonly storyId: number; readonly at: Millis },
  ): Promise<void>
}

/**
 * What is said in a story, by whichever door. Each throws Fault for what is refused, and then nothing was stored;
 * whoever is in the room hears of it by its event.
 */
export interface StoryCommands {
  /** A repeat with the same `client_id` gets the first id and stores nothing. */
  chat(
    author: Principal,
    storyId: number,
    message: { readonly message: string; readonly client_id?: string | undefined },
  ): Promise<{ id: number }>
  /** @returns the id of the comment that was made or changed; for a thread's state, of its first comment. */
  comment(author: Principal, storyId: number, request: CommentRequest): Promise<{ id: number }>
}

/** Who asks: throws Fault `unauthenticated`, or `forbidden` for a cookie from a wrong Origin. */
export type Identify = (request: FastifyRequest) => Promise<Principal>

export interface Clock {
  now(): Millis
}

/** Sessions of people who came by a link. */
export interface GuestSessions {
  /**
   * Opens a session for a guest. A browser on our own pages gets it as a cookie (`Set-Cookie` lines), anyone else as a
   * bearer token.
   */
  open(
    request: FastifyRequest,
    userId: number,
  ): Promise<{ readonly token: string | null; readonly cookies: readonly string[] }>
}

/** A person as another server knows them. */
export interface ForeignIdentity {
  readonly iss: string
  readonly sub: string
  readonly name: string
}

/** The person of (`iss`, `sub`), made at first sight. Throws Fault `unauthenticated` where that account was emptied. */
export type FindForeignPerson = (identity: ForeignIdentity) => Promise<{ readonly userId: number }>

import type { Queries } from './queries.ts'
import { hashToken } from './token-hash.ts'

/** Tickets for sockets: known here by their hash alone, taken by deleting. Times are milliseconds since 1970 UTC. */

export interface TicketHolder {
  readonly userId: number
  /** The session the ticket was bought with, so that the socket ends with it. */
  readonly sessionId: string | null
  readonly sessionExpiresAt: number | null
}

/** Keeps a ticket until `expiresAt`, and forgets those whose time is over. */
export async function storeTicket(
  db: Queries,
  {
    ticket,
    holder,
    expiresAt,
    now,
  }: { ticket: string; holder: TicketHolder; expiresAt: number; now: number },
): Promise<void> {
  await db.deleteFrom('tickets').where('expires_at', '<=', now).execute()
  await db
    .insertInto('tickets')
    .values({
      hash: hashToken(ticket),
      user_id: holder.userId,
      session_id: holder.sessionId,
      session_expires_at: holder.sessionExpiresAt,
      expires_at: expiresAt,
    })
    .execute()
}

/** Takes a ticket: the first who asks gets its holder, everyone later, and anyone too late, undefined. */
export async function takeTicket(
  db: Queries,
  ticket: string,
  now: number,
): Promise<TicketHolder | undefined> {
  const taken = await db
    .deleteFrom('tickets')
    .where('hash', '=', hashToken(ticket))
    .returning(['user_id', 'session_id', 'session_expires_at', 'expires_at'])
    .executeTakeFirst()
  if (taken === undefined || taken.expires_at <= now) return undefined
  const { user_id, session_id, session_expires_at } = taken
  return { userId: user_id, sessionId: session_id, sessionExpiresAt: session_expires_at }
}

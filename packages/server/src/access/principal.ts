/** Who is asking, once a door has made sure of it. */
export interface Principal {
  readonly userId: number
  readonly name: string
  /** Null for guests and for foreign people without one. */
  readonly email: string | null
  readonly guest: boolean
  /** How they proved it; `open` is open mode, where nobody proves anything. */
  readonly via: 'cookie' | 'token' | 'ticket' | 'open'
  /** The session behind it, so that signing out ends its sockets; null where there is none (foreign JWT, open mode). */
  readonly sessionId: string | null
  /** Milliseconds since 1970 UTC; null where it never ends by itself. */
  readonly expiresAt: number | null
}

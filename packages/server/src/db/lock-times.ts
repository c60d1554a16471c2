/** How long a lock stands without its holder, in milliseconds. */

/** Every node says this often whose locks are in use at its own sockets. */
export const TOUCH_EVERY_MS = 10_000

/** A holder whose last socket was lost keeps the lock this long, to come back. */
export const DISCONNECTED_AFTER_MS = 60_000

/** A holder who neither edits nor moves the caret keeps it this long. */
export const IDLE_AFTER_MS = 5 * 60_000

/**
 * What the sweep waits beyond that. A holder's own node ends the lock on time; the sweep is for nodes that died, and
 * what it reads is as old as the last touch, or as the one before where that failed.
 */
export const SWEEP_GRACE_MS = 2.5 * TOUCH_EVERY_MS

/**
 * Carries hints between nodes. A message may be lost, never altered; from one node on one channel they come in order.
 * Truth is in the database: whoever hears nothing finds out there.
 */
export interface Bus {
  /**
   * Tells the other nodes that listen to the channel; this node does not hear itself. Never throws, never waits;
   * dropped and counted while the bus is away. The bytes may be reused as soon as this returns.
   */
  publish(channel: string, message: Uint8Array): void
  /**
   * Several listeners of one channel in one process share one subscription. A message may come before this
   * subscription is in place, and be lost: subscribe first, then read what the database holds.
   * @param hear is not to alter the message, which other listeners get as well
   * @returns how to stop listening; nothing is heard after that
   */
  subscribe(channel: string, hear: Hear): () => void
  /** False while messages can't be carried: then nodes know of each other by the database alone. */
  readonly isUp: boolean
  /**
   * Called at each change of `isUp`, and not for `close`. After coming back all subscriptions are in place again
   * before it is called with true.
   * @returns how to stop
   */
  onChange(listener: (isUp: boolean) => void): () => void
  /** Counts for /metrics, since the start; read anew at each look. */
  readonly counts: Readonly<BusCounts>
  /** Goes away for good: nothing is heard any more, and what is published is dropped. A second close is the first one. */
  close(): Promise<void>
}

/** @param from the id of the node that published it */
export type Hear = (message: Uint8Array, from: string) => void

export interface BusCounts {
  /** Messages handed to the bus's server. */
  published: number
  /** Messages of other nodes that were heard. */
  received: number
  /** Messages that were not published, because the bus was away or could not keep up. */
  dropped: number
  /** Times that a node's messages on a channel were not the next: at least one was lost. */
  gaps: number
  /** Messages that no node of this version can have written. */
  unreadable: number
  /** Bytes published, with the envelope and without what the transport adds. */
  bytesPublished: number
  /** Bytes received, likewise, own messages and unreadable ones included. */
  bytesReceived: number
  /** Times that the bus came back. */
  reconnects: number
}

export const noCounts = (): BusCounts => ({
  ...{ published: 0, received: 0, dropped: 0, gaps: 0, unreadable: 0 },
  ...{ bytesPublished: 0, bytesReceived: 0, reconnects: 0 },
})

/** For the log of operations; never with passwords, and never with what messages hold. */
export type Note = (event: string, details: Readonly<Record<string, string | number>>) => void

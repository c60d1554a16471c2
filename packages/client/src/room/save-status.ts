import type { SaveStatus } from '../types.ts'

/** Longer than any ordinary wait for the disk. */
export const UNUSUALLY_LONG_MS = 10_000

export interface Saving {
  /** Changes that are not on the server's disk. */
  readonly changes: number
  /** Those of them in documents that the server does not open on this socket. */
  readonly stuck: number
  /** Since when the oldest of the others has been waiting; milliseconds since 1970 UTC. */
  readonly since: number | undefined
  /** False until this device has said what it holds of earlier visits. */
  readonly known: boolean
  /** Since when the server is there; undefined while it is away. */
  readonly connectedSince: number | undefined
}

export function saveStatus(saving: Saving, now: number): SaveStatus {
  const { changes, stuck, connectedSince } = saving
  if (changes === 0) return saving.known ? { state: 'saved' } : { state: 'saving', changes, since: now }
  if (connectedSince === undefined) return { state: 'offline', changes }
  // What waited for the server to come back is not late by that.
  const since = Math.max(saving.since ?? now, connectedSince)
  if (stuck > 0 || now - since >= UNUSUALLY_LONG_MS) return { state: 'not_saved', changes }
  return { state: 'saving', changes, since }
}

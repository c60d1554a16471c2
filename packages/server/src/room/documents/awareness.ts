import { LIMITS, type Role } from '@storyweave/protocol'
import { createDecoder, readVarString, readVarUint } from 'lib0/decoding'
import { createEncoder, toUint8Array, writeVarString, writeVarUint } from 'lib0/encoding'
import type { SharedCaret } from '../nodes/node-message.ts'
import type { ConnectionId, Millis } from '../ports.ts'
import { CaretOwners } from './caret-owners.ts'

/**
 * Carets and selections of one document, in the wire format of y-protocols:
 * `count · (clientId · clock · JSON)*`, `null` being a state that is gone.
 * The codec is here and not taken from y-protocols, whose Awareness starts a timer of its own.
 */
export interface AwarenessEntry {
  readonly clientId: number
  readonly clock: number
  /** Undefined: gone. */
  readonly state: Record<string, unknown> | undefined
}

/** Who stands behind a socket; stamped into every state as `user`. */
export interface AwarenessOwner {
  readonly connectionId: ConnectionId
  /** The other node whose socket it is; undefined for a socket of this one. */
  readonly node?: string
  readonly connectedAt: Millis
  readonly userId: number
  readonly name: string
  readonly color: string
  readonly role: Role
}

/** The entries of a frame that can be used, and how many can't; undefined where the bytes are no awareness update. */
export function decodeAwareness(
  bytes: Uint8Array,
): { entries: AwarenessEntry[]; dropped: number } | undefined {
  try {
    const decoder = createDecoder(bytes)
    const count = readVarUint(decoder)
    const entries: AwarenessEntry[] = []
    let dropped = 0
    for (let index = 0; index < count; index++) {
      const clientId = readVarUint(decoder)
      const clock = readVarUint(decoder)
      const { pos } = decoder
      const json = readVarString(decoder)
      // The string's own length stands before it, in two bytes where it is near the limit.
      const state = decoder.pos - pos > LIMITS.awarenessStateBytes + 2 ? null : parseState(json)
      if (state === null) dropped += 1
      else entries.push({ clientId, clock, state })
    }
    return { entries, dropped }
  } catch {
    return undefined
  }
}

/** A state, undefined for one that is gone, null for what is no state. */
function parseState(json: string): Record<string, unknown> | undefined | null {
  const value: unknown = JSON.parse(json)
  if (value === null) return undefined
  return typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : null
}

export function encodeAwareness(entries: readonly AwarenessEntry[]): Uint8Array {
  const encoder = createEncoder()
  writeVarUint(encoder, entries.length)
  for (const { clientId, clock, state } of entries) {
    writeVarUint(encoder, clientId)
    writeVarUint(encoder, clock)
    writeVarString(encoder, JSON.stringify(state ?? null))
  }
  return toUint8Array(encoder)
}

interface Seat {
  owner: AwarenessOwner
  /** The clock as the client counts. */
  clientClock: number
  /**
   * The clock as readers hear it. Readers forget no clock, and drop what is not newer: so it only grows, also over a
   * return with an old clock and over a restart of the server. Hence it starts at the time of day; the client's own
   * clock is no part of it, for one at the end of all numbers could never be followed by another.
   */
  clock: number
  state: Record<string, unknown> | undefined
  /** The clock as the other node has told it, of a socket there. */
  readonly nodeClock?: number
}

/** Who is gone is remembered this long, for readers who missed it. By themselves they forget a silent one after 30 s. */
const GONE_MS = 60_000
const GONE_SEATS = 1_024

/** Everyone's state in one document. Every method returns the entries that the readers must hear now. */
export class Awareness {
  /** Those who are gone in the order in which they went. */
  readonly #seats = new Map<number, Seat>()
  readonly #owners = new CaretOwners()
  /** The highest clock of a seat that was forgotten: who returns begins after it. */
  #lastForgotten = 0

  /** Takes a frame's entries in; entries under another person's id, and ids beyond a socket's number, are left out. */
  take(
    entries: readonly AwarenessEntry[],
    owner: AwarenessOwner,
    ownerOf: (clientId: number) => number | undefined,
    now: Millis,
  ): AwarenessEntry[] {
    const heard: AwarenessEntry[] = []
    const held = new Set(this.#heldBy(owner.connectionId))
    for (const entry of entries) {
      const { clientId, state } = entry
      const person = this.personOf(clientId) ?? ownerOf(clientId)
      if (person !== undefined && person !== owner.userId) continue
      if (state !== undefined && !held.has(clientId) && held.size >= LIMITS.awarenessIdsPerSocket) continue
      const news = this.#takeOne(entry, owner, now)
      if (news === undefined) continue
      heard.push(news)
      if (state === undefined) held.delete(clientId)
      else held.add(clientId)
    }
    this.#forgetGone(now)
    return heard
  }

  /** The ids under which a socket shows a state. */
  #heldBy(connectionId: ConnectionId): number[] {
    return [...this.#seats].flatMap(([clientId, { owner, state }]) =>
      owner.connectionId === connectionId && state !== undefined ? [clientId] : [],
    )
  }

  #takeOne(entry: AwarenessEntry, owner: AwarenessOwner, now: Millis): AwarenessEntry | undefined {
    const seat = this.#seats.get(entry.clientId)
    if (seat === undefined && entry.state === undefined) return undefined
    const fromHere = seat?.owner.connectionId === owner.connectionId
    if (seat !== undefined && fromHere && entry.clock <= seat.clientClock && entry.state !== undefined)
      return undefined
    if (seat !== undefined && !fromHere && entry.state === undefined) return undefined
    if (seat?.state !== undefined && owner.connectedAt < seat.owner.connectedAt) return undefined
    const clock = Math.max((seat?.clock ?? this.#lastForgotten) + 1, now)
    const state = entry.state === undefined ? undefined : stamped(entry.state, owner)
    this.#set(entry.clientId, { owner, clientClock: entry.clock, clock, state })
    return { clientId: entry.clientId, clock, state }
  }

  #set(clientId: number, seat: Seat): void {
    if (seat.state === undefined) this.#seats.delete(clientId)
    else this.#owners.claim(clientId, seat.owner.userId)
    this.#seats.set(clientId, seat)
  }

  /** A seat's clock is never behind the time of its last change. */
  #forgetGone(now: Millis): void {
    const gone = [...this.#seats].filter(([, { state }]) => state === undefined)
    for (const [index, [clientId, { clock }]] of gone.entries()) {
      if (gone.length - index <= GONE_SEATS && clock + GONE_MS > now) return
      this.#lastForgotten = Math.max(this.#lastForgotten, clock)
      this.#seats.delete(clientId)
    }
  }

  /** The socket is gone: its states are, too, unless a newer socket of the same person has taken them over. */
  drop(connectionId: ConnectionId, now: Millis): AwarenessEntry[] {
    const heard: AwarenessEntry[] = []
    for (const clientId of this.#heldBy(connectionId)) {
      const seat = this.#seats.get(clientId)
      if (seat === undefined) continue
      const clock = Math.max(seat.clock + 1, now)
      this.#set(clientId, { ...seat, clock, state: undefined })
      heard.push({ clientId, clock, state: undefined })
    }
    this.#forgetGone(now)
    return heard
  }

  /** Carets as another node has told them; it has asked whose they are. */
  takeShared(node: string, carets: readonly SharedCaret[], now: Millis): AwarenessEntry[] {
    const heard: AwarenessEntry[] = []
    for (const caret of carets) {
      const seat = this.#seats.get(caret.clientId)
      if (seat === undefined ? caret.state === undefined : isOlder(caret, seat)) continue
      const { clientId, clientClock, state, connectionId, connectedAt, userId, name, color, role } = caret
      const owner = { connectionId, node, connectedAt, userId, name, color, role }
      // Who moves from node to node hears clocks that only grow.
      const clock = Math.max((seat?.clock ?? this.#lastForgotten) + 1, caret.clock)
      this.#set(clientId, { owner, clientClock, clock, nodeClock: caret.clock, state })
      heard.push({ clientId, clock, state })
    }
    this.#forgetGone(now)
    return heard
  }

  /** The carets shown on this node, and those under `clientIds` that are gone. */
  shared(clientIds: readonly number[] = []): SharedCaret[] {
    const all = clientIds.length === 0
    return (all ? [...this.#seats.keys()] : clientIds).flatMap((clientId) => {
      const seat = this.#seats.get(clientId)
      if (seat === undefined || seat.owner.node !== undefined || (all && seat.state === undefined)) return []
      const { owner, clientClock, clock, state } = seat
      const { connectionId, connectedAt, userId, name, color, role } = owner
      return [{ clientId, clientClock, clock, state, connectionId, connectedAt, userId, name, color, role }]
    })
  }

  /** The carets of another node are gone: all, or those that `which` names. */
  dropNode(node: string, now: Millis, which: (clientId: number) => boolean = () => true): AwarenessEntry[] {
    const heard: AwarenessEntry[] = []
    for (const [clientId, seat] of [...this.#seats]) {
      if (seat.owner.node !== node || seat.state === undefined || !which(clientId)) continue
      const clock = Math.max(seat.clock + 1, now)
      this.#set(clientId, { ...seat, clock, state: undefined })
      heard.push({ clientId, clock, state: undefined })
    }
    this.#forgetGone(now)
    return heard
  }

  /** The states of one socket with its owner's role as it is now. */
  restamp(owner: AwarenessOwner): AwarenessEntry[] {
    const heard: AwarenessEntry[] = []
    for (const [clientId, seat] of this.#seats) {
      if (seat.owner.connectionId !== owner.connectionId || seat.state === undefined) continue
      seat.owner = owner
      seat.clock += 1
      seat.state = stamped(seat.state, owner)
      heard.push({ clientId, clock: seat.clock, state: seat.state })
    }
    return heard
  }

  /** Everyone's but one person's: a returning client must not be told its own older state. */
  allBut(userId: number): AwarenessEntry[] {
    return this.everyoneElse(userId).filter(({ state }) => state !== undefined)
  }

  /** The same, and who is gone: for a reader who may have seen them. */
  everyoneElse(userId: number): AwarenessEntry[] {
    return [...this.#seats]
      .filter(([, { owner }]) => owner.userId !== userId)
      .map(([clientId, { clock, state }]) => ({ clientId, clock, state }))
  }

  /** The person who has shown a caret under this id, whether or not it is still there. */
  personOf(clientId: number): number | undefined {
    return this.#owners.of(clientId) ?? this.#seats.get(clientId)?.owner.userId
  }
}

/** It says nothing new of its socket's caret, or a newer socket of the person shows it. */
function isOlder(caret: SharedCaret, { owner, state, nodeClock = 0 }: Seat): boolean {
  if (caret.connectionId === owner.connectionId) return caret.clock <= nodeClock
  return caret.state === undefined || (state !== undefined && caret.connectedAt < owner.connectedAt)
}

function stamped(state: Record<string, unknown>, { userId, name, color, role }: AwarenessOwner) {
  return { ...state, user: { id: userId, name, color, role } }
}

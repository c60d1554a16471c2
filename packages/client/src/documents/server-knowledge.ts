import { decodeStateVector, parseUpdateMeta } from 'yjs'
import type { Span } from '../drawer/entry.ts'

/**
 * Which structs are on the server's disk, as far as this device has heard. The server takes each Yjs client's
 * structs without a gap, so one clock for each client says it all.
 */
export class ServerKnowledge {
  readonly #clocks = new Map<number, number>()

  /** The server has all that this state vector counts. */
  heardVector(stateVector: Uint8Array): void {
    for (const [client, clock] of decodeStateVector(stateVector)) this.#raise(client, clock)
  }

  /** The server has all that is in this update. */
  heardUpdate(update: Uint8Array): void {
    for (const [client, clock] of parseUpdateMeta(update).to) this.#raise(client, clock)
  }

  /** The structs of this client up to, and without, this clock are there. */
  clockOf(client: number): number {
    return this.#clocks.get(client) ?? 0
  }

  #raise(client: number, clock: number): void {
    if (clock > this.clockOf(client)) this.#clocks.set(client, clock)
  }
}

/** The parts of a range of structs that are neither on the server nor in one of these spans; in order. */
export function unknownParts(
  range: Span,
  knowledge: ServerKnowledge,
  except: readonly Span[],
): readonly Span[] {
  const from = Math.max(range.from, knowledge.clockOf(range.client))
  let parts: Span[] = from < range.to ? [{ ...range, from }] : []
  for (const span of except) {
    if (span.client === range.client) parts = parts.flatMap((part) => without(part, span))
  }
  return parts
}

const without = (part: Span, { from, to }: Span): Span[] =>
  [
    { ...part, to: Math.min(part.to, from) },
    { ...part, from: Math.max(part.from, to) },
  ].filter((rest) => rest.from < rest.to)

import { createDecoder, readTailAsUint8Array, readUint8, readVarString, readVarUint } from 'lib0/decoding'
import {
  createEncoder,
  toUint8Array,
  writeUint8,
  writeUint8Array,
  writeVarString,
  writeVarUint,
} from 'lib0/encoding'

/** Raised when older nodes could not read it: while two versions run side by side they then hear nothing of each other. */
const VERSION = 1

/** What goes before every message: version (1 byte), node id (varString), number (varUint). */
export interface Envelope {
  /** The id of the node that published it. */
  readonly from: string
  /** Counts this node's messages on this channel, from 1. */
  readonly number: number
  readonly message: Uint8Array
}

export function seal({ from, number, message }: Envelope): Uint8Array {
  const encoder = createEncoder()
  writeUint8(encoder, VERSION)
  writeVarString(encoder, from)
  writeVarUint(encoder, number)
  writeUint8Array(encoder, message)
  return toUint8Array(encoder)
}

/** @returns the message as a view of the packet; undefined where it is no envelope of this version */
export function unseal(packet: Uint8Array): Envelope | undefined {
  const decoder = createDecoder(packet)
  try {
    if (readUint8(decoder) !== VERSION) return undefined
    const from = readVarString(decoder)
    const number = readVarUint(decoder)
    return { from, number, message: readTailAsUint8Array(decoder) }
  } catch {
    // The decoder throws where the packet ends too early, and where a number is too large.
    return undefined
  }
}

import { Wire } from '../../support/wire.ts'
import type { Asker } from '../askers.ts'
import type { House } from '../house.ts'

/** Who never comes into the room. */
export const OUTSIDERS: ReadonlySet<Asker> = new Set(['stranger', 'signed_out', 'host'])

/** The address of the story's room for somebody, with whatever proves who they are. */
export function roomAddress(house: House, asker: Asker): string {
  const token = house.tokenOf(asker)
  const query = token === undefined ? '' : `?token=${encodeURIComponent(token)}`
  return `${house.server.socketAddress}/collaboration/ws/story/${house.story.id}${query}`
}

/** A socket in the room, past its first message. */
export async function enter(house: House, asker: Asker): Promise<Wire> {
  const wire = await Wire.openAt(roomAddress(house, asker))
  await wire.message('initial_state')
  return wire
}

/** Somebody else who is in the room, and is not who asks. */
export type Witness = 'owner' | 'editor'
export const witnessOf = (asker: Asker): Witness => (asker === 'editor' ? 'owner' : 'editor')

import type { StoryRoomApi } from '@storyweave/client'
import type { Store } from '../hooks/use-store.ts'

export interface Told {
  /** By the link's id. */
  readonly links: ReadonlyMap<number, string>
  /** By the invitation's id. */
  readonly invitations: ReadonlyMap<number, string>
}

/** The server tells the address of a link or an invitation once. They are kept as long as the page has the room. */
class ToldAddresses implements Store<Told> {
  #told: Told = { links: new Map(), invitations: new Map() }
  readonly #listeners = new Set<() => void>()

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  getSnapshot(): Told {
    return this.#told
  }

  keep(kind: keyof Told, id: number, address: string): void {
    this.#told = { ...this.#told, [kind]: new Map(this.#told[kind]).set(id, address) }
    for (const tell of this.#listeners) tell()
  }
}

const ofRoom = new WeakMap<StoryRoomApi, ToldAddresses>()

export function toldAddresses(room: StoryRoomApi): ToldAddresses {
  const known = ofRoom.get(room) ?? new ToldAddresses()
  ofRoom.set(room, known)
  return known
}

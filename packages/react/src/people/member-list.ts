import type { RestClient } from '@storyweave/client'
import type { Permission } from '@storyweave/protocol'
import type { Store } from '../hooks/use-store.ts'

export interface MemberListSnapshot {
  /** `failed`: what was known before is still there. */
  readonly state: 'loading' | 'ready' | 'failed'
  readonly permissions: readonly Permission[]
}

/** Who has a role in one story, asked of the server once for all who want to know. */
export class MemberList implements Store<MemberListSnapshot> {
  readonly #ask: () => Promise<readonly Permission[]>
  readonly #listeners = new Set<() => void>()
  #snapshot: MemberListSnapshot = { state: 'loading', permissions: [] }
  #asking: Promise<void> | undefined

  constructor(ask: () => Promise<readonly Permission[]>) {
    this.#ask = ask
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  readonly getSnapshot = (): MemberListSnapshot => this.#snapshot

  /** Asks where nothing is known yet. */
  want(): void {
    if (this.#snapshot.state !== 'ready') this.reload()
  }

  /** Asks again; several who ask at once get one answer. */
  reload(): void {
    this.#asking ??= this.#ask()
      .then(
        (permissions) => this.#set({ state: 'ready', permissions }),
        // Whoever completes names goes on with those who are here; the list says that it failed.
        () => this.#set({ ...this.#snapshot, state: 'failed' }),
      )
      .finally(() => {
        this.#asking = undefined
      })
  }

  #set(snapshot: MemberListSnapshot): void {
    this.#snapshot = snapshot
    for (const tell of this.#listeners) tell()
  }
}

const lists = new WeakMap<RestClient, Map<number, MemberList>>()

/** The one list of a story's members that everybody with this client shares. */
export function memberListOf(rest: RestClient, storyId: number): MemberList {
  const ofClient = lists.get(rest) ?? new Map<number, MemberList>()
  lists.set(rest, ofClient)
  const known = ofClient.get(storyId)
  if (known !== undefined) return known
  const list = new MemberList(async () => (await rest.permissions.list(storyId)).permissions)
  ofClient.set(storyId, list)
  return list
}

import { MemoryStore, type OfflineStore } from '@storyweave/client'
import { beatDocumentName } from '@storyweave/protocol'
import type { Chance } from './chance.ts'
import type { Scheduler } from './scheduler.ts'
import { textOfUpdates } from './text.ts'

/** One person's device: what it keeps outlives its pages. */
export class Device {
  readonly #kept = new MemoryStore()

  /** The store as one page uses it: everything takes its time, and nothing is done after the page's death. */
  storeOf(page: string, scheduler: Scheduler, chance: Chance): OfflineStore {
    return slow(this.#kept, () => scheduler.wait(page, chance.between(0, 3)))
  }

  /** Everything that this device has of a beat. */
  async textOf(beatId: number, sceneKeys: readonly string[]): Promise<string> {
    const { rows } = await this.#kept.load(beatDocumentName(beatId))
    return textOfUpdates(
      rows.map(({ update }) => update),
      sceneKeys,
    )
  }

  /** The client ids of what waits here to be sent. */
  async outgoing(): Promise<ReadonlySet<string>> {
    return new Set((await this.#kept.outgoing()).map(({ clientId }) => clientId))
  }

  /** All that the server did not take. */
  async drawerText(): Promise<string> {
    const entries = await this.#kept.drawer()
    return entries.flatMap(({ passages }) => passages.map(({ text }) => text)).join('')
  }
}

/** The same store, each of whose answers waits. */
function slow(store: OfflineStore, wait: () => Promise<void>): OfflineStore {
  return new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name)
      if (typeof member !== 'function' || name === 'close') return member
      return async (...of: unknown[]) => {
        await wait()
        return Reflect.apply(member, target, of)
      }
    },
  })
}

import type { NewDrawerEntry } from '../drawer/entry.ts'
import { IndexedDbStore } from './idb-store.ts'
import { MemoryStore } from './memory-store.ts'
import type { DocumentMemo, NewRow, OfflineStore, OutgoingMessage, TakeOut } from './store.ts'

/**
 * The device's own store, opened in the background; where it can't be opened, everything goes on in memory
 * and `place` says so.
 */
export class DeviceStore implements OfflineStore {
  #place: 'device' | 'memory' = 'device'
  readonly #opened: Promise<OfflineStore>

  /** `open` is tried once; `onFailure` hears why it did not work. */
  constructor(open: () => Promise<OfflineStore>, onFailure: (error: unknown) => void) {
    this.#opened = open().catch((error: unknown) => {
      this.#place = 'memory'
      onFailure(error)
      return new MemoryStore()
    })
  }

  static forStory(name: string, onFailure: (error: unknown) => void): DeviceStore {
    return new DeviceStore(() => IndexedDbStore.open(name), onFailure)
  }

  get place() {
    return this.#place
  }

  async load(name: string) {
    return (await this.#opened).load(name)
  }

  async append(name: string, rows: readonly NewRow[]) {
    return (await this.#opened).append(name, rows)
  }

  async markSaved(name: string, ids: readonly number[]) {
    return (await this.#opened).markSaved(name, ids)
  }

  async remember(name: string, memo: DocumentMemo) {
    return (await this.#opened).remember(name, memo)
  }

  async compact(name: string) {
    return (await this.#opened).compact(name)
  }

  async unsaved() {
    return (await this.#opened).unsaved()
  }

  async takeOut(name: string, ids: readonly number[], takeOut: TakeOut) {
    return (await this.#opened).takeOut(name, ids, takeOut)
  }

  async putInDrawer(entries: readonly NewDrawerEntry[]) {
    return (await this.#opened).putInDrawer(entries)
  }

  async drawer() {
    return (await this.#opened).drawer()
  }

  async removeFromDrawer(id: number) {
    return (await this.#opened).removeFromDrawer(id)
  }

  async keepOutgoing(message: OutgoingMessage) {
    return (await this.#opened).keepOutgoing(message)
  }

  async outgoing() {
    return (await this.#opened).outgoing()
  }

  async dropOutgoing(clientId: string) {
    return (await this.#opened).dropOutgoing(clientId)
  }

  async chatReadTo() {
    return (await this.#opened).chatReadTo()
  }

  async rememberChatRead(messageId: number) {
    return (await this.#opened).rememberChatRead(messageId)
  }

  async clear() {
    return (await this.#opened).clear()
  }

  close() {
    // `#opened` never rejects.
    void this.#opened.then((store) => store.close())
  }
}

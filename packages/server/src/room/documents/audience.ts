import { encodeServerFrame, type ServerFrame } from '@storyweave/protocol'
import { mergeUpdates } from 'yjs'
import type { ConnectionId, RoomPorts, Weight } from '../ports.ts'
import type { OpenKey } from './open-key.ts'

/** An update that is on disk, and the key it came by. */
export interface Committed {
  readonly bytes: Uint8Array
  readonly from: OpenKey | undefined
  /** Keys that were told of it before. */
  readonly heard?: ReadonlySet<OpenKey> | undefined
}

/** Yjs takes the square of their number to merge updates. */
const MERGED_AT_ONCE = 64

/** The keys a document is open under. A frame is made once for each distinct key, not for each socket. */
export class Audience {
  readonly #keys = new Set<OpenKey>()
  /** How many of the keys are each socket's. */
  readonly #sockets = new Map<ConnectionId, number>()
  readonly #ports: RoomPorts

  constructor(ports: RoomPorts) {
    this.#ports = ports
  }

  get isEmpty(): boolean {
    return this.#keys.size === 0
  }

  add(key: OpenKey): void {
    this.#keys.add(key)
    this.#sockets.set(key.member.id, (this.#sockets.get(key.member.id) ?? 0) + 1)
  }

  remove(key: OpenKey): void {
    if (!this.#keys.delete(key)) return
    const left = (this.#sockets.get(key.member.id) ?? 0) - 1
    if (left > 0) this.#sockets.set(key.member.id, left)
    else this.#sockets.delete(key.member.id)
  }

  [Symbol.iterator](): Iterator<OpenKey> {
    return this.#keys.values()
  }

  has(connectionId: ConnectionId): boolean {
    return this.#sockets.has(connectionId)
  }

  /** Tells the committed updates together; who wrote all of them, or has heard them, is left out. Answers with who hears. */
  update(committed: readonly Committed[]): ReadonlySet<OpenKey> {
    const heard = new Set<OpenKey>()
    for (let from = 0; from < committed.length; from += MERGED_AT_ONCE) {
      for (const key of this.#tellTogether(committed.slice(from, from + MERGED_AT_ONCE))) heard.add(key)
    }
    return heard
  }

  #tellTogether(committed: readonly Committed[]): readonly OpenKey[] {
    const [first] = committed
    if (first === undefined) return []
    const knows = (key: OpenKey): boolean =>
      committed.every(({ from, heard }) => from === key || heard?.has(key) === true)
    const readers = [...this.#keys].filter((key) => key.synced && !knows(key))
    if (readers.length === 0) return []
    const update = committed.length === 1 ? first.bytes : mergeUpdates(committed.map(({ bytes }) => bytes))
    this.#tell(readers, (key) => ({ type: 'update', key, update }), 'told')
    return readers
  }

  awareness(update: Uint8Array, except: OpenKey | undefined): void {
    const readers = [...this.#keys].filter((key) => key !== except)
    this.#tell(readers, (key) => ({ type: 'awareness', key, update }), 'presence')
  }

  #tell(readers: readonly OpenKey[], frame: (key: string) => ServerFrame, weight: Weight): void {
    const byKey = Map.groupBy(readers, ({ key }) => key)
    for (const [key, sharing] of byKey) {
      const to = sharing.map(({ member }) => member.id)
      this.#ports.send(to, encodeServerFrame(frame(key)), weight)
    }
  }
}

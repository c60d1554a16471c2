import { LIMITS } from '@storyweave/protocol'
import type { SharedCaret } from '../nodes/node-message.ts'
import type { ConnectionId, Millis } from '../ports.ts'
import type { Audience } from './audience.ts'
import {
  Awareness,
  type AwarenessEntry,
  type AwarenessOwner,
  decodeAwareness,
  encodeAwareness,
} from './awareness.ts'
import type { DocumentContext } from './document-context.ts'
import type { OpenKey } from './open-key.ts'

/** Carets in one document: heard from its readers and from other nodes, told to everyone whom they concern. */
export class Carets {
  readonly #beatId: number
  readonly #audience: Audience
  readonly #context: DocumentContext
  readonly #awareness = new Awareness()
  /** Yjs client ids whose carets the other nodes are to hear of. */
  readonly #unshared = new Set<number>()
  /** When other nodes were last heard to show carets here; they say so again and again. */
  readonly #heardAt = new Map<string, Millis>()

  constructor(beatId: number, audience: Audience, context: DocumentContext) {
    this.#beatId = beatId
    this.#audience = audience
    this.#context = context
  }

  /** A frame of a reader; `ownerOf` knows whose a Yjs client id is that has written. */
  take(key: OpenKey, bytes: Uint8Array, ownerOf: (clientId: number) => number | undefined): void {
    const decoded = bytes.length > LIMITS.awarenessFrameBytes ? undefined : decodeAwareness(bytes)
    const { ports, now } = this.#context
    if (decoded === undefined) return ports.note('bad_awareness', { beat: this.#beatId })
    this.#moved(this.#awareness.take(decoded.entries, key.member.awarenessOwner, ownerOf, now()), key)
  }

  /** To one who asks: everyone's but their own. */
  tell(key: OpenKey): void {
    const states = this.#awareness.allBut(key.member.visitor.userId)
    if (states.length > 0)
      key.send({ type: 'awareness', key: key.key, update: encodeAwareness(states) }, 'presence')
  }

  /** How they stand, gone ones included, to a reader who missed some of it. */
  repeat(key: OpenKey): void {
    const entries = this.#awareness.everyoneElse(key.member.visitor.userId)
    if (entries.length > 0)
      key.send({ type: 'awareness', key: key.key, update: encodeAwareness(entries) }, 'told')
  }

  /** The socket reads the document no longer. */
  drop(connectionId: ConnectionId): void {
    this.#moved(this.#awareness.drop(connectionId, this.#context.now()))
  }

  /** A member is called differently now, or has another role. */
  restamp(owner: AwarenessOwner): void {
    this.#moved(this.#awareness.restamp(owner))
  }

  /** The person who has shown a caret under this id. */
  personOf(clientId: number): number | undefined {
    return this.#awareness.personOf(clientId)
  }

  #moved(heard: readonly AwarenessEntry[], except?: OpenKey): void {
    this.#tellReaders(heard, except)
    if (heard.length === 0 || !this.#context.isShared) return
    for (const { clientId } of heard) this.#unshared.add(clientId)
    this.#context.caretsMoved()
  }

  #tellReaders(heard: readonly AwarenessEntry[], except?: OpenKey): void {
    if (heard.length > 0) this.#audience.awareness(encodeAwareness(heard), except)
  }

  /** What the other nodes have not heard of yet. */
  takeUnshared(): SharedCaret[] {
    const ids = [...this.#unshared]
    this.#unshared.clear()
    return ids.length === 0 ? [] : this.#awareness.shared(ids)
  }

  /** All that are shown on this node. */
  get own(): SharedCaret[] {
    return this.#awareness.shared()
  }

  /** Carets on another node; `isAll`: it has no others. */
  heard(node: string, carets: readonly SharedCaret[], isAll: boolean): void {
    const now = this.#context.now()
    this.#heardAt.set(node, now)
    const ids = new Set(carets.map(({ clientId }) => clientId))
    const gone = isAll ? this.#awareness.dropNode(node, now, (clientId) => !ids.has(clientId)) : []
    this.#tellReaders([...gone, ...this.#awareness.takeShared(node, carets, now)])
  }

  /** What a node has not shown since then is gone, though that was not heard. */
  expire(since: Millis): void {
    for (const [node, at] of this.#heardAt) if (at <= since) this.dropNode(node)
  }

  /** A node is not heard any more. */
  dropNode(node: string): void {
    this.#heardAt.delete(node)
    this.#tellReaders(this.#awareness.dropNode(node, this.#context.now()))
  }
}

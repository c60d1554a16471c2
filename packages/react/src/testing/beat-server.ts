import { readCard } from '@storyweave/prose'
import {
  beatOfKey,
  CARD_FIELDS,
  type CardChanges,
  type ClientFrame,
  type ErrorCode,
  personColor,
  type Scope,
} from '@storyweave/protocol'
import {
  Awareness,
  applyAwarenessUpdate,
  encodeAwarenessUpdate,
  modifyAwarenessUpdate,
  removeAwarenessStates,
} from 'y-protocols/awareness'
import * as Y from 'yjs'
import { difference } from '../document/text-change.ts'
import type { Line, Member } from './line.ts'

export interface BeatHost {
  lines(): readonly Line[]
  /** Undefined where this person may write here now. */
  refusal(member: Member): { readonly code: ErrorCode; readonly message: string } | undefined
  /** A card's fields are different, by whose hand. */
  cardChanged(changes: CardChanges, by: Line): void
}

interface Frame {
  readonly line: Line
  readonly key: string
}

/** One beat's document on the test's server: what is written merges, and reaches everyone who has it open. */
export class BeatServer {
  readonly doc = new Y.Doc()
  readonly #beatId: number
  readonly #host: BeatHost
  readonly #awareness = new Awareness(this.doc)
  readonly #seen = new Map<Line, Set<number>>()

  constructor(beatId: number, seed: Uint8Array, host: BeatHost) {
    this.#beatId = beatId
    this.#host = host
    Y.applyUpdate(this.doc, seed)
    this.#awareness.setLocalState(null)
    this.doc.on('update', (update: Uint8Array, origin: unknown) => {
      for (const { line, key } of this.#open()) {
        if (line !== origin) line.frame({ type: 'update', key, update })
      }
    })
    this.#awareness.on('update', (change: Record<'added' | 'updated' | 'removed', number[]>) => {
      const ids = [...change.added, ...change.updated, ...change.removed]
      const update = encodeAwarenessUpdate(this.#awareness, ids)
      for (const { line, key } of this.#open()) line.frame({ type: 'awareness', key, update })
    })
  }

  take(line: Line, frame: ClientFrame): void {
    const { key } = frame
    switch (frame.type) {
      case 'auth':
        line.keys.add(key)
        line.frame({ type: 'scope', key, scope: this.#scopeOf(line) })
        return this.#welcome(line, key)
      case 'step1':
        line.frame({ type: 'step1', key, stateVector: Y.encodeStateVector(this.doc) })
        return line.frame({ type: 'step2', key, update: Y.encodeStateAsUpdate(this.doc, frame.stateVector) })
      case 'step2':
      case 'update':
        return this.#write({ line, key }, frame.update)
      case 'awareness':
        return this.#meet(line, frame.update)
      case 'close':
        return this.leave(line, key)
      default:
    }
  }

  /** Changes the card as `edit` does: the text as it stands, no more of it than differs. */
  edit(line: Line, changes: CardChanges): void {
    this.#byHand(line, () => {
      this.doc.transact(() => {
        for (const field of CARD_FIELDS) this.#editField(field, changes[field])
      })
    })
  }

  /** The scope is another: a lock came or went, or a role. */
  tellScopes(): void {
    for (const { line, key } of this.#open()) {
      line.frame({ type: 'scope', key, scope: this.#scopeOf(line) })
    }
  }

  /** The beat is gone: whoever has it open is told why. */
  shut(reason: string): void {
    for (const { line, key } of this.#open()) {
      line.frame({ type: 'close', key, reason })
      this.leave(line, key)
    }
  }

  /** Somebody has closed the document, or is gone. */
  leave(line: Line, key: string): void {
    line.keys.delete(key)
    const seen = [...(this.#seen.get(line) ?? [])]
    this.#seen.delete(line)
    removeAwarenessStates(this.#awareness, seen, line)
  }

  destroy(): void {
    this.#awareness.destroy()
    this.doc.destroy()
  }

  #editField(field: (typeof CARD_FIELDS)[number], after: string | undefined): void {
    if (after === undefined) return
    const text = this.doc.getText(field)
    const { index, removed, inserted } = difference(text.toString(), after)
    text.delete(index, removed)
    text.insert(index, inserted)
  }

  #write({ line, key }: Frame, update: Uint8Array): void {
    const refusal = this.#bringsNothing(update) ? undefined : this.#host.refusal(line.member)
    if (refusal !== undefined) {
      line.frame({ type: 'stateless', key, payload: JSON.stringify({ type: 'refused', ...refusal }) })
    } else {
      this.#byHand(line, () => Y.applyUpdate(this.doc, update, line))
    }
    line.frame({ type: 'sync_status', key, accepted: refusal === undefined })
  }

  /** A client that comes back repeats what is here already: anybody may. */
  #bringsNothing(update: Uint8Array): boolean {
    const before = Y.encodeStateAsUpdate(this.doc)
    const copy = new Y.Doc()
    Y.applyUpdate(copy, before)
    let isNew = false
    copy.on('update', () => {
      isNew = true
    })
    Y.applyUpdate(copy, update)
    copy.destroy()
    return !isNew
  }

  #byHand(line: Line, change: () => void): void {
    const before = readCard(this.doc)
    change()
    const after = readCard(this.doc)
    const changed = CARD_FIELDS.filter((field) => before[field] !== after[field])
    if (changed.length === 0) return
    this.#host.cardChanged(Object.fromEntries(changed.map((field) => [field, after[field]])), line)
  }

  #welcome(line: Line, key: string): void {
    const ids = [...this.#awareness.getStates().keys()]
    const update = encodeAwarenessUpdate(this.#awareness, ids)
    if (ids.length > 0) line.frame({ type: 'awareness', key, update })
  }

  /** Name and colour are the server's word. */
  #meet(line: Line, update: Uint8Array): void {
    const { user_id: id, name, role } = line.member
    const user = { id, name, color: personColor(id), role }
    const before = new Set(this.#awareness.getStates().keys())
    const stamped = modifyAwarenessUpdate(update, (state: object | null) => state && { ...state, user })
    applyAwarenessUpdate(this.#awareness, stamped, line)
    const mine = this.#seen.get(line) ?? new Set()
    for (const clientId of this.#awareness.getStates().keys()) if (!before.has(clientId)) mine.add(clientId)
    this.#seen.set(line, mine)
  }

  #scopeOf(line: Line): Scope {
    return this.#host.refusal(line.member) === undefined ? 'read-write' : 'readonly'
  }

  #open(): readonly Frame[] {
    return this.#host.lines().flatMap((line) => {
      const key = [...line.keys].find((one) => beatOfKey(one) === this.#beatId)
      return key === undefined ? [] : [{ line, key }]
    })
  }
}

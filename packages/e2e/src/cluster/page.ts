import { beatDocumentName, type CardField, encodeClientFrame } from '@storyweave/protocol'
import { decodeAwareness, encodeAwareness } from '@storyweave/server/room/documents/awareness.ts'
import * as Y from 'yjs'
import type { Wire } from '../support/wire.ts'

interface Caret {
  readonly name: string
  readonly at: unknown
}

/** A beat's document over a bare socket; it takes the socket's frames whenever it is looked at. */
export class Page {
  readonly doc = new Y.Doc()
  /** How the server answered, oldest first: the first is for the Step2 that greets it. */
  readonly answers: boolean[] = []
  readonly #wire: Wire
  readonly #key: string
  readonly #carets = new Map<number, Caret>()
  #caretClock = 0
  #isSynced = false

  private constructor(wire: Wire, beatId: number) {
    this.#wire = wire
    this.#key = beatDocumentName(beatId)
  }

  /** Resolves when everything that the server has is here. */
  static async open(wire: Wire, beatId: number): Promise<Page> {
    const page = new Page(wire, beatId)
    const key = page.#key
    wire.send(encodeClientFrame({ type: 'auth', key, token: '' }))
    wire.send(encodeClientFrame({ type: 'step1', key, stateVector: Y.encodeStateVector(page.doc) }))
    await page.until(() => page.#isSynced && page.answers.length > 0)
    return page
  }

  /** Resolves when it is so; a test's own time ends the wait. */
  async until(isSo: () => boolean): Promise<void> {
    for (;;) {
      this.look()
      if (isSo()) return
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
    }
  }

  text(field: CardField = 'goal'): string {
    this.look()
    return this.doc.getText(field).toString()
  }

  has(word: string, field: CardField = 'goal'): Promise<void> {
    return this.until(() => this.text(field).includes(word))
  }

  /** Types at the field's beginning; `saved` tells how it ended. */
  type(word: string, field: CardField = 'goal'): void {
    const before = Y.encodeStateVector(this.doc)
    this.doc.getText(field).insert(0, word)
    const update = Y.encodeStateAsUpdate(this.doc, before)
    this.#wire.send(encodeClientFrame({ type: 'update', key: this.#key, update }))
  }

  /** Types, and waits for the answer: whether it was taken. */
  async save(word: string, field: CardField = 'goal'): Promise<boolean> {
    this.look()
    const answered = this.answers.length
    this.type(word, field)
    await this.until(() => this.answers.length > answered)
    return this.answers[answered] === true
  }

  /** Shows the own caret. */
  point(at: unknown): void {
    this.#caretClock += 1
    const caret = { clientId: this.doc.clientID, clock: this.#caretClock, state: { cursor: at } }
    this.#wire.send(
      encodeClientFrame({ type: 'awareness', key: this.#key, update: encodeAwareness([caret]) }),
    )
  }

  /** Others' and own. */
  carets(): readonly Caret[] {
    this.look()
    return [...this.#carets.values()]
  }

  look(): void {
    const mine = this.#wire.frames.filter((frame) => frame.key === this.#key)
    for (const frame of mine) {
      this.#wire.frames.splice(this.#wire.frames.indexOf(frame), 1)
      if (frame.type === 'step2' || frame.type === 'update') Y.applyUpdate(this.doc, frame.update, 'server')
      if (frame.type === 'step2') this.#isSynced = true
      if (frame.type === 'step1') this.#answer(frame.stateVector)
      if (frame.type === 'sync_status') this.answers.push(frame.accepted)
      if (frame.type === 'awareness') this.#hearCarets(frame.update)
    }
  }

  #answer(stateVector: Uint8Array): void {
    const update = Y.encodeStateAsUpdate(this.doc, stateVector)
    this.#wire.send(encodeClientFrame({ type: 'step2', key: this.#key, update }))
  }

  #hearCarets(update: Uint8Array): void {
    for (const { clientId, state } of decodeAwareness(update)?.entries ?? []) {
      const { user, cursor } = (state ?? {}) as { user?: { name: string }; cursor?: unknown }
      if (user === undefined) this.#carets.delete(clientId)
      else this.#carets.set(clientId, { name: user.name, at: cursor })
    }
  }
}

const LOOK_EVERY_MS = 10

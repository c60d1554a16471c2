import { beatDocumentName, type ServerFrame } from '@storyweave/protocol'
import * as Y from 'yjs'
import type { RoomBench, Socket } from './testing.ts'

/** A person with one document open, as an editor holds it. */
export class Writer {
  readonly socket: Socket
  readonly doc: Y.Doc
  readonly key: string
  /** What the server has answered, in order: `1`, or the code before a `0`; a code in brackets had no `0`. */
  readonly answers: string[] = []
  readonly #bench: RoomBench
  #said: string | undefined

  constructor(bench: RoomBench, socket: Socket, beatId = 1, key: string = beatDocumentName(beatId)) {
    this.#bench = bench
    this.socket = socket
    this.key = key
    this.doc = bench.open(socket, beatId, key)
    this.hear()
    this.answers.length = 0
  }

  /** Changes the document and sends what the change makes; the answer is that update. */
  write(change: (doc: Y.Doc) => void): Uint8Array {
    const update = this.#bench.change(this.doc, change)
    this.send(update)
    return update
  }

  /** Adds to the end of the title. */
  type(text: string): Uint8Array {
    return this.write((doc) => doc.getText('title').insert(doc.getText('title').length, text))
  }

  send(update: Uint8Array): void {
    this.#bench.frame(this.socket, { type: 'update', key: this.key, update })
  }

  get title(): string {
    return this.doc.getText('title').toString()
  }

  /** Hears what has come: applies it, answers Step1, writes answers down. Gives back this key's frames. */
  hear(): ServerFrame[] {
    const frames = this.#bench.answer(this.socket, this.doc, this.key).filter(({ key }) => key === this.key)
    for (const frame of frames) this.#note(frame)
    if (this.#said !== undefined) this.answers.push(`(${this.#said})`)
    this.#said = undefined
    return frames
  }

  #note(frame: ServerFrame): void {
    if (frame.type === 'stateless') {
      if (this.#said !== undefined) this.answers.push(`(${this.#said})`)
      this.#said = (JSON.parse(frame.payload) as { code: string }).code
    } else if (frame.type === 'sync_status') {
      this.answers.push(frame.accepted ? '1' : (this.#said ?? '0 without a reason'))
      if (!frame.accepted) this.#said = undefined
    }
  }
}

/**
 * A document from updates, nothing of it tidied up on the way: two of the same rows are the same. What hangs on a
 * refused row is not in it.
 */
export function documentOf(updates: readonly Uint8Array[]): Y.Doc {
  const doc = new Y.Doc()
  doc.transact(() => {
    for (const update of updates) Y.applyUpdate(doc, update)
  })
  doc.store.pendingStructs = null
  doc.store.pendingDs = null
  return doc
}

/** Everything that a document holds, deletions included, in a form that can be compared. */
export function contentOf(doc: Y.Doc): unknown {
  return Y.decodeUpdate(Y.encodeStateAsUpdate(doc))
}

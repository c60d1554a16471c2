import type { Member } from '../member.ts'
import type { FrameInput, Millis } from '../ports.ts'
import { BeatDocument } from './beat-document.ts'
import type { DocumentContext } from './document-context.ts'
import { OpenKey, type WriteRight } from './open-key.ts'

/** A document that nobody reads stays in memory this long: who comes back at once finds it there. */
const UNLOAD_AFTER_MS = 30_000
/** A question weighs as much as an answer may: else thousands of them wait for one load, and are answered all at once. */
const QUESTION_BYTES = 64 * 1024
/** Leaving memory, a log this long is worth a snapshot. */
const ROWS_WORTH_A_SNAPSHOT = 50

/** The documents in memory, and the keys they are open under. */
export class Shelf {
  readonly #documents = new Map<number, BeatDocument>()
  readonly #context: DocumentContext

  constructor(context: DocumentContext) {
    this.#context = context
  }

  get(beatId: number): BeatDocument | undefined {
    return this.#documents.get(beatId)
  }

  /** The document, taken into memory where it is not. */
  fetch(beatId: number): BeatDocument {
    const known = this.#documents.get(beatId)
    if (known !== undefined) return known
    const document = new BeatDocument(beatId, this.#context)
    document.idleSince = this.#context.now()
    this.#documents.set(beatId, document)
    if (this.#context.isShared) this.#context.tellNodes({ kind: 'carets_wanted', beatId })
    return document
  }

  get isEmpty(): boolean {
    return this.#documents.size === 0
  }

  [Symbol.iterator](): Iterator<BeatDocument> {
    return this.#documents.values()
  }

  /** The log may have rows that nobody has told of, in any document. */
  catchUp(): void {
    for (const document of this) document.catchUp()
  }

  open(member: Member, key: string, beatId: number, right: WriteRight): OpenKey {
    const document = this.fetch(beatId)
    const open = new OpenKey(member, key, beatId, right, this.#context.ports)
    document.audience.add(open)
    document.idleSince = undefined
    open.send({ type: 'scope', key, scope: right.scope }, 'asked')
    return open
  }

  close(open: OpenKey): void {
    open.close()
    const document = this.#documents.get(open.beatId)
    if (document === undefined) return
    document.audience.remove(open)
    const { id } = open.member
    if (!document.audience.has(id)) document.carets.drop(id)
    if (document.audience.isEmpty) document.idleSince = this.#context.now()
  }

  /** How the others' carets stand, gone ones included, to a reader who missed some of it. */
  repeatCarets(open: OpenKey): void {
    this.get(open.beatId)?.carets.repeat(open)
  }

  /** A frame on an open key. */
  frame(open: OpenKey, { frame, bytes }: FrameInput): void {
    const document = this.fetch(open.beatId)
    switch (frame.type) {
      case 'step1':
        open.member.enter(bytes + QUESTION_BYTES)
        return document.take({
          kind: 'step1',
          key: open,
          stateVector: frame.stateVector,
          bytes: bytes + QUESTION_BYTES,
        })
      case 'step2':
        open.member.enter(bytes)
        return document.take({
          kind: 'incoming',
          key: open,
          answers: open.takeAnswered() ?? 'unasked',
          update: frame.update,
          bytes,
        })
      case 'update':
        open.member.enter(bytes)
        return document.take({ kind: 'incoming', key: open, answers: 'update', update: frame.update, bytes })
      case 'awareness':
        return document.takeAwareness(open, frame.update)
      case 'query_awareness':
        return document.carets.tell(open)
      case 'ignored':
        return this.#context.ports.note('frame_ignored', { beat: open.beatId, number: frame.number })
    }
  }

  /** When the next document may leave memory. */
  nextUnload(): Millis | undefined {
    const times = [...this].flatMap(({ idleSince }) =>
      idleSince === undefined ? [] : [idleSince + UNLOAD_AFTER_MS],
    )
    return times.length === 0 ? undefined : Math.min(...times)
  }

  /** Lets go what nobody reads. What has unwritten bytes stays, whatever the time. */
  unload(now: Millis): void {
    for (const document of this) {
      const { idleSince } = document
      if (idleSince === undefined || now < idleSince + UNLOAD_AFTER_MS) continue
      if (document.isBusy || !document.isProjected) {
        document.idleSince = now
        if (!document.isProjected) this.#context.unprojected(document.beatId)
        continue
      }
      this.#documents.delete(document.beatId)
      if (document.own.sinceSnapshot >= ROWS_WORTH_A_SNAPSHOT) this.#context.ports.compact(document.beatId)
      document.destroy()
      this.#context.ports.unloaded(document.beatId)
    }
  }

  /** Brings every projection up to date; `done` once the tables' writer has been handed all of them. */
  settle(done: () => void): void {
    const documents = [...this]
    let open = documents.length
    if (open === 0) return done()
    const one = () => {
      open -= 1
      if (open === 0) done()
    }
    for (const document of documents) document.take({ kind: 'project', done: one })
  }
}

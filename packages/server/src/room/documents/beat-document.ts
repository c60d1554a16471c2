import { assertNever, type CardChanges } from '@storyweave/protocol'
import * as Y from 'yjs'
import type {
  AppendRefusal,
  AppendResult,
  ConnectionId,
  LoadedDocument,
  Millis,
  Projection,
  RoomPorts,
} from '../ports.ts'
import { Audience, type Committed } from './audience.ts'
import { Awareness, decodeAwareness, encodeAwareness } from './awareness.ts'
import { Content, type ContentOptions } from './content.ts'
import { judge } from './incoming.ts'
import type { CardEdit, Job } from './jobs.ts'
import type { OpenKey, RefusalCode } from './open-key.ts'
import { Outbox } from './outbox.ts'

/** What a document needs of its room. */
export interface DocumentContext extends ContentOptions {
  readonly storyId: number
  readonly ports: RoomPorts
  now(): Millis
  /** The next number of this node's count of appends. */
  nextCounter(): number
  /** Card texts that are on disk now, for readers that do not have the document open. */
  cardEdited(beatId: number, changes: CardChanges, author: Author, except: ConnectionId | undefined): void
  /** Something was committed that no projection speaks of yet. */
  unprojected(beatId: number): void
  /** A projection of what is on disk. */
  projected(projection: Projection): void
}

export interface Author {
  readonly userId: number
  readonly name: string
}

/** After this many rows of its own the log is asked for a snapshot. */
const ROWS_BETWEEN_SNAPSHOTS = 500

const REFUSALS: Readonly<Record<AppendRefusal, string>> = {
  not_found: 'This beat is no longer there.',
  forbidden: 'You may read this story, not write in it.',
  bad_update: 'This change does not fit the document; it was not taken.',
  beat_locked: 'Somebody has locked this beat.',
}

/**
 * `loading`: the log is being read; jobs wait. `ready`: jobs are done at once.
 * `rebuilding`: what is in memory can't be trusted; once the log has answered every row, it is read anew.
 */
type Phase =
  | { readonly name: 'loading'; readonly waiting: Job[] }
  | { readonly name: 'ready'; readonly content: Content }
  | { readonly name: 'rebuilding'; readonly content: Content; readonly waiting: Job[] }

/** One beat's document: takes jobs in order, and lets nothing out that could still be lost. */
export class BeatDocument {
  readonly beatId: number
  readonly audience: Audience
  readonly awareness = new Awareness()
  readonly #context: DocumentContext
  readonly #outbox = new Outbox()
  #phase: Phase = { name: 'loading', waiting: [] }
  #refusal: AppendRefusal | undefined
  #committed: Committed[] = []
  /** Jobs whose results were made from a state that did not hold; they come before all that wait. */
  #undone: Job[] = []
  readonly #captures = new Set<Capture>()
  #rows = 0
  /** When the last reader left; undefined while there is one. */
  idleSince: Millis | undefined

  constructor(beatId: number, context: DocumentContext) {
    this.beatId = beatId
    this.#context = context
    this.audience = new Audience(context.ports)
    context.ports.load(beatId)
  }

  take(job: Job): void {
    if (this.#phase.name === 'ready') {
      this.#do(job, this.#phase.content)
      this.#drain()
    } else this.#phase.waiting.push(job)
  }

  /** The log's state; undefined where the beat is gone. */
  loaded(document: LoadedDocument | undefined): void {
    if (this.#phase.name !== 'loading') return
    const { waiting } = this.#phase
    if (document === undefined) return this.#endWaiting(waiting)
    const content = new Content(document, this.#context)
    this.#phase = { name: 'ready', content }
    if (!content.isProjected) this.#context.unprojected(this.beatId)
    if (document.updates.length > ROWS_BETWEEN_SNAPSHOTS) this.#context.ports.compact(this.beatId)
    for (const job of waiting) this.take(job)
  }

  #endWaiting(waiting: Job[]): void {
    this.#phase = { name: 'loading', waiting: [] }
    for (const job of waiting) this.#abandon(job, 'not_found')
  }

  #abandon(job: Job, code: AppendRefusal): void {
    const message = REFUSALS[code]
    if (job.kind === 'card') job.edit.done({ ok: false, code, message })
    else if (job.kind === 'project') job.done()
    else if (job.kind === 'incoming') {
      job.key.refuse(code, message)
      job.key.member.leave(job.bytes)
    } else if (job.kind === 'step1') job.key.member.leave(job.bytes)
  }

  /** The log's answers for this document's rows, in order. */
  appended(results: readonly AppendResult[]): void {
    this.#outbox.answer(results)
    this.#drain()
  }

  get isBusy(): boolean {
    return this.#phase.name !== 'ready' || !this.#outbox.isEmpty
  }

  get isProjected(): boolean {
    return this.#phase.name !== 'ready' || this.#phase.content.isProjected
  }

  get content(): Content | undefined {
    return this.#phase.name === 'ready' ? this.#phase.content : undefined
  }

  /** How many rows were appended since the log was last asked for a snapshot. */
  get rowsSinceSnapshot(): number {
    return this.#rows
  }

  takeAwareness(key: OpenKey, bytes: Uint8Array): void {
    const decoded = decodeAwareness(bytes)
    const { ports, now } = this.#context
    if (decoded === undefined) return ports.note('bad_awareness', { beat: this.beatId })
    const ownerOf = (clientId: number) => this.content?.ownerOf(clientId)
    const heard = this.awareness.take(decoded.entries, key.member.awarenessOwner, ownerOf, now())
    if (heard.length > 0) this.audience.awareness(encodeAwareness(heard), key)
  }

  tellAwareness(key: OpenKey): void {
    const states = this.awareness.allBut(key.member.visitor.userId)
    if (states.length > 0)
      key.send({ type: 'awareness', key: key.key, update: encodeAwareness(states) }, 'presence')
  }

  dropAwareness(connectionId: ConnectionId): void {
    const heard = this.awareness.drop(connectionId)
    if (heard.length > 0) this.audience.awareness(encodeAwareness(heard), undefined)
  }

  destroy(): void {
    if (this.#phase.name !== 'loading') this.#phase.content.destroy()
  }

  #do(job: Job, content: Content): void {
    switch (job.kind) {
      case 'step1':
        return this.#answerStep1(job, content)
      case 'incoming':
        return this.#takeIncoming(job, content)
      case 'card':
        return this.#editCard(job, content)
      case 'foreign':
        return this.#takeForeign(job, content)
      case 'project':
        return this.#project(job, content)
      case 'scene':
        return job.present ? content.addScene(job.sceneKey) : content.removeScene(job.sceneKey)
      case 'mend':
        return this.#say(job, () => job.key.acknowledgeBroughtHome(content.doc))
      default:
        return assertNever(job)
    }
  }

  /** Something made from the document as it stands: said once every row before it is on disk. */
  #say(job: Job, say: () => void): void {
    this.#outbox.push({ kind: 'made', release: say, undo: () => this.#undone.push(job) })
  }

  #answerStep1(job: Extract<Job, { kind: 'step1' }>, content: Content): void {
    const { key } = job
    const update = encodeSince(content.doc, job.stateVector)
    const stateVector = Y.encodeStateVector(content.doc)
    this.#say(job, () => {
      key.member.leave(job.bytes)
      if (update === undefined) return key.tellRefusal('bad_message', 'The state vector does not decode.')
      key.restart()
      key.askForState(stateVector, 'pair')
      key.send({ type: 'step2', key: key.key, update }, 'asked')
      this.tellAwareness(key)
    })
  }

  #takeIncoming(job: Incoming, content: Content): void {
    const verdict = judge(job.update, job.key, content, this.awareness)
    if (verdict.kind === 'take') return this.#append(job, content, verdict.newClients)
    if (verdict.kind === 'refuse')
      this.#context.ports.note('refused', { beat: this.beatId, why: verdict.why })
    this.#say(job, () => {
      if (verdict.kind === 'nothing_new') this.#accept(job)
      else this.#refuse(job, verdict.code, verdict.message)
    })
  }

  #append(job: Incoming, content: Content, newClients: readonly number[]): void {
    const { key } = job
    const { userId, name } = key.member.visitor
    const applied = this.#attempt(() => content.apply(job.update, job.answers !== 'update'))
    if (applied === undefined) {
      this.#rebuild()
      return this.#refuse(job, 'bad_update', REFUSALS.bad_update)
    }
    if (applied.bytes.length === 0) return this.#say(job, () => this.#accept(job))
    content.claim(newClients, userId)
    this.#outbox.push({
      kind: 'row',
      release: (seq) => {
        this.#landed(seq, { bytes: applied.bytes, from: key })
        this.#accept(job)
        this.#tellCard(applied.card, { userId, name }, key.member.id)
      },
      undo: (code) => {
        this.#rebuild()
        this.#refuse(job, code, REFUSALS[code])
      },
    })
    this.#appendRow(applied.bytes, userId, newClients)
  }

  #attempt<Result>(change: () => Result): Result | undefined {
    try {
      return change()
    } catch (error) {
      this.#context.ports.note('apply_failed', { beat: this.beatId, why: String(error) })
      return undefined
    }
  }

  #appendRow(bytes: Uint8Array, userId: number, newClients: readonly number[]): void {
    const { ports, storyId, now, nextCounter } = this.#context
    ports.append({
      storyId,
      beatId: this.beatId,
      bytes,
      userId,
      newClients,
      counter: nextCounter(),
      at: now(),
    })
  }

  #landed(seq: number, committed: Committed): void {
    this.#committed.push(committed)
    this.content?.seqs.add(seq)
    this.#rows += 1
    if (this.#rows >= ROWS_BETWEEN_SNAPSHOTS) {
      this.#rows = 0
      this.#context.ports.compact(this.beatId)
    }
    this.#context.unprojected(this.beatId)
  }

  /** One ack for an Update and for the Step2 of a pair; for one asked of our own accord, one for each refusal it mends. */
  #accept({ key, answers, bytes }: Incoming): void {
    key.member.leave(bytes)
    if (answers === 'update' || answers === 'pair') key.acknowledge()
    if (answers === 'own_accord') this.take({ kind: 'mend', key })
  }

  #refuse({ key, answers, update, bytes }: Incoming, code: RefusalCode, message: string): void {
    key.member.leave(bytes)
    if (answers === 'update') key.remember(update)
    if (answers === 'update' || answers === 'pair') key.refuse(code, message)
    else key.tellRefusal(code, message)
    if (answers === 'update' && code === 'pending' && !key.hasAsked) this.ask(key)
  }

  /** Asks a client for what the server lacks, of the server's own accord. */
  ask(key: OpenKey): void {
    if (this.content !== undefined) key.askForState(Y.encodeStateVector(this.content.doc), 'own_accord')
  }

  #editCard(job: Extract<Job, { kind: 'card' }>, content: Content): void {
    const { edit } = job
    const applied = content.editCard(edit.changes, edit.base, edit.userId)
    if (applied.bytes.length === 0) return this.#say(job, () => edit.done({ ok: true }))
    const newClients = content.ownerOf(applied.pen) === undefined ? [applied.pen] : []
    content.claim(newClients, edit.userId)
    this.#outbox.push({
      kind: 'row',
      release: (seq) => this.#cardLanded(seq, edit, applied),
      undo: (code) => {
        this.#rebuild()
        edit.done({ ok: false, code, message: REFUSALS[code] })
      },
    })
    this.#appendRow(applied.bytes, edit.userId, newClients)
  }

  #cardLanded(seq: number, edit: CardEdit, { bytes, card }: { bytes: Uint8Array; card: CardChanges }): void {
    this.#landed(seq, { bytes, from: undefined })
    edit.done({ ok: true })
    this.#tellCard(card, { userId: edit.userId, name: edit.userName }, edit.connectionId)
  }

  #tellCard(card: CardChanges, author: Author, except: ConnectionId | undefined): void {
    if (Object.keys(card).length > 0) this.#context.cardEdited(this.beatId, card, author, except)
  }

  /** A row by another hand: on disk already, so it is told without waiting. */
  #takeForeign({ row }: Extract<Job, { kind: 'foreign' }>, content: Content): void {
    const applied = this.#attempt(() => content.apply(row.bytes, false))
    if (applied === undefined) return this.#rebuild()
    content.seqs.add(row.seq)
    for (const capture of this.#captures) capture.before = Math.min(capture.before, row.seq)
    this.#committed.push({ bytes: row.bytes, from: undefined })
    this.#context.unprojected(this.beatId)
  }

  #project(job: Extract<Job, { kind: 'project' }>, content: Content): void {
    if (content.isProjected) return this.#say(job, job.done)
    const projection = content.project(this.beatId)
    const capture: Capture = { before: Number.POSITIVE_INFINITY }
    this.#captures.add(capture)
    this.#say(job, () => {
      this.#captures.delete(capture)
      this.#context.projected({ ...projection, seq: Math.min(content.seqs.seq, capture.before - 1) })
      job.done()
    })
  }

  #rebuild(): void {
    if (this.#phase.name === 'ready') this.#phase = { ...this.#phase, name: 'rebuilding', waiting: [] }
  }

  #drain(): void {
    this.#refusal = this.#outbox.drain(this.#refusal)
    this.audience.update(this.#committed)
    this.#committed = []
    if (this.#phase.name === 'rebuilding' && this.#outbox.isEmpty) this.#reload(this.#phase)
  }

  #reload({ content, waiting }: Extract<Phase, { name: 'rebuilding' }>): void {
    content.destroy()
    this.#refusal = undefined
    this.#captures.clear()
    this.#phase = { name: 'loading', waiting: [...this.#undone, ...waiting] }
    this.#undone = []
    this.#context.ports.load(this.beatId)
  }
}

type Incoming = Extract<Job, { kind: 'incoming' }>

/** A projection on its way out: rows of other hands from `before` on came after it was made. */
interface Capture {
  before: number
}

function encodeSince(doc: Y.Doc, stateVector: Uint8Array): Uint8Array | undefined {
  try {
    return Y.encodeStateAsUpdate(doc, stateVector.length === 0 ? undefined : stateVector)
  } catch {
    return undefined
  }
}

import { assertNever, type CardChanges, LIMITS } from '@storyweave/protocol'
import * as Y from 'yjs'
import type { AppendRefusal, AppendResult, LoadedDocument, Millis } from '../ports.ts'
import { Audience, type Committed } from './audience.ts'
import { Awareness, type AwarenessEntry, decodeAwareness, encodeAwareness } from './awareness.ts'
import { Content } from './content.ts'
import type { DocumentContext } from './document-context.ts'
import { judge } from './incoming.ts'
import type { Incoming, Job } from './jobs.ts'
import { Line } from './line.ts'
import type { OpenKey, RefusalCode } from './open-key.ts'
import { Outbox } from './outbox.ts'
import type { Capture, Phase } from './phase.ts'
import { REFUSALS, type Row } from './row.ts'
import { isContained } from './update-check.ts'

/** After this many rows of its own the log is asked for a snapshot. */
const ROWS_BETWEEN_SNAPSHOTS = 500

/** One beat's document: takes jobs in order, and lets nothing out that could still be lost. */
export class BeatDocument {
  readonly beatId: number
  readonly audience: Audience
  readonly awareness = new Awareness()
  readonly #context: DocumentContext
  readonly #outbox = new Outbox()
  #phase: Phase = { name: 'loading', waiting: [] }
  #committed: Committed[] = []
  /** Jobs whose results were made from a state that did not hold; they come before all that wait. */
  #undone: Job[] = []
  /** A card edit that waits for the rows before it to be on disk, and what came after it. */
  readonly #behind = new Line()
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
    if (this.#phase.name === 'ready' && this.#behind.mustWait(job)) this.#behind.push(job)
    else if (this.#phase.name === 'ready') {
      this.#do(job, this.#phase.content)
      this.#drain()
    } else if (this.#phase.name === 'gone') this.#load([job])
    else this.#phase.waiting.push(job)
  }

  #load(waiting: Job[]): void {
    this.#phase = { name: 'loading', waiting }
    this.#context.ports.load(this.beatId)
  }

  /** The log's state; undefined where the beat is gone. */
  loaded(document: LoadedDocument | undefined): void {
    if (this.#phase.name !== 'loading') return
    const { waiting } = this.#phase
    if (document === undefined) {
      this.#phase = { name: 'gone' }
      for (const job of waiting) this.#abandon(job, 'not_found')
      return
    }
    const content = new Content(document, this.#context)
    this.#phase = { name: 'ready', content }
    if (!content.isProjected) this.#context.unprojected(this.beatId)
    if (document.updates.length > ROWS_BETWEEN_SNAPSHOTS) this.#context.ports.compact(this.beatId)
    for (const job of waiting) this.take(job)
  }

  #abandon(job: Job, code: AppendRefusal): void {
    const message = REFUSALS[code]
    if (job.kind === 'card') job.edit.done({ ok: false, code, message })
    else if (job.kind === 'project') job.done()
    else if (job.kind === 'hold') job.begin(() => undefined)
    else if (job.kind === 'incoming') this.#refuse(job, code, message)
    else if (job.kind === 'step1') job.key.member.leave(job.bytes)
    else if (job.kind === 'landed') this.#abandon(job.row.job, code)
    else if (job.kind === 'say') job.say()
  }

  /** The log's answers for this document's rows, in order. */
  appended(results: readonly AppendResult[]): void {
    this.#outbox.answer(results)
    this.#drain()
  }

  get isBusy(): boolean {
    return (
      this.#phase.name === 'loading' ||
      this.#phase.name === 'rebuilding' ||
      this.#behind.isHeld ||
      !this.#outbox.isEmpty
    )
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
    const decoded = bytes.length > LIMITS.awarenessFrameBytes ? undefined : decodeAwareness(bytes)
    const { ports, now } = this.#context
    if (decoded === undefined) return ports.note('bad_awareness', { beat: this.beatId })
    const ownerOf = (clientId: number) => this.content?.ownerOf(clientId)
    const heard = this.awareness.take(decoded.entries, key.member.awarenessOwner, ownerOf, now())
    this.tellCarets(heard, key)
  }

  tellAwareness(key: OpenKey): void {
    const states = this.awareness.allBut(key.member.visitor.userId)
    if (states.length > 0)
      key.send({ type: 'awareness', key: key.key, update: encodeAwareness(states) }, 'presence')
  }

  tellCarets(heard: readonly AwarenessEntry[], except?: OpenKey): void {
    if (heard.length > 0) this.audience.awareness(encodeAwareness(heard), except)
  }

  destroy(): void {
    this.content?.destroy()
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
        return this.#setScene(job, content)
      case 'mend':
        return this.#mend(job, content)
      case 'ask':
        return this.#ask(job, content)
      case 'landed':
        return this.#judgeLanded(job, content)
      case 'say':
        return this.#say(job, job.say)
      case 'hold':
        return this.#outbox.isEmpty ? this.#behind.hold(job, () => this.#goOn()) : this.#behind.push(job)
      default:
        return assertNever(job)
    }
  }

  #setScene({ sceneKey, present }: Extract<Job, { kind: 'scene' }>, content: Content): void {
    if (!present) return content.removeScene(sceneKey)
    content.addScene(sceneKey)
    this.#context.unprojected(this.beatId)
  }

  /** Something made from the document as it stands: said once every row before it is on disk. */
  #say(job: Job, say: () => void): void {
    this.#outbox.push({ kind: 'made', release: say, undo: () => this.#undone.push(job) })
  }

  #mend(job: Extract<Job, { kind: 'mend' }>, content: Content): void {
    const home = job.key.refusedWithin(content.doc)
    this.#say(job, () => job.key.acknowledgeHome(home))
  }

  #ask(job: Extract<Job, { kind: 'ask' }>, content: Content): void {
    const stateVector = Y.encodeStateVector(content.doc)
    this.#say(job, () => {
      if (!job.key.hasAsked) job.key.askForState(stateVector, 'own_accord')
    })
  }

  #answerStep1(job: Extract<Job, { kind: 'step1' }>, content: Content): void {
    const { key } = job
    const update = content.since(job.stateVector)
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
    const isLocked = this.#context.isClosedTo(job.key.member.visitor.userId, this.beatId)
    const verdict = judge(job.update, job.key, content, this.awareness, isLocked)
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
      return this.#say(job, () => this.#refuse(job, 'bad_update', REFUSALS.bad_update))
    }
    if (applied.bytes.length === 0) return this.#say(job, () => this.#accept(job))
    this.#write(content, {
      ...{ job, newClients, from: key, except: key.member.id, author: { userId, name } },
      ...{ bytes: applied.bytes, card: applied.card },
      taken: () => this.#accept(job),
      refused: (code) => this.#refuse(job, code, REFUSALS[code]),
    })
  }

  #attempt<Result>(change: () => Result): Result | undefined {
    try {
      return change()
    } catch (error) {
      this.#context.ports.note('apply_failed', { beat: this.beatId, why: String(error) })
      return undefined
    }
  }

  /** Hands a row to the log; what it means is said when the log has answered. */
  #write(content: Content, row: Row): void {
    const { ports, storyId, now, nextCounter } = this.#context
    const { bytes, newClients, author } = row
    content.claim(newClients, author.userId)
    this.#outbox.push({
      kind: 'row',
      release: (seq) => {
        this.#landed(seq, row)
        this.#taken(row, row.card)
      },
      undo: (seq) => {
        this.#landed(seq, row)
        this.#undone.push({ kind: 'landed', row })
      },
      refuse: (code) => this.#refusedByLog(() => row.refused(code)),
    })
    const { beatId } = this
    const counter = nextCounter()
    ports.append({ storyId, beatId, bytes, userId: author.userId, newClients, counter, at: now() })
  }

  #taken({ author, except, taken }: Row, card: CardChanges): void {
    taken()
    if (Object.keys(card).length > 0) this.#context.cardEdited(this.beatId, card, author, except)
  }

  /** The first refusal is said at once; those after it behind what is decided again, for answers keep their order. */
  #refusedByLog(say: () => void): void {
    if (this.#phase.name === 'rebuilding') this.#undone.push({ kind: 'say', say })
    else {
      this.#rebuild()
      say()
    }
  }

  /** A row that stands on a refused one hangs in the air, though the log has it: it is judged as if it came now. */
  #judgeLanded(job: Extract<Job, { kind: 'landed' }>, content: Content): void {
    const { row } = job
    if (!isContained(row.bytes, content.doc)) return this.#do(row.job, content)
    const card = content.texts(row.card)
    this.#say(job, () => this.#taken(row, card))
  }

  #landed(seq: number, { bytes, from }: Committed): void {
    this.#committed.push({ bytes, from })
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
    if (answers === 'update' || answers === 'pair') {
      key.remember(update)
      key.refuse(code, message)
    } else key.tellRefusal(code, message)
    if (answers === 'update' && code === 'pending') this.take({ kind: 'ask', key })
  }

  #editCard(job: Extract<Job, { kind: 'card' }>, content: Content): void {
    const { edit } = job
    // Made from the texts as they stand, it would hang on rows of others that the log may still refuse.
    if (!this.#outbox.isEmpty) {
      this.#behind.push(job)
      return
    }
    if (this.#context.isClosedTo(edit.userId, this.beatId)) {
      return this.#say(job, () =>
        edit.done({ ok: false, code: 'beat_locked', message: REFUSALS.beat_locked }),
      )
    }
    const applied = content.editCard(edit.changes, edit.base, edit.userId)
    if (applied.bytes.length === 0) return this.#say(job, () => edit.done({ ok: true }))
    const { userId, userName: name, connectionId: except } = edit
    const newClients = content.ownerOf(applied.pen) === undefined ? [applied.pen] : []
    this.#write(content, {
      ...{ job, newClients, from: undefined, except, author: { userId, name } },
      ...{ bytes: applied.bytes, card: applied.card },
      taken: () => edit.done({ ok: true }),
      refused: (code) => edit.done({ ok: false, code, message: REFUSALS[code] }),
    })
  }

  /** A row by another hand: on disk already, but told in its turn, behind the answers that were made without it. */
  #takeForeign(job: Extract<Job, { kind: 'foreign' }>, content: Content): void {
    const { row } = job
    const applied = this.#attempt(() => content.apply(row.bytes, false))
    if (applied === undefined) return this.#rebuild()
    // A row that came with the document when that was loaded is in every projection made since.
    const isNews = row.seq > content.seqs.seq
    if (isNews) for (const capture of this.#captures) capture.before = Math.min(capture.before, row.seq)
    content.seqs.add(row.seq)
    this.#say(job, () => this.#committed.push({ bytes: row.bytes, from: undefined }))
    this.#context.unprojected(this.beatId)
    if (applied.cleanup.length > 0) this.#writeCleanup(applied.cleanup, row.userId, content)
  }

  /** What Yjs has tidied up around a foreign row is a change of its own: the log must know it too. */
  #writeCleanup(bytes: Uint8Array, userId: number, content: Content): void {
    const nothing = () => undefined
    this.#write(content, {
      ...{ job: { kind: 'say', say: nothing }, newClients: [], from: undefined, except: undefined },
      ...{ bytes, card: {}, author: { userId, name: '' }, taken: nothing, refused: nothing },
    })
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
    if (this.#phase.name !== 'ready') return
    this.#phase = { ...this.#phase, name: 'rebuilding', waiting: this.#behind.leave() }
  }

  #drain(): void {
    if (this.#outbox.isDraining) return
    this.#outbox.drain()
    this.audience.update(this.#committed)
    this.#committed = []
    if (this.#phase.name === 'rebuilding' && this.#outbox.isEmpty) this.#reload(this.#phase)
    else if (this.#outbox.isEmpty) this.#goOn()
  }

  /** Everything is on disk: what waited for that has its turn. */
  #goOn(): void {
    if (!this.#behind.isHeld) for (const job of this.#behind.leave()) this.take(job)
  }

  #reload({ content, waiting }: Extract<Phase, { name: 'rebuilding' }>): void {
    content.destroy()
    this.#outbox.restart()
    this.#captures.clear()
    const undone = this.#undone
    this.#undone = []
    this.#load([...undone, ...waiting])
  }
}

import { assertNever, type CardChanges } from '@storyweave/protocol'
import type { AppendRefusal, AppendResult, DocumentHead, LoadedDocument, LogNews, Millis } from '../ports.ts'
import { abandon, accept, answerStep1, ask, mend, refuse } from './answers.ts'
import { Audience } from './audience.ts'
import { Carets } from './carets.ts'
import { Content } from './content.ts'
import type { DocumentContext } from './document-context.ts'
import { judge } from './incoming.ts'
import type { Incoming, Job } from './jobs.ts'
import { Line } from './line.ts'
import type { OpenKey } from './open-key.ts'
import { OthersRows } from './others-rows.ts'
import { Outbox } from './outbox.ts'
import { OwnRows, ROWS_BETWEEN_SNAPSHOTS } from './own-rows.ts'
import type { Phase } from './phase.ts'
import { Projector } from './projector.ts'
import { cleanupRow, REFUSALS, type Row } from './row.ts'
import { Sureness } from './sureness.ts'
import { Teller } from './teller.ts'
import { Told } from './told.ts'
import { Undone } from './undone.ts'
import { isContained, type News } from './update-check.ts'

/** One beat's document: takes jobs in order, and lets nothing out that could still be lost. */
export class BeatDocument {
  readonly beatId: number
  readonly audience: Audience
  readonly carets: Carets
  readonly #context: DocumentContext
  readonly #outbox = new Outbox((seq) => this.#isNext(seq))
  #phase: Phase = { name: 'loading', waiting: [] }
  readonly #teller: Teller
  /** They come before all that wait. */
  readonly #undone = new Undone()
  /** A card edit that waits for the rows before it to be on disk, and what came after it. */
  readonly #behind = new Line()
  readonly #projector = new Projector()
  readonly #others: OthersRows
  readonly #sureness: Sureness
  readonly own: OwnRows
  readonly #told = new Told()
  /** When the last reader left; undefined while there is one. */
  idleSince: Millis | undefined

  constructor(beatId: number, context: DocumentContext) {
    this.beatId = beatId
    this.#context = context
    this.audience = new Audience(context.ports)
    this.#teller = new Teller(this.audience)
    this.own = new OwnRows(beatId, context)
    this.carets = new Carets(beatId, this.audience, context)
    this.#others = new OthersRows({
      content: () => this.content,
      apply: (job, content) => this.#applyForeign(job, content),
      read: (seq) => context.ports.readNews(beatId, seq),
      early: () => context.early(),
    })
    this.#sureness = new Sureness({
      readLog: (then) => this.#others.catchUp(then),
      readLock: (then) => context.whenLockIsSure(beatId, then),
    })
    context.ports.load(beatId)
  }

  readonly #take = (job: Job): void => this.take(job)

  take(job: Job): void {
    if (this.#context.isShared) this.#sureness.came(job)
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
      for (const job of waiting) abandon(job, 'not_found', this.#take)
      return
    }
    const content = new Content(document, this.#context)
    this.#phase = { name: 'ready', content }
    this.#tellUnheard(content)
    if (!content.isProjected) this.#context.unprojected(this.beatId)
    if (document.updates.length > ROWS_BETWEEN_SNAPSHOTS) this.#context.ports.compact(this.beatId)
    this.#others.goOn()
    for (const job of waiting) this.take(job)
  }

  /** Rows of others that came with the document when it was read anew: its readers may have heard of none of them. */
  #tellUnheard(content: Content): void {
    const update = this.#told.isBehind(content.seqs.seq) ? content.since(new Uint8Array()) : undefined
    if (update !== undefined) this.audience.update([{ bytes: update, from: undefined }])
  }

  /** The log has, or may have, rows that nobody has told of; `onlyEarly`: where one is missed before others. */
  catchUp(onlyEarly = false): void {
    if (!onlyEarly || this.#others.hasEarly || this.#outbox.isBehindOthers) this.#others.catchUp()
  }

  /** How far the log and its projection are, whoever wrote them. */
  headRead({ headSeq, projectedSeq }: DocumentHead): void {
    const { content } = this
    if (content === undefined) return
    if (headSeq > content.seqs.seq) this.catchUp()
    if (this.#projector.isLeftBehind(projectedSeq, content.seqs.seq, this.#context.now()))
      this.#context.unprojected(this.beatId)
  }

  /** What the log has beyond what was known; undefined where it has to be read as a whole. */
  newsRead(news: LogNews | undefined): void {
    if (news === undefined) this.#rebuild(true)
    else if (this.content !== undefined) this.#others.newsRead(news, this.content)
    this.#others.answered()
    this.#drain()
  }

  /** The log's answers for this document's rows, in order. */
  appended(results: readonly AppendResult[]): void {
    this.#outbox.answer(results)
    this.#drain()
  }

  get isBusy(): boolean {
    const isReading = this.#phase.name === 'loading' || this.#phase.name === 'rebuilding'
    return isReading || this.#others.isBusy || this.#behind.isHeld || !this.#outbox.isEmpty
  }

  get isProjected(): boolean {
    return this.#phase.name !== 'ready' || this.#projector.isDone(this.#phase.content)
  }

  get content(): Content | undefined {
    return this.#phase.name === 'ready' ? this.#phase.content : undefined
  }

  takeAwareness(key: OpenKey, bytes: Uint8Array): void {
    this.carets.take(key, bytes, (clientId) => this.content?.ownerOf(clientId))
  }

  destroy(): void {
    this.content?.destroy()
  }

  #do(job: Job, content: Content): void {
    switch (job.kind) {
      case 'step1':
        return answerStep1(job, content, this.carets, this.#say)
      case 'incoming':
        return this.#takeIncoming(job, content)
      case 'card':
        return this.#editCard(job, content)
      case 'foreign':
        return this.#others.take(job, content)
      case 'project':
        return this.#project(job, content)
      case 'scene':
        return this.#setScene(job, content)
      case 'mend':
        return mend(job, content, this.#say)
      case 'ask':
        return ask(job, content, this.#say)
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
  readonly #say = (job: Job, say: () => void): void =>
    this.#outbox.push({
      kind: 'made',
      release: () => {
        this.#teller.flush()
        say()
      },
      undo: () => this.#undone.push(job),
    })

  #takeIncoming(job: Incoming, content: Content): void {
    const isLocked = this.#context.isClosedTo(job.key.member.visitor.userId, this.beatId)
    const verdict = judge(job.update, job.key, content, this.carets, isLocked)
    if (verdict.kind === 'take') return this.#append(job, content, verdict)
    if (verdict.kind === 'refuse' && this.#isEarly(job, isLocked)) return this.#makeSure(job, isLocked)
    if (verdict.kind === 'refuse')
      this.#context.ports.note('refused', { beat: this.beatId, code: verdict.code, why: verdict.why })
    this.#say(job, () => {
      if (verdict.kind === 'nothing_new') accept(job, this.#take)
      else refuse(job, verdict.code, verdict.message, this.#take)
    })
  }

  /** It is too early to refuse this. */
  #isEarly(job: Job, isLocked: boolean): boolean {
    return this.#context.isShared && !this.#sureness.has(job, isLocked)
  }

  #makeSure(job: Job, isLocked: boolean): void {
    this.#behind.push(job)
    const begin = (release: () => void) => this.#sureness.ask(isLocked, release)
    this.#behind.hold({ kind: 'hold', begin }, () => this.#goOn())
  }

  #append(job: Incoming, content: Content, { newClients, sceneKeys }: News): void {
    const { key } = job
    const { userId, name } = key.member.visitor
    const applied = this.#attempt(() => content.apply(job.update, job.answers !== 'update'))
    if (applied === undefined) {
      this.#rebuild()
      return this.#say(job, () => refuse(job, 'bad_update', REFUSALS.bad_update, this.#take))
    }
    if (applied.bytes.length === 0) return this.#say(job, () => accept(job, this.#take))
    this.#write(content, {
      ...{ job, newClients, sceneKeys, from: key, except: key.member.id, author: { userId, name } },
      ...{ bytes: applied.bytes, card: applied.card },
      taken: () => accept(job, this.#take),
      refused: (code) => refuse(job, code, REFUSALS[code], this.#take),
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
    const { bytes, newClients, sceneKeys = [], author } = row
    content.claim(newClients, author.userId)
    this.#outbox.push({
      kind: 'row',
      release: (seq) => {
        const ack = () => this.#taken(row, row.card)
        // Whoever sent a card's text shows that until they hear what it has merged to.
        if (row.from === undefined) ack()
        this.#landed(seq, row, row.from && ack)
      },
      undo: (seq) => {
        // Its card was made with what was refused: it is told when the document was read anew.
        this.#landed(seq, { ...row, card: {} })
        this.#undone.push({ kind: 'landed', row, seq })
      },
      refuse: (code) => this.#refusedByLog(row, code),
    })
    const { beatId } = this
    const { userId } = author
    const counter = nextCounter()
    ports.append({ storyId, beatId, bytes, userId, newClients, sceneKeys, counter, at: now() })
  }

  #taken({ author, except, taken }: Row, card: CardChanges): void {
    taken()
    if (Object.keys(card).length > 0) this.#context.cardEdited(this.beatId, card, author, except)
  }

  /** The first refusal is said at once; those after it behind what is decided again, for answers keep their order. */
  #refusedByLog(row: Row, code: AppendRefusal): void {
    // Words of others that it brought, and that were not known here yet, were taken for its writer's.
    if (code === 'bad_update' && this.#undone.pushOnce(row.job)) return this.#rebuild()
    this.#context.ports.note('refused', { beat: this.beatId, code, why: 'by the log' })
    const say = () => row.refused(code)
    if (this.#phase.name === 'rebuilding') return void this.#undone.push({ kind: 'say', say })
    this.#rebuild()
    this.#teller.flush()
    say()
  }

  /** A row that stands on a refused one hangs in the air, though the log has it: it is judged as if it came now. */
  #judgeLanded(job: Extract<Job, { kind: 'landed' }>, content: Content): void {
    const { row, seq } = job
    if (!isContained(row.bytes, content.doc)) return this.#do(row.job, content)
    const card = content.texts(row.card)
    this.#say(job, () => {
      this.#taken(row, card)
      this.own.cardKnown(seq, row, card)
    })
  }

  #landed(seq: number, row: Row, ack?: () => void): void {
    this.#teller.add(row, ack)
    if (this.#phase.name === 'ready' || this.#phase.name === 'rebuilding') this.#phase.content.seqs.add(seq)
    this.own.landed(seq, row)
    this.#others.goOn()
  }

  #editCard(job: Extract<Job, { kind: 'card' }>, content: Content): void {
    const { edit } = job
    // Made from the texts as they stand, it would hang on rows of others that the log may still refuse.
    if (!this.#outbox.isEmpty) return this.#behind.push(job)
    if (this.#context.isClosedTo(edit.userId, this.beatId)) {
      if (this.#isEarly(job, true)) return this.#makeSure(job, true)
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

  /** On disk already, but told in its turn, behind the answers that were made without it. */
  #applyForeign(job: Extract<Job, { kind: 'foreign' }>, content: Content): void {
    const { row, isOurs } = job
    const applied = this.#attempt(() => content.apply(row.bytes, false))
    if (applied === undefined) return this.#rebuild(true)
    this.#projector.tookIn(row.seq)
    content.seqs.add(row.seq)
    // Rows of our own that wait come behind it in the log; whoever opens the document now hears it behind their Step2.
    const heard = this.#outbox.hasRow ? this.#teller.tellAtOnce(row.bytes) : undefined
    this.#outbox.push({
      kind: 'made',
      release: () => this.#teller.add({ bytes: row.bytes, from: undefined, heard }),
      undo: () => this.#told.untold(row.seq),
    })
    if (isOurs || !this.#context.isShared) this.#context.unprojected(this.beatId)
    if (applied.cleanup.length > 0) this.#write(content, cleanupRow(applied.cleanup, row.userId))
  }

  #project(job: Extract<Job, { kind: 'project' }>, content: Content): void {
    if (this.#projector.isDone(content)) return this.#say(job, job.done)
    const projection = this.#projector.project(this.beatId, content)
    this.#say(job, () => {
      this.#context.projected(projection())
      job.done()
    })
  }

  /** `unknown`: the log has rows that are not known here; what was made without them is decided again behind them. */
  #rebuild(unknown = false): void {
    if (this.#phase.name !== 'ready') return
    if (unknown) this.#outbox.undo()
    this.#phase = { ...this.#phase, name: 'rebuilding', waiting: this.#behind.leave() }
  }

  #drain(): void {
    if (this.#outbox.isDraining) return
    this.#outbox.drain()
    this.#teller.flush()
    if (this.#outbox.isBehindOthers) this.#context.early()
    this.own.tellNodes()
    if (this.#phase.name === 'rebuilding' && this.#outbox.isEmpty) this.#reload(this.#phase)
    else if (this.#outbox.isEmpty) this.#goOn()
  }

  /** Whoever wrote a row hears of those before it first: its ack would say that their writers had seen it. */
  #isNext(seq: number): boolean {
    return this.#phase.name !== 'ready' || seq <= this.#phase.content.seqs.seq + 1
  }

  /** Everything is on disk: what waited for that has its turn. */
  #goOn(): void {
    if (!this.#behind.isHeld) for (const job of this.#behind.leave()) this.take(job)
  }

  #reload({ content, waiting }: Extract<Phase, { name: 'rebuilding' }>): void {
    this.#told.untold(content.seqs.seq + 1)
    content.destroy()
    this.#outbox.restart()
    this.#projector.restart()
    this.#load([...this.#undone.leave(), ...waiting])
  }
}

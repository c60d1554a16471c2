import { assertNever, beatDocumentName, type Scope, type ServerFrame } from '@storyweave/protocol'
import { Awareness } from 'y-protocols/awareness'
import * as Y from 'yjs'
import type { Span } from '../drawer/entry.ts'
import { type TakenOut, takeOut, takeOvertaken } from '../drawer/take-out.ts'
import type { NewRow, OfflineStore, Refusal, StoredDocument } from '../offline/store.ts'
import type { Clock } from '../ports.ts'
import type { BeatDocumentSnapshot } from '../types.ts'
import { AwarenessLink } from './awareness-link.ts'
import { UpdateBatch } from './batch.ts'
import { DocumentJournal } from './journal.ts'
import { AckLedger } from './ledger.ts'
import { Link } from './link.ts'
import { type Denial, readDenial, readRefusal, refusal } from './refusals.ts'
import { ServerKnowledge } from './server-knowledge.ts'

/** The origins of updates that were not made here. */
const SERVER = Symbol('server')
const STORE = Symbol('store')

/** An update without structs and deletions: what a reader has to bring, whatever Yjs has tidied in their document. */
const NOTHING = Uint8Array.of(0, 0)

/** How a document begins that follows on one that was given up. */
interface Beginning {
  readonly putBack: Refusal
  readonly forgotten: Promise<void>
  readonly denial: Denial | undefined
}

export interface BeatSyncHost {
  readonly clock: Clock
  readonly store: OfflineStore
  /** Something of the snapshot, or of what is unsaved, may be different. */
  changed(): void
  /** The document is read from the device: it may be opened on the wire. */
  loaded(): void
  /** Everything the server has is in the document. */
  caughtUp(): void
  /** Something was written here. */
  wrote(): void
  /** The server will never take what was written here: from now on this document is neither sent nor shown. */
  refused(reason: Refusal): void
  /** Somebody deleted these words without having seen them; resolves when they are kept. */
  overtaken(words: readonly TakenOut[]): Promise<void>
  storeFailed(error: unknown): void
  note(event: string, details: Readonly<Record<string, string | number>>): void
}

/** One beat's document on this device, kept in step with the offline store and, over a link, with the server. */
export class BeatSync {
  readonly beatId: number
  readonly doc: Y.Doc
  readonly awareness: Awareness
  readonly #host: BeatSyncHost
  readonly #journal: DocumentJournal
  readonly #batch: UpdateBatch
  readonly #knowledge = new ServerKnowledge()
  readonly #ledger = new AckLedger((update) => this.#knowledge.heardUpdate(update))
  readonly #awarenessLink: AwarenessLink
  #link: Link | undefined
  #loaded = false
  /** Something of the text is there, from this device or from the server. */
  #known = false
  #scope: Scope = 'readonly'
  /** Why it is not open, if the server has said so. */
  #denial: Denial | undefined
  readonly #putBack: Refusal | undefined
  /** Its words were refused: nothing is sent any more. */
  #isOver = false
  /** What the server said about the `0` that follows. */
  #announcedRefusal: Refusal | undefined
  /** Where the update comes from that is being applied. */
  #applying: typeof SERVER | typeof STORE | undefined
  #destroyed = false

  /**
   * Begins with what this device has; after a refusal with nothing, once the device has forgotten the document
   * (`forgotten`), and denied where the one before was.
   */
  constructor(beatId: number, host: BeatSyncHost, begin?: Beginning) {
    this.beatId = beatId
    this.#host = host
    this.doc = new Y.Doc()
    this.doc.clientID = Math.floor(host.clock.random() * 2 ** 32)
    this.awareness = new Awareness(this.doc)
    const { clock, store } = host
    this.#journal = new DocumentJournal(beatDocumentName(beatId), store, clock, (error) =>
      host.storeFailed(error),
    )
    this.#batch = new UpdateBatch(clock, () => this.flush())
    this.#awarenessLink = new AwarenessLink(this.awareness, clock)
    this.doc.on('update', (update: Uint8Array, origin: unknown) => this.#updated(update, origin))
    this.doc.on('afterTransaction', (transaction: Y.Transaction) => {
      if (transaction.origin === SERVER) this.#keepOvertaken(transaction)
    })
    this.#putBack = begin?.putBack
    this.#denial = begin?.denial
    // The journal answers with an empty document where the store fails, and `forgotten` never rejects.
    const stored = begin === undefined ? this.#journal.load() : this.#journal.beginAfter(begin.forgotten)
    void stored.then((found) => this.#restore(found))
  }

  get loaded(): boolean {
    return this.#loaded
  }

  get unsaved(): number {
    return this.#ledger.unsaved
  }

  /** How many of the unsaved changes wait for nothing but a decision of their writer. */
  get stuck(): number {
    return this.#denial === undefined ? 0 : this.#ledger.unsaved
  }

  /** Since when the oldest change has been waiting for the server; milliseconds since 1970 UTC. */
  get waitingSince(): number | undefined {
    return this.#denial === undefined ? this.#ledger.oldest : undefined
  }

  /** Why the server does not open it, if it has said so. */
  get denial(): Denial | undefined {
    return this.#denial
  }

  get caughtUp(): boolean {
    return this.#link?.caughtUp === true
  }

  snapshot(): BeatDocumentSnapshot {
    return {
      doc: this.doc,
      awareness: this.awareness,
      state: this.#state(),
      scope: this.#denial !== undefined || this.#isOver ? 'readonly' : this.#scope,
      putBack: this.#putBack,
      unsaved: this.#ledger.unsaved,
    }
  }

  /** Opens the document under a key that this socket has not used before; an older key is closed. */
  open(key: string, send: (frame: Uint8Array) => void): void {
    this.#link?.say({ type: 'close' })
    const link = new Link(key, send)
    this.#link = link
    this.#denial = undefined
    this.#announcedRefusal = undefined
    this.#ledger.lost(this.#host.clock.now())
    link.greet(this.doc)
    this.#awarenessLink.connected((update) => link.say({ type: 'awareness', update }))
    this.#host.changed()
  }

  /** What the server said before holds no longer: the document is to be opened as soon as it is read. */
  forgetDenial(): void {
    this.#denial = undefined
    this.#host.changed()
  }

  /** The socket is gone. */
  lost(): void {
    this.#link = undefined
    this.#awarenessLink.disconnected()
    this.#ledger.lost(this.#host.clock.now())
    this.#host.changed()
  }

  receive(frame: ServerFrame): void {
    const link = this.#link
    if (link === undefined || frame.key !== link.key) return
    switch (frame.type) {
      case 'auth_wanted':
        return link.authenticate()
      case 'scope':
        return this.#setScope(frame.scope)
      case 'denied':
      case 'close':
        return this.#deny(frame.reason)
      case 'step1':
        return this.#answer(link, frame.stateVector)
      case 'step2':
        this.#receiveUpdate(frame.update)
        link.caughtUp = true
        this.#known = true
        // What still hangs in the air stands on words that neither the server has nor this device any more.
        if (this.doc.store.pendingStructs !== null) return this.#refuse(refusal('conflict'))
        this.#host.caughtUp()
        return this.#host.changed()
      case 'update':
        return this.#receiveUpdate(frame.update)
      case 'awareness':
        return this.#awarenessLink.receive(frame.update)
      case 'query_awareness':
        return this.#awarenessLink.announce()
      case 'stateless':
        return this.#listen(frame.payload)
      case 'sync_status':
        return this.#acknowledged(frame.accepted)
      default:
        return assertNever(frame)
    }
  }

  /** Keeps and sends what was made in the last few milliseconds. */
  flush(): void {
    const update = this.#keepBatch()
    if (update === undefined) return
    // An editor that did not hear in time that the beat is gone.
    if (this.#denial?.forGood !== undefined) return this.#refuse(this.#denial.forGood)
    if (this.#link?.paired) this.#sendChanges(this.#link, 'update', update)
    this.#host.changed()
  }

  /** The words here that are not on the server and not in one of the spans. */
  refusedWords(except: readonly Span[]): readonly TakenOut[] {
    return takeOut(this.doc, this.#knowledge, except)
  }

  /** Resolves when everything made so far is kept on this device. */
  async kept(): Promise<void> {
    this.flush()
    await this.#journal.flush()
  }

  /** Ends the sending: what is here and not on the server is for its writer to decide about. */
  giveUp(): void {
    this.#isOver = true
    this.#keepBatch()
    this.close()
  }

  /** The rows of the device that hold changes of this tab which are not known to be saved. */
  get unsavedRows(): readonly number[] {
    return this.#journal.unsavedIds
  }

  /** Tells the server goodbye; what others see of this person here goes at once. */
  close(): void {
    if (this.#link === undefined) return
    if (!this.#isOver) this.flush()
    this.#awarenessLink.leave()
    this.#link.say({ type: 'close' })
    this.#link = undefined
  }

  /** Ends everything; resolves when the device has kept it all. */
  async destroy(): Promise<void> {
    this.#destroyed = true
    const kept = this.kept()
    this.#awarenessLink.destroy()
    this.doc.destroy()
    await kept
  }

  #state(): BeatDocumentSnapshot['state'] {
    if (this.#denial !== undefined) return 'denied'
    if (this.caughtUp) return 'synced'
    return this.#known ? 'local' : 'loading'
  }

  #restore(stored: StoredDocument): void {
    if (this.#destroyed) return
    this.#applyRows(stored.rows)
    const changes = stored.rows.reduce((sum, { unsaved }) => sum + unsaved, 0)
    if (changes > 0) this.#ledger.made(changes, this.#host.clock.now())
    this.#scope = stored.memo?.scope ?? this.#scope
    this.#known ||= stored.rows.length > 0
    this.#loaded = true
    this.#host.loaded()
    this.#host.changed()
  }

  #applyRows(rows: readonly NewRow[]): void {
    for (const { update, unsaved } of rows) if (unsaved === 0) this.#knowledge.heardUpdate(update)
    this.#apply(
      rows.map(({ update }) => update),
      STORE,
    )
  }

  #receiveUpdate(update: Uint8Array): void {
    // In this order: what had no ack before this update may have been deleted by somebody who never saw it.
    this.#apply([update], SERVER)
    this.#knowledge.heardUpdate(update)
  }

  /** Before the device keeps the deletion: whoever loads the document then has the words, in the text or here. */
  #keepOvertaken(transaction: Y.Transaction): void {
    const words = takeOvertaken(transaction, this.#knowledge)
    if (words.length > 0) this.#journal.inTurn(() => this.#host.overtaken(words))
  }

  #apply(updates: readonly Uint8Array[], from: typeof SERVER | typeof STORE): void {
    this.#applying = from
    try {
      this.doc.transact(() => {
        for (const update of updates) Y.applyUpdate(this.doc, update, from)
      }, from)
    } finally {
      this.#applying = undefined
    }
  }

  #updated(update: Uint8Array, origin: unknown): void {
    if (this.#applying === STORE) return
    if (origin === SERVER) return this.#journal.received(update)
    // Yjs tidies formatting after a remote change, in a change of its own. The server does the same and tells it; a
    // reader's tidying is not theirs to send, nor to keep: it may stand on words of theirs that are refused.
    if (this.#applying === SERVER && this.#scope === 'readonly') return
    // Words that come too late are taken out of the document with all others.
    if (this.#isOver) return
    this.#known = true
    this.#ledger.made(1, this.#host.clock.now())
    this.#batch.add(update)
    this.#host.wrote()
    this.#host.changed()
  }

  #keepBatch(): Uint8Array | undefined {
    const batch = this.#batch.take()
    if (batch === undefined) return undefined
    this.#journal.made(batch.update, batch.changes)
    return batch.update
  }

  /** The server's state vector: everything it lacks goes to it. */
  #answer(link: Link, stateVector: Uint8Array): void {
    this.#knowledge.heardVector(stateVector)
    if (link.paired) return this.#answerAgain(link, stateVector)
    this.#keepBatch()
    const isReader = this.#scope === 'readonly' && this.#ledger.unsaved === 0
    const update = isReader ? NOTHING : Y.encodeStateAsUpdate(this.doc, stateVector)
    this.#sendChanges(link, 'step2', update)
    link.paired = true
    this.#host.changed()
  }

  /** The server asks of its own accord, for what it has refused for now. */
  #answerAgain(link: Link, stateVector: Uint8Array): void {
    // Changes not sent yet need an ack of their own, which this answer would not bring.
    this.flush()
    const update = Y.encodeStateAsUpdate(this.doc, stateVector)
    if (link.sayWithinLimit({ type: 'step2', update })) this.#ledger.sentHome()
    else this.#refuse(refusal('too_large'))
  }

  #sendChanges(link: Link, type: 'step2' | 'update', update: Uint8Array): void {
    if (link.sayWithinLimit({ type, update })) this.#ledger.sent(this.#host.clock.now(), update)
    else this.#refuse(refusal('too_large'))
  }

  #listen(payload: string): void {
    const said = readRefusal(payload)
    if (said !== undefined) this.#announcedRefusal = said.forGood
  }

  #acknowledged(accepted: boolean): void {
    const forGood = this.#announcedRefusal
    if (!accepted) this.#announcedRefusal = undefined
    if (!accepted && forGood !== undefined) return this.#refuse(forGood)
    const isCounted = accepted ? this.#ledger.accepted() : this.#ledger.refusedForNow()
    if (!isCounted) this.#host.note('unexpected_ack', { beat_id: this.beatId })
    if (this.#ledger.unsaved === 0) this.#journal.saved()
    this.#host.changed()
  }

  #refuse(reason: Refusal): void {
    if (this.#isOver) return
    this.giveUp()
    this.#host.refused(reason)
  }

  #setScope(scope: Scope): void {
    const known = this.#scope === scope
    this.#scope = scope
    if (!known) this.#remember()
    this.#host.changed()
  }

  #deny(reason: string): void {
    this.#denial = readDenial(reason)
    this.#link = undefined
    this.#awarenessLink.disconnected()
    this.#ledger.lost(this.#host.clock.now())
    this.#host.note('document_denied', { beat_id: this.beatId, reason })
    const { forGood } = this.#denial
    if (forGood !== undefined && this.#ledger.unsaved > 0) return this.#refuse(forGood)
    this.#host.changed()
  }

  #remember(): void {
    this.#journal.remember({ scope: this.#scope })
  }
}

import { assertNever, beatDocumentName, type Scope, type ServerFrame } from '@storyweave/protocol'
import { Awareness } from 'y-protocols/awareness'
import * as Y from 'yjs'
import type { OfflineStore, Refusal, StoredDocument } from '../offline/store.ts'
import type { Clock } from '../ports.ts'
import type { BeatDocumentSnapshot } from '../types.ts'
import { AwarenessLink } from './awareness-link.ts'
import { UpdateBatch } from './batch.ts'
import { DocumentJournal } from './journal.ts'
import { AckLedger } from './ledger.ts'
import { Link } from './link.ts'
import { readRefusal, refusal } from './refusals.ts'

/** The origins of updates that were not made here. */
const SERVER = Symbol('server')
const STORE = Symbol('store')

/** An update without structs and deletions: what a reader has to bring, whatever Yjs has tidied in their document. */
const NOTHING = Uint8Array.of(0, 0)

export interface BeatSyncHost {
  readonly clock: Clock
  readonly store: OfflineStore
  /** Something of the snapshot, or of what is unsaved, may be different. */
  changed(): void
  /** The document is read from the device: it may be opened on the wire. */
  loaded(): void
  /** Everything the server has is in the document. */
  caughtUp(): void
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
  readonly #ledger = new AckLedger()
  readonly #awarenessLink: AwarenessLink
  #link: Link | undefined
  #loaded = false
  /** Something of the text is there, from this device or from the server. */
  #known = false
  #scope: Scope = 'readonly'
  #denied = false
  #refused: Refusal | undefined
  /** What the server said about the `0` that follows. */
  #announcedRefusal: Refusal | undefined
  /** Where the update comes from that is being applied. */
  #applying: typeof SERVER | typeof STORE | undefined
  #destroyed = false

  constructor(beatId: number, host: BeatSyncHost) {
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
    // The journal answers with an empty document where the store fails.
    void this.#journal.load().then((stored) => this.#restore(stored))
  }

  get loaded(): boolean {
    return this.#loaded
  }

  get unsaved(): number {
    return this.#ledger.unsaved
  }

  /** How many of the unsaved changes wait for nothing but a decision of their writer. */
  get stuck(): number {
    return this.#denied ? this.#ledger.unsaved : this.#ledger.refused
  }

  /** Since when the oldest change has been waiting for the server; milliseconds since 1970 UTC. */
  get waitingSince(): number | undefined {
    return this.#denied ? undefined : this.#ledger.oldest
  }

  get caughtUp(): boolean {
    return this.#link?.caughtUp === true
  }

  snapshot(): BeatDocumentSnapshot {
    return {
      doc: this.doc,
      awareness: this.awareness,
      state: this.#state(),
      scope: this.#refused === undefined && !this.#denied ? this.#scope : 'readonly',
      refused: this.#refused,
      unsaved: this.#ledger.unsaved,
    }
  }

  /** Opens the document under a key that this socket has not used before; an older key is closed. */
  open(key: string, send: (frame: Uint8Array) => void): void {
    this.#link?.say({ type: 'close' })
    const link = new Link(key, send)
    this.#link = link
    this.#denied = false
    this.#announcedRefusal = undefined
    this.#ledger.lost(this.#host.clock.now())
    link.greet(this.doc)
    this.#awarenessLink.connected((update) => link.say({ type: 'awareness', update }))
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
        this.#apply([frame.update], SERVER)
        link.caughtUp = true
        this.#known = true
        this.#host.caughtUp()
        return this.#host.changed()
      case 'update':
        return this.#apply([frame.update], SERVER)
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
    if (this.#refused !== undefined) this.#ledger.refuseUnsent()
    else if (this.#link?.paired) this.#sendChanges(this.#link, 'update', update)
    this.#host.changed()
  }

  /** Lets refused words go out again, when the document is opened next. */
  forgive(): void {
    if (this.#refused === undefined) return
    this.#refused = undefined
    this.#ledger.forgive(this.#host.clock.now())
    this.#remember()
    this.#host.changed()
  }

  /** Resolves when everything made so far is kept on this device. */
  async kept(): Promise<void> {
    this.flush()
    await this.#journal.flush()
  }

  /** Tells the server goodbye; what others see of this person here goes at once. */
  close(): void {
    if (this.#link === undefined) return
    this.flush()
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
    if (this.#denied) return 'denied'
    if (this.caughtUp) return 'synced'
    return this.#known ? 'local' : 'loading'
  }

  #restore(stored: StoredDocument): void {
    if (this.#destroyed) return
    this.#apply(
      stored.rows.map(({ update }) => update),
      STORE,
    )
    const changes = stored.rows.reduce((sum, { unsaved }) => sum + unsaved, 0)
    if (changes > 0) this.#ledger.made(changes, this.#host.clock.now())
    this.#scope = stored.memo?.scope ?? this.#scope
    this.#refused = stored.memo?.refused
    if (this.#refused !== undefined) this.#ledger.refuseUnsent()
    this.#known ||= stored.rows.length > 0
    this.#loaded = true
    this.#host.loaded()
    this.#host.changed()
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
    // Yjs tidies formatting after a remote change, in a change of its own. The server does the same; a reader's
    // tidying is not theirs to send.
    const tidied = this.#applying === SERVER && this.#scope === 'readonly'
    if (origin === SERVER || tidied) return this.#journal.received(update)
    this.#known = true
    this.#ledger.made(1, this.#host.clock.now())
    this.#batch.add(update)
    this.#host.changed()
  }

  #keepBatch(): Uint8Array | undefined {
    const batch = this.#batch.take()
    if (batch === undefined) return undefined
    this.#journal.made(batch.update, batch.changes)
    return batch.update
  }

  /** The server's state vector: everything it lacks goes to it, save words that it has refused. */
  #answer(link: Link, stateVector: Uint8Array): void {
    if (this.#refused !== undefined) return
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
    if (link.sayWithinLimit({ type, update })) this.#ledger.sent(this.#host.clock.now())
    else this.#refuse(refusal('too_large'))
  }

  #listen(payload: string): void {
    const said = readRefusal(payload)
    if (said !== undefined) this.#announcedRefusal = said.forGood
  }

  #acknowledged(accepted: boolean): void {
    const forGood = this.#announcedRefusal
    if (!accepted) this.#announcedRefusal = undefined
    if (!this.#count(accepted, forGood)) this.#host.note('unexpected_ack', { beat_id: this.beatId })
    if (!accepted && forGood !== undefined) this.#refuse(forGood)
    if (this.#ledger.unsaved === 0) this.#journal.saved()
    this.#host.changed()
  }

  #count(accepted: boolean, forGood: Refusal | undefined): boolean {
    if (accepted) return this.#ledger.accepted()
    return forGood === undefined ? this.#ledger.refusedForNow() : this.#ledger.refusedForGood()
  }

  #refuse(reason: Refusal): void {
    this.#refused ??= reason
    this.#remember()
    this.#keepBatch()
    this.#ledger.refuseUnsent()
    this.#host.changed()
  }

  #setScope(scope: Scope): void {
    const known = this.#scope === scope
    this.#scope = scope
    if (!known) this.#remember()
    this.#host.changed()
  }

  #deny(reason: string): void {
    this.#denied = true
    this.#link = undefined
    this.#awarenessLink.disconnected()
    this.#ledger.lost(this.#host.clock.now())
    this.#host.note('document_denied', { beat_id: this.beatId, reason })
    this.#host.changed()
  }

  #remember(): void {
    this.#journal.remember({ scope: this.#scope, refused: this.#refused })
  }
}

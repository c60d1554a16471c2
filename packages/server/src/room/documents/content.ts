import { CARD_FIELDS, type CardChanges, type CardField, META_ROOT, sceneRoot } from '@storyweave/protocol'
import * as Y from 'yjs'
import type { LoadedDocument, Projection } from '../ports.ts'
import { applyCardChanges } from './card-edit.ts'
import { SeqTracker } from './seq-tracker.ts'
import { checkUpdate, type Verdict } from './update-check.ts'

/** Turns a scene's fragment into its words; handed in, so that the room knows nothing of the prose's schema. */
export type DescribeScene = (fragment: Y.XmlFragment) => { plainText: string; wordCount: number }

export interface ContentOptions {
  readonly describeScene: DescribeScene
  /** From 0 up to and without 1. */
  readonly random: () => number
}

/** What applying changed: the bytes to append, and the card's texts that are different now. */
export interface Applied {
  readonly bytes: Uint8Array
  /** What of `bytes` Yjs has tidied up by itself; empty for nothing. */
  readonly cleanup: Uint8Array
  readonly card: CardChanges
}

const MAX_CLIENT_ID = 2 ** 32

/** A beat's document in memory: the Y.Doc and what is known around it. */
export class Content {
  readonly doc = new Y.Doc({ gc: true })
  readonly seqs: SeqTracker
  readonly #owners: Map<number, number>
  readonly #sceneKeys: Set<string>
  readonly #options: ContentOptions
  /** The Yjs client id under which the room itself writes for a person. */
  readonly #pens = new Map<number, number>()
  #changedRoots = new Set<string>()
  #cleanups: Uint8Array[] = []
  #isApplying = false
  /** Roots changed since the last projection. */
  readonly #unprojected = new Set<string>()
  readonly #rootNames = new Map<unknown, string>()
  /** An upper bound of the encoded state, in bytes: rows only ever add to it. */
  stateBytes: number

  constructor(loaded: LoadedDocument, options: ContentOptions) {
    this.#options = options
    this.#owners = new Map(loaded.clients)
    this.#sceneKeys = new Set(loaded.sceneKeys)
    this.seqs = new SeqTracker(loaded.seq)
    this.stateBytes = loaded.updates.reduce((sum, { length }) => sum + length, 0)
    this.doc.transact(() => {
      for (const update of loaded.updates) Y.applyUpdate(this.doc, update)
    })
    // A row may stand on one that the log has refused. It hangs in the air until its client brings what is missing.
    this.doc.store.pendingStructs = null
    this.doc.store.pendingDs = null
    for (const field of CARD_FIELDS) this.#rootNames.set(this.doc.getText(field), field)
    for (const key of this.#sceneKeys) this.#nameScene(key)
    if (loaded.projectedSeq < loaded.seq)
      for (const root of this.#rootNames.values()) this.#unprojected.add(root)
    this.#watch()
  }

  #watch(): void {
    this.doc.on('afterTransaction', ({ changedParentTypes }: Y.Transaction) => {
      for (const type of changedParentTypes.keys()) {
        const root = this.#rootNames.get(type)
        if (root !== undefined) this.#changedRoots.add(root)
      }
    })
    // Yjs removes formatting that has become redundant in a transaction of its own, after one that was applied. Those
    // deletions are appended with the update that caused them: else memory would know what the log does not.
    this.doc.on('beforeTransaction', ({ local }: Y.Transaction) => {
      if (local && this.#isApplying) this.doc.on('update', this.#recordCleanup)
    })
  }

  readonly #recordCleanup = (
    update: Uint8Array,
    _origin: unknown,
    _doc: Y.Doc,
    { local }: Y.Transaction,
  ): void => {
    if (local) this.#cleanups.push(update)
  }

  #nameScene(key: string): void {
    this.#rootNames.set(this.doc.getXmlFragment(sceneRoot(key)), sceneRoot(key))
  }

  get schema(): number {
    const version = this.doc.getMap(META_ROOT).get('schema')
    return typeof version === 'number' ? version : 1
  }

  addScene(key: string): void {
    if (this.#sceneKeys.has(key)) return
    this.#sceneKeys.add(key)
    this.#nameScene(key)
    // Its text may have come before its name.
    this.#unprojected.add(sceneRoot(key))
  }

  hasScene(key: string): boolean {
    return this.#sceneKeys.has(key)
  }

  removeScene(key: string): void {
    this.#sceneKeys.delete(key)
  }

  ownerOf(clientId: number): number | undefined {
    return this.#owners.get(clientId)
  }

  check(update: Uint8Array, userId: number): Verdict {
    return checkUpdate(update, {
      doc: this.doc,
      userId,
      ownerOf: (clientId) => this.#owners.get(clientId),
      hasScene: (key) => this.#sceneKeys.has(key),
    })
  }

  /** The claims stand as soon as the update is applied; the log has the last word on them. */
  claim(clients: readonly number[], userId: number): void {
    for (const client of clients) this.#owners.set(client, userId)
  }

  /**
   * Applies a checked update. With `trim` the bytes to append are what was new in it; else they are the update itself.
   * Throws where the update was not what its check took it for: the document must then be rebuilt from the log.
   */
  apply(update: Uint8Array, trim: boolean): Applied {
    this.#isApplying = true
    const news = trim ? this.#recording(() => Y.applyUpdate(this.doc, update)) : [update]
    if (!trim) Y.applyUpdate(this.doc, update)
    this.#isApplying = false
    this.doc.off('update', this.#recordCleanup)
    const { pendingStructs, pendingDs } = this.doc.store
    if (pendingStructs !== null || pendingDs !== null)
      throw new Error('The update stands on what is not there.')
    const cleanups = trim ? [] : this.#cleanups
    this.#cleanups = []
    return this.#applied(asOne([...news, ...cleanups]), asOne(cleanups))
  }

  /** Writes card changes for a person; `bytes` is empty where nothing is different. */
  editCard(changes: CardChanges, base: CardChanges | undefined, userId: number): Applied & { pen: number } {
    const pen = this.#penOf(userId)
    this.doc.clientID = pen
    const news = this.#recording(() => this.doc.transact(() => applyCardChanges(this.doc, changes, base)))
    return { ...this.#applied(asOne(news), new Uint8Array()), pen }
  }

  #penOf(userId: number): number {
    const known = this.#pens.get(userId)
    if (known !== undefined) return known
    let pen: number
    do pen = Math.floor(this.#options.random() * MAX_CLIENT_ID)
    while (this.#owners.has(pen) || this.doc.store.clients.has(pen))
    this.#pens.set(userId, pen)
    return pen
  }

  /** The updates that a change makes, in order. */
  #recording(change: () => void): readonly Uint8Array[] {
    const recorded: Uint8Array[] = []
    const record = (update: Uint8Array) => recorded.push(update)
    this.doc.on('update', record)
    try {
      change()
    } finally {
      this.doc.off('update', record)
    }
    return recorded
  }

  #applied(bytes: Uint8Array, cleanup: Uint8Array): Applied {
    this.stateBytes += bytes.length
    for (const root of this.#changedRoots) this.#unprojected.add(root)
    const card = this.#textsOf(CARD_FIELDS.filter((field) => this.#changedRoots.has(field)))
    this.#changedRoots = new Set()
    return { bytes, cleanup, card }
  }

  /** The same texts as they are now. */
  texts(card: CardChanges): CardChanges {
    return this.#textsOf(CARD_FIELDS.filter((field) => card[field] !== undefined))
  }

  #textsOf(fields: readonly CardField[]): CardChanges {
    return Object.fromEntries(fields.map((field) => [field, this.doc.getText(field).toString()]))
  }

  /** What a reader with this state vector lacks; undefined where it does not decode. */
  since(stateVector: Uint8Array): Uint8Array | undefined {
    try {
      return Y.encodeStateAsUpdate(this.doc, stateVector.length === 0 ? undefined : stateVector)
    } catch {
      return undefined
    }
  }

  /** The encoded state's size, measured. */
  measure(): number {
    this.stateBytes = Y.encodeStateAsUpdate(this.doc).length
    return this.stateBytes
  }

  get isProjected(): boolean {
    return this.#unprojected.size === 0
  }

  /** The document as it stands, described; scenes that have not changed are not described again. */
  project(beatId: number): Omit<Projection, 'seq'> {
    const text = (field: CardField) => this.doc.getText(field).toString()
    const card = {
      title: text('title'),
      goal: text('goal'),
      conflict: text('conflict'),
      outcome: text('outcome'),
    }
    const scenes = [...this.#sceneKeys]
      .filter((key) => this.#unprojected.has(sceneRoot(key)))
      .map((key) => ({ key, ...this.#options.describeScene(this.doc.getXmlFragment(sceneRoot(key))) }))
    this.#unprojected.clear()
    return { beatId, card, scenes }
  }

  destroy(): void {
    this.doc.destroy()
  }
}

function asOne(updates: readonly Uint8Array[]): Uint8Array {
  const [first = new Uint8Array(), ...others] = updates
  return others.length === 0 ? first : Y.mergeUpdates([first, ...others])
}

import { assertNever, type CardChanges, LIMITS } from '@storyweave/protocol'
import type { Author } from '../documents/row.ts'
import type { Shelf } from '../documents/shelf.ts'
import type { LockDesk } from '../locks/lock-desk.ts'
import type { Member } from '../member.ts'
import type { ChangedBeat, Millis, RoomPorts } from '../ports.ts'
import { sharedTabs, type Tab, tabOf } from '../presence.ts'
import type { NodeMessage, SharedRow, SharedTab, Sign } from './node-message.ts'
import { OtherNodes, SAY_EVERY_MS, UNHEARD_MS } from './other-nodes.ts'

/** What a room does for other nodes later. */
export type NodeChore = 'say_presence' | 'share_carets' | 'early_rows'

/** A row that came early waits this long for those before it; then they are read from the log. */
const EARLY_MS = 200
/** What is said again and again is said at whole multiples of this. */
const TOGETHER_MS = 250

export interface NodeTalkContext {
  readonly ports: RoomPorts
  readonly shelf: Shelf
  readonly locks: LockDesk
  /** There are other nodes, or may be. */
  readonly isShared: boolean
  members(): Iterable<Member>
  now(): Millis
  later(chore: NodeChore, at: Millis): void
  /** Somebody is here, or gone, or elsewhere. */
  presenceChanged(): void
  /** A card is different now, by somebody on another node. */
  cardEdited(beatId: number, changes: CardChanges, author: Author): void
  signed(sign: Sign): void
}

/** What the rooms of one story on several nodes have to say to each other. */
export class NodeTalk {
  readonly #context: NodeTalkContext
  readonly #others = new OtherNodes()
  #said = ''
  /** Up to which row of a document everyone here was told of its card, by whom it was written. */
  readonly #cardsTold = new Map<number, number>()
  /** Documents with rows before that one of which nobody here was told. */
  readonly #cardsMissed = new Set<number>()

  constructor(context: NodeTalkContext) {
    this.#context = context
    if (context.isShared) this.#greet()
  }

  tell(message: NodeMessage): void {
    if (!this.#context.isShared) return
    if (message.kind === 'rows') for (const { seq } of message.rows) this.toldCard(message.beatId, seq)
    this.#context.ports.tellNodes(message)
  }

  /** Everyone here was told of what the row does to the card, or it does nothing. */
  toldCard(beatId: number, seq: number): void {
    const told = this.#cardsTold.get(beatId) ?? 0
    if (seq > told + 1) this.#cardsMissed.add(beatId)
    this.#cardsTold.set(beatId, Math.max(seq, told))
  }

  /**
   * A card as it is projected, by rows of which some may not have been heard. False where later rows were: then it
   * is older than what is known here.
   */
  cardRead({ beatId, projectedSeq, card, by }: ChangedBeat): boolean {
    const told = this.#cardsTold.get(beatId) ?? 0
    if (projectedSeq < told) return false
    if (projectedSeq === told && !this.#cardsMissed.has(beatId)) return true
    this.toldCard(beatId, projectedSeq)
    this.#cardsMissed.delete(beatId)
    if (by !== undefined) this.#context.cardEdited(beatId, card, by)
    return true
  }

  /** The others can be heard (again). */
  #greet(): void {
    this.tell({ kind: 'hello' })
    this.#planToSayAgain()
  }

  /** Messages are carried again: whatever was said meanwhile was not heard, here or there. */
  isBack(): void {
    this.#greet()
    this.#answerHello()
  }

  heard(node: string, message: NodeMessage): void {
    const { shelf, locks } = this.#context
    switch (message.kind) {
      case 'hello':
        return this.#answerHello()
      case 'rows':
        return this.#heardRows(message.beatId, message.rows)
      case 'presence':
        return this.#heardPresence(node, message.tabs)
      case 'carets':
        return shelf.get(message.beatId)?.carets.heard(node, message.carets, message.isAll)
      case 'carets_wanted':
        return this.#shareCarets(message.beatId)
      case 'signs':
        for (const sign of message.signs) this.#context.signed(sign)
        return
      case 'lock':
      case 'unlock':
      case 'question':
      case 'question_closed':
      case 'holder_active':
        return locks.heard(node, message)
      default:
        return assertNever(message)
    }
  }

  #answerHello(): void {
    this.sayPresence(true)
    for (const { beatId, carets } of this.#context.shelf)
      this.tell({ kind: 'carets', beatId, carets: carets.own, isAll: true })
    for (const question of this.#context.locks.handOvers.own) this.tell({ kind: 'question', ...question })
  }

  #heardRows(beatId: number, rows: readonly SharedRow[]): void {
    const { shelf, cardEdited } = this.#context
    const document = shelf.get(beatId)
    // Too many bytes for a message: they are in the log.
    if (rows.length === 0) document?.catchUp()
    for (const row of rows) {
      document?.take({ kind: 'foreign', row, isOurs: false })
      this.toldCard(beatId, row.seq)
      const author = { userId: row.userId, name: row.userName }
      if (Object.keys(row.card).length > 0) cardEdited(beatId, row.card, author)
    }
  }

  #heardPresence(node: string, tabs: readonly SharedTab[]): void {
    const isNew = this.#others.hear(node, tabs, this.#context.now())
    for (const { userId } of tabs) this.#context.locks.cameBack(userId)
    this.#context.locks.plan()
    this.#context.presenceChanged()
    if (isNew) this.sayPresence(true)
  }

  /** Everyone on other nodes. */
  get tabs(): readonly Tab[] {
    return this.#others.tabs
  }

  hasElsewhere(userId: number): boolean {
    return this.#others.has(userId)
  }

  /** Tells who is on this node, where that is news; `again`: also where it is none. */
  sayPresence(again = false): void {
    if (!this.#context.isShared) return
    const now = this.#context.now()
    const tabs = sharedTabs([...this.#context.members()].map(tabOf), now)
    const news = JSON.stringify(tabs.map(({ quietMs: _, ...tab }) => tab))
    if (news === this.#said && !again) return
    this.#said = news
    this.tell({ kind: 'presence', tabs })
  }

  /** A document's carets are to be shared: not each move, but how they stand soon after. */
  caretsMoved(): void {
    this.#context.later('share_carets', this.#context.now() + LIMITS.cursorIntervalMs)
  }

  #shareCarets(beatId: number): void {
    const carets = this.#context.shelf.get(beatId)?.carets.own ?? []
    if (carets.length > 0) this.tell({ kind: 'carets', beatId, carets, isAll: true })
  }

  early(): void {
    this.#context.later('early_rows', this.#context.now() + EARLY_MS)
  }

  do(chore: NodeChore): void {
    switch (chore) {
      case 'say_presence':
        return this.#sayAgain()
      case 'share_carets':
        return this.#shareMoved()
      case 'early_rows':
        for (const document of this.#context.shelf) document.catchUp(true)
        return
      default:
        return assertNever(chore)
    }
  }

  #sayAgain(): void {
    const { now, shelf, presenceChanged } = this.#context
    this.sayPresence(true)
    for (const { beatId } of shelf) this.#shareCarets(beatId)
    const gone = this.#others.expire(now())
    for (const { carets } of shelf) {
      for (const node of gone) carets.dropNode(node)
      carets.expire(now() - UNHEARD_MS)
    }
    if (gone.length > 0) presenceChanged()
    if (gone.length > 0) this.#context.locks.plan()
    this.#planToSayAgain()
  }

  /** At the same moments as other rooms, whose messages then travel together. */
  #planToSayAgain(): void {
    const { now, later } = this.#context
    later('say_presence', Math.floor((now() + SAY_EVERY_MS) / TOGETHER_MS) * TOGETHER_MS)
  }

  #shareMoved(): void {
    for (const { beatId, carets } of this.#context.shelf) {
      const moved = carets.takeUnshared()
      if (moved.length > 0) this.tell({ kind: 'carets', beatId, carets: moved, isAll: false })
    }
  }
}

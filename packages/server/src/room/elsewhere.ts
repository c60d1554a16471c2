import type { CardChanges, StoryEvent } from '@storyweave/protocol'
import type { Crier } from './crier.ts'
import { CatchUp } from './documents/catch-up.ts'
import type { Author } from './documents/row.ts'
import type { Shelf } from './documents/shelf.ts'
import { presentLock } from './locks/known-locks.ts'
import type { LockDesk } from './locks/lock-desk.ts'
import type { Member } from './member.ts'
import type { NodeMessage } from './nodes/node-message.ts'
import { type NodeChore, NodeTalk } from './nodes/node-talk.ts'
import type {
  ConnectionId,
  EventReader,
  ExpiredLock,
  ForeignRow,
  LockUse,
  LogNews,
  Millis,
  RoomPorts,
  StoryHeads,
  StoryState,
} from './ports.ts'
import type { StorySoFar } from './story-so-far.ts'
import { beginAnew, happen, type StructureContext } from './structure.ts'

export interface ElsewhereContext {
  readonly ports: RoomPorts
  readonly members: ReadonlyMap<ConnectionId, Member>
  readonly story: StorySoFar
  readonly shelf: Shelf
  readonly locks: LockDesk
  readonly structure: StructureContext
  readonly crier: Crier
  readonly isShared: boolean
  now(): Millis
  /** The room takes an input at this time. */
  at(now: Millis): void
  later(chore: NodeChore | 'catch_up', at: Millis): void
  cardEdited(beatId: number, changes: CardChanges, author: Author): void
}

/** An event that came early waits this long for those before it; then they are read from the database. */
const CATCH_UP_AFTER_MS = 500

/** What happens to the story elsewhere: by other hands of this node, on other nodes, in the database. */
export class Elsewhere {
  readonly nodes: NodeTalk
  readonly #context: ElsewhereContext
  readonly #events: CatchUp
  #hearsNodes = true

  constructor(context: ElsewhereContext) {
    this.#context = context
    this.#events = new CatchUp(() => context.ports.readEvents(context.story.seq, { kind: 'room' }))
    this.nodes = new NodeTalk({
      ...context,
      members: () => context.members.values(),
      presenceChanged: () => context.crier.presenceChanged(),
      signed: (sign) => context.crier.signedElsewhere(sign),
    })
  }

  /**
   * `then` is called when everything that has happened in the story by now is known here: what a request names may
   * have been made on another node a moment ago.
   */
  whenCurrent(then: () => void): void {
    if (this.#context.isShared) this.#events.want(then)
    else then()
  }

  /** True where the person has a socket on another node; undefined while that can't be known. */
  has(userId: number): boolean | undefined {
    return this.#hearsNodes ? this.nodes.hasElsewhere(userId) : undefined
  }

  /** A durable event that was committed. */
  event(event: StoryEvent, now: Millis): void {
    const { story, structure, at, later } = this.#context
    at(now)
    for (const next of story.take(event)) {
      happen(next, structure)
      if (next.type === 'beat_created' || next.type === 'beat_restored') this.#tellLock(next.beat.id)
    }
    if (story.hasGap) later('catch_up', now + CATCH_UP_AFTER_MS)
  }

  /** A lock that was heard of before its beat: who came in between was not told of it. */
  #tellLock(beatId: number): void {
    const { locks, structure } = this.#context
    const lock = locks.of(beatId)
    if (lock !== undefined) structure.crier.tellAll({ type: 'beat_lock', ...presentLock(lock) })
  }

  /** Events read for somebody; undefined where they are no longer kept. */
  eventsRead(reader: EventReader, events: readonly StoryEvent[] | undefined, now: Millis): void {
    this.#context.at(now)
    if (reader.kind === 'socket') return this.#context.members.get(reader.connectionId)?.tellMissed(events)
    for (const event of events ?? []) this.event(event, now)
    this.#events.done()
  }

  /**
   * The story as it stands: more was missed than is told one by one, and everyone here has to begin anew. Undefined
   * where it is deleted: there is nothing to be missed, until it is restored.
   */
  stateRead(state: StoryState | undefined, now: Millis): void {
    const { at, story, structure } = this.#context
    at(now)
    if (state !== undefined && state.storySeq > story.seq) beginAnew(state, structure)
    this.#events.done()
  }

  /** What was missed was told meanwhile, or has to be read. */
  fillGap(): void {
    if (this.#context.story.hasGap) this.#events.want()
  }

  /** There may be events and rows that nobody has told this room of. */
  catchUp(now: Millis): void {
    this.#context.at(now)
    this.#events.want()
    this.#context.shelf.catchUp()
  }

  /** Rows that another hand of this node has committed. A document that is not in memory reads them with the others. */
  foreignRows(beatId: number, rows: readonly ForeignRow[], now: Millis): void {
    this.#context.at(now)
    const document = this.#context.shelf.get(beatId)
    for (const row of rows) {
      document?.take({ kind: 'foreign', row, isOurs: true })
      this.nodes.toldCard(beatId, row.seq)
    }
  }

  /** What a beat's log has beyond what was known; undefined where it has to be read as a whole. */
  newsRead(beatId: number, news: LogNews | undefined, now: Millis): void {
    this.#context.at(now)
    this.#context.shelf.get(beatId)?.newsRead(news)
  }

  /** A lock that was swept: its time is over, or its holder was not seen or not active for too long. */
  lockSwept(lock: ExpiredLock, now: Millis): void {
    this.#context.at(now)
    this.#context.locks.swept(lock)
  }

  /** What the story's room on another node says. */
  heard(node: string, message: NodeMessage, now: Millis): void {
    this.#context.at(now)
    this.nodes.heard(node, message)
  }

  /** Whether other nodes can be heard; true from the beginning. */
  nodesHeard(hears: boolean, now: Millis): void {
    this.#context.at(now)
    this.#hearsNodes = hears
    if (hears) this.nodes.isBack()
  }

  /** How far the story and its documents have come, as read from the database, which began at `since`. */
  headsRead({ storySeq, beats, locks, changed }: StoryHeads, since: Millis, now: Millis): void {
    const { at, story, shelf, locks: desk } = this.#context
    at(now)
    if (storySeq > story.seq) this.#events.want()
    // They are the heads of every document of this node: a room with few documents does not walk through them.
    for (const document of shelf) {
      const head = beats.get(document.beatId)
      if (head !== undefined) document.headRead(head)
    }
    for (const beat of changed) if (this.nodes.cardRead(beat)) story.project(beat)
    desk.seen(locks, since)
  }

  /**
   * Has a beat's projection made from the document in memory. False where that would not speak of the log's row
   * `headSeq`: the document is not in memory or lacks rows, or no text is different, and nothing is projected.
   */
  project(
    { beatId, headSeq }: { readonly beatId: number; readonly headSeq: number },
    done: () => void,
    now: Millis,
  ): boolean {
    this.#context.at(now)
    const document = this.#context.shelf.get(beatId)
    const content = document?.content
    if (content === undefined || content.seqs.seq < headSeq || document?.isProjected !== false) return false
    document.take({ kind: 'project', done })
    return true
  }

  /** The beats whose documents are in memory. */
  get beatIds(): number[] {
    return [...this.#context.shelf].map(({ beatId }) => beatId)
  }

  /** The locks whose holders have a socket here. */
  locksHeldHere(now: Millis): LockUse[] {
    this.#context.at(now)
    return this.#context.locks.heldHere
  }

  /** The room is let go. */
  end(): void {
    this.nodes.sayPresence()
  }
}

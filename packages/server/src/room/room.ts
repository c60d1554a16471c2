import { assertNever, type CardChanges, CLOSE, type RequestId } from '@storyweave/protocol'
import { AuthGate } from './auth-gate.ts'
import { type CardCommand, Commands } from './commands.ts'
import { Crier, type News } from './crier.ts'
import type { DescribeScene } from './documents/content.ts'
import type { Author } from './documents/row.ts'
import { Shelf } from './documents/shelf.ts'
import { Elsewhere } from './elsewhere.ts'
import { initialState } from './initial-state.ts'
import { LockDesk } from './locks/lock-desk.ts'
import { Member } from './member.ts'
import type { NodeChore } from './nodes/node-talk.ts'
import type {
  AppendResult,
  CarryOutcome,
  ConnectionId,
  FrameInput,
  LoadedDocument,
  LockOutcome,
  LockWish,
  Millis,
  Projection,
  RoomMessage,
  RoomPorts,
  Standing,
  StoryState,
  Visitor,
} from './ports.ts'
import { isIdle, peopleOf, type Tab, tabOf } from './presence.ts'
import { Schedule } from './schedule.ts'
import { Scopes } from './scopes.ts'
import { Standings } from './standings.ts'
import { StorySoFar } from './story-so-far.ts'
import type { StructureContext } from './structure.ts'

export interface RoomOptions {
  readonly storyId: number
  readonly state: StoryState
  readonly ports: RoomPorts
  readonly describeScene: DescribeScene
  /** From 0 up to and without 1. */
  readonly random: () => number
  /** The next number of this node's count of appends. */
  readonly nextCounter: () => number
  /** The version of the prose's schema that this server writes. */
  readonly schemaVersion: number
  /** There are other nodes, or may be, with rooms of the same story. */
  readonly isShared: boolean
  readonly now: Millis
}

type Chore = News | NodeChore | 'project' | 'unload' | 'auth' | 'locks' | 'catch_up'

/** Projections of a document that is being written are made this often. */
const PROJECT_EVERY_MS = 1_000

/**
 * One story's room. It takes inputs one at a time, decides at once, and speaks through its ports;
 * it waits for nothing and knows no clock but the `now` it is given.
 */
export class Room {
  readonly storyId: number
  readonly elsewhere: Elsewhere
  readonly #ports: RoomPorts
  readonly #members = new Map<ConnectionId, Member>()
  readonly #story: StorySoFar
  readonly #shelf: Shelf
  readonly #gate: AuthGate
  readonly #crier: Crier
  readonly #locks: LockDesk
  readonly #scopes: Scopes
  readonly #standings: Standings
  readonly #structure: StructureContext
  readonly #commands: Commands
  readonly #schedule: Schedule<Chore>
  #now: Millis

  constructor(options: RoomOptions) {
    const { storyId, ports } = options
    this.storyId = storyId
    this.#ports = ports
    this.#now = options.now
    this.#story = new StorySoFar(options.state)
    this.#schedule = new Schedule((at) => ports.wake(at))
    const now = () => this.#now
    const later = (chore: Chore, at: Millis) => this.#schedule.at(chore, at)
    const documentsTouched = () => this.#planUnload()
    const whenCurrent = (then: () => void) => this.elsewhere.whenCurrent(then)
    this.#crier = new Crier({
      ...{ ports, now, later },
      members: this.#members,
      tabs: () => this.#tabs,
      audienceOf: (beatId) => this.#shelf.get(beatId)?.audience,
      presenceTold: () => this.elsewhere.nodes.sayPresence(),
      signsTold: (signs) => this.elsewhere.nodes.tell({ kind: 'signs', signs }),
    })
    this.#shelf = new Shelf({
      ...{ ...options, now },
      isClosedTo: (userId, beatId) => this.#locks.isClosedTo(userId, beatId),
      whenLockIsSure: (beatId, then) => this.#locks.whenSure(beatId, then),
      cardEdited: (...edited) => this.#cardEdited(...edited),
      early: () => this.elsewhere.nodes.early(),
      caretsMoved: () => this.elsewhere.nodes.caretsMoved(),
      tellNodes: (message) => this.elsewhere.nodes.tell(message),
      unprojected: () => this.#schedule.at('project', this.#now + PROJECT_EVERY_MS),
      projected: (projection) => this.#projected(projection),
    })
    this.#locks = new LockDesk(options.state.locks, {
      now,
      hasBeat: (beatId) => this.#story.hasBeat(beatId),
      members: () => this.#members.values(),
      wish: (wish) => ports.lock(wish),
      notify: (notice) => ports.notify(notice),
      tellAll: (message) => this.#crier.tellAll(message),
      scopesChanged: (beatId) => this.#scopes.beatChanged(beatId),
      later: (at) => this.#schedule.at('locks', at),
      isShared: options.isShared,
      isElsewhere: (userId) => this.elsewhere.has(userId),
      tellNodes: (message) => this.elsewhere.nodes.tell(message),
    })
    this.#scopes = new Scopes({
      shelf: this.#shelf,
      schemaVersion: options.schemaVersion,
      isClosedTo: (userId, beatId) => this.#locks.isClosedTo(userId, beatId),
    })
    this.#standings = new Standings({
      members: this.#members,
      scopes: this.#scopes,
      roleLost: (userId) => this.#locks.roleLost(userId),
      sendAway: (member) => {
        ports.close(member.id, CLOSE.accessRevoked, 'access revoked')
        this.leave(member.id, true, this.#now)
      },
    })
    this.#structure = {
      story: this.#story,
      shelf: this.#shelf,
      crier: this.#crier,
      members: () => this.#members.values(),
      documentsTouched,
    }
    this.#commands = new Commands({
      ...{ ports, now, documentsTouched, whenCurrent },
      isHere: ({ id }) => this.#members.has(id),
      locks: this.#locks,
      story: this.#story,
      shelf: this.#shelf,
      crier: this.#crier,
      active: (member, beatId) => this.#active(member, beatId),
    })
    this.#gate = new AuthGate(ports, {
      open: (member, key, beatId) => this.#openKey(member, key, beatId),
      frame: (member, key, input) => this.#frame(member, key, input),
      whenCurrent,
      closed: (open) => {
        this.#shelf.close(open)
        this.#planUnload()
      },
    })
    this.elsewhere = new Elsewhere({
      ...{ ports, now, later, isShared: options.isShared },
      members: this.#members,
      story: this.#story,
      shelf: this.#shelf,
      locks: this.#locks,
      structure: this.#structure,
      at: (time) => {
        this.#now = time
      },
      crier: this.#crier,
      cardEdited: (beatId, changes, author) => this.#cardEdited(beatId, changes, author, undefined),
    })
  }

  /** Nobody is here and nothing is in memory: the room may be let go. */
  get isEmpty(): boolean {
    return this.#members.size === 0 && this.#shelf.isEmpty && !this.#locks.isBusy
  }

  get population(): number {
    return this.#members.size
  }

  /** Who is here, on this node alone. */
  readonly presentHere = () => peopleOf(this.#members.values())

  join(visitor: Visitor, now: Millis): void {
    this.#now = now
    const member = new Member(visitor, this.#ports, now)
    this.#members.set(visitor.connectionId, member)
    this.#locks.joined(member)
    member.tell(initialState(member, this.#story, this.#locks, this.#tabs, now), 'asked')
    if (visitor.since !== undefined && visitor.since < this.#story.seq) {
      this.#ports.readEvents(visitor.since, { kind: 'socket', connectionId: visitor.connectionId })
    }
    this.#crier.presenceChanged()
  }

  /** `saidGoodbye`: the socket was closed on purpose, and not lost. */
  leave(connectionId: ConnectionId, saidGoodbye: boolean, now: Millis): void {
    this.#now = now
    const member = this.#members.get(connectionId)
    if (member === undefined) return
    this.#members.delete(connectionId)
    this.#crier.forget(connectionId)
    this.#locks.left(member.visitor.userId, saidGoodbye)
    for (const known of member.keys.values()) if (known.state === 'open') this.#shelf.close(known.open)
    this.#planUnload()
    this.#crier.presenceChanged()
    // Nobody is left to be told later, and the process may be about to end.
    if (this.#members.size === 0) this.elsewhere.nodes.sayPresence()
  }

  /** One JSON message of a socket, already read. */
  message(connectionId: ConnectionId, message: RoomMessage, now: Millis): void {
    this.#now = now
    const member = this.#members.get(connectionId)
    if (member !== undefined) this.#commands.take(member, message)
  }

  /** One document frame of a socket, already decoded. */
  frame(connectionId: ConnectionId, input: FrameInput, now: Millis): void {
    this.#now = now
    const member = this.#members.get(connectionId)
    if (member === undefined) return
    const deadline = this.#gate.take(member, input, now)
    if (deadline !== undefined) this.#schedule.at('auth', deadline)
  }

  /** A slow reader missed presence, and can be told again. */
  caughtUp(connectionId: ConnectionId, now: Millis): void {
    this.#now = now
    const member = this.#members.get(connectionId)
    if (member === undefined) return
    this.#crier.repeatPresence(member)
    for (const known of member.keys.values()) if (known.state === 'open') this.#shelf.repeatCarets(known.open)
  }

  authDecided(connectionId: ConnectionId, key: string, decision: 'allowed' | 'denied', now: Millis): void {
    this.#now = now
    const member = this.#members.get(connectionId)
    if (member !== undefined) this.#gate.decided(member, key, decision)
  }

  /** What became of a wish of this room's about a lock. */
  lockAnswered(wish: LockWish, outcome: LockOutcome, now: Millis): void {
    this.#now = now
    this.#locks.answered(wish, outcome)
  }

  /** What became of a chat message or a comment; everyone hears of it by its event. */
  carriedOut(
    connectionId: ConnectionId,
    id: RequestId | undefined,
    outcome: CarryOutcome,
    now: Millis,
  ): void {
    this.#now = now
    const member = this.#members.get(connectionId)
    if (member !== undefined) this.#commands.carriedOut(member, id, outcome)
  }

  documentLoaded(beatId: number, document: LoadedDocument | undefined, now: Millis): void {
    this.#now = now
    this.#shelf.get(beatId)?.loaded(document)
    this.#planUnload()
  }

  /** The log's answers for one document's rows, in the order in which they were appended. */
  appended(beatId: number, results: readonly AppendResult[], now: Millis): void {
    this.#now = now
    this.#shelf.get(beatId)?.appended(results)
  }

  /** A change of a card from a door without a socket; its right has been asked there. */
  editCard(command: CardCommand, now: Millis): void {
    this.#now = now
    this.#commands.editCard(command)
  }

  /** `begin` is called once everything accepted in the beat is on disk; nothing is decided there until its release. */
  hold(beatId: number, begin: (release: () => void) => void, now: Millis): void {
    this.#now = now
    if (this.#story.hasBeat(beatId)) this.#shelf.fetch(beatId).take({ kind: 'hold', begin })
    else begin(() => undefined)
  }

  /** Brings all projections up to date. */
  settle(done: () => void, now: Millis): void {
    this.#now = now
    this.#shelf.settle(done)
  }

  /** How somebody stands in the story now; undefined: they have no role any more. */
  setStanding(userId: number, standing: Standing | undefined, now: Millis): void {
    this.#now = now
    this.#standings.set(userId, standing)
    this.#crier.presenceChanged()
  }

  /** Who is behind a socket, as they are called now; undefined once it is gone. */
  whoIs(connectionId: ConnectionId): Pick<Visitor, 'name' | 'guest'> | undefined {
    return this.#members.get(connectionId)?.visitor
  }

  /** The people whose rights this room holds. */
  get userIds(): ReadonlySet<number> {
    return new Set([...this.#members.values()].map(({ visitor }) => visitor.userId))
  }

  /** The story is gone for everyone. */
  storyDeleted(): void {
    for (const { id } of this.#members.values()) this.#ports.close(id, CLOSE.storyDeleted, 'story deleted')
  }

  /** While the database can't be written commands are refused at once; document frames wait in the log. */
  databaseAway(isAway: boolean): void {
    this.#commands.isDatabaseAway = isAway
  }

  tick(now: Millis): void {
    this.#now = now
    for (const chore of this.#schedule.take(now)) this.#do(chore)
    this.#schedule.rearm()
  }

  #do(chore: Chore): void {
    switch (chore) {
      case 'presence':
      case 'cursors':
      case 'typing':
      case 'card_news':
        return this.#crier.tell(chore)
      case 'project':
        return this.#shelf.settle(() => undefined)
      case 'unload':
        this.#shelf.unload(this.#now)
        return this.#planUnload()
      case 'auth':
        return this.#expireAuth()
      case 'locks':
        return this.#locks.tick()
      case 'catch_up':
        return this.elsewhere.fillGap()
      case 'say_presence':
      case 'share_carets':
      case 'early_rows':
        return this.elsewhere.nodes.do(chore)
      default:
        return assertNever(chore)
    }
  }

  #expireAuth(): void {
    const next = this.#gate.expire(this.#members.values(), this.#now)
    if (next !== undefined) this.#schedule.at('auth', next)
  }

  #openKey(member: Member, key: string, beatId: number): 'not_found' | 'beat_deleted' | undefined {
    if (!this.#story.hasBeat(beatId)) return this.#story.hasLost(beatId) ? 'beat_deleted' : 'not_found'
    const open = this.#shelf.open(member, key, beatId, this.#scopes.of(member, beatId))
    member.keys.set(key, { state: 'open', open })
    return undefined
  }

  #frame(member: Member, key: string, input: FrameInput): void {
    const known = member.keys.get(key)
    if (known?.state !== 'open') return
    if (input.frame.type === 'update') this.#active(member, known.open.beatId)
    this.#shelf.frame(known.open, input)
  }

  #active(member: Member, beatId: number): void {
    const isNews = member.beatId !== beatId || isIdle(member, this.#now)
    member.lastActive = this.#now
    member.beatId = beatId
    this.#locks.active(member, beatId)
    if (isNews) this.#crier.presenceChanged()
  }

  get #tabs(): Tab[] {
    return [...[...this.#members.values()].map(tabOf), ...this.elsewhere.nodes.tabs]
  }

  /** Readers of the board hear of it, and who enters later. */
  #cardEdited(beatId: number, changes: CardChanges, author: Author, except: ConnectionId | undefined): void {
    if (changes.title !== undefined) this.#story.retitle(beatId, changes.title)
    this.#crier.cardEdited(beatId, changes, author, except)
  }

  #projected(projection: Projection): void {
    this.#story.project(projection)
    this.#ports.project(projection)
  }

  #planUnload(): void {
    const at = this.#shelf.nextUnload()
    if (at !== undefined) this.#schedule.at('unload', at)
  }
}

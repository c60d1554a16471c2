import { type CardChanges, Fault, type ServerMessage } from '@storyweave/protocol'
import { Connection } from '../connection/driver.ts'
import { Discussion } from '../discussion/discussion.ts'
import { BeatDocuments } from '../documents/beat-documents.ts'
import { Drawer } from '../drawer/drawer.ts'
import { Locks } from '../locks/locks.ts'
import { Listeners, sameFields } from '../observable.ts'
import type { NewComment } from '../offline/store.ts'
import type { Cancel, ClientPorts, TabMessage } from '../ports.ts'
import type {
  BeatDocument,
  DrawerApi,
  SaveStatus,
  StoryRoomApi,
  StoryRoomSnapshot,
  Typist,
} from '../types.ts'
import { type Cursor, CursorSender } from './cursor-sender.ts'
import { type Answer, Requests } from './requests.ts'
import { SaveWatch } from './save-watch.ts'
import { readServerText } from './server-text.ts'
import {
  alone,
  applyMessage,
  EMPTY_ROOM,
  heardUpTo,
  passEvent,
  type RoomState,
  type Step,
  withTitle,
} from './state.ts'

export interface StoryRoomOptions {
  readonly storyId: number
  /**
   * The person whose words `ports.store` keeps. Where the server takes the socket for somebody else,
   * the connection ends with `signed_out` before a word is sent.
   */
  readonly userId?: number
  /** The version of the text's schema; 1 if left out. */
  readonly schema?: number
}

/** One story's room: its connection, people, outline and documents, as one thing to subscribe to. */
export class StoryRoom implements StoryRoomApi {
  readonly storyId: number
  readonly #userId: number | undefined
  readonly #ports: ClientPorts
  readonly #connection: Connection
  readonly #documents: BeatDocuments
  readonly #edits: Requests
  readonly #requests: Requests
  readonly #locks: Locks
  readonly #discussion: Discussion
  readonly #drawer: Drawer
  readonly #cursor: CursorSender
  readonly #saving: SaveWatch
  readonly #listeners = new Listeners()
  readonly #messageListeners = new Listeners<ServerMessage>()
  readonly #stopSignals: Cancel
  readonly #stopTabs: Cancel | undefined
  #state: RoomState = EMPTY_ROOM
  #snapshot: StoryRoomSnapshot
  #connectedSince: number | undefined
  #storeFailed = false
  #destroyed = false

  constructor(options: StoryRoomOptions, ports: ClientPorts) {
    this.storyId = options.storyId
    this.#userId = options.userId
    this.#ports = ports
    const send = (data: string | Uint8Array) => this.#connection.send(data)
    const changed = () => this.#refresh()
    const storeFailed = (error: unknown) => this.#onStoreFailure(error)
    const note: ClientPorts['note'] = (event, details) => ports.note(event, details)
    const ask = (message: object) => this.#requests.ask(message)
    this.#edits = new Requests({ clock: ports, prefix: 'edit', send, changed })
    this.#requests = new Requests({ clock: ports, prefix: 'ask', send, changed })
    this.#cursor = new CursorSender(ports, send)
    this.#saving = new SaveWatch(ports, changed)
    this.#locks = new Locks({ clock: ports, ask, changed, note })
    const { store, history } = ports
    this.#discussion = new Discussion({
      storyId: options.storyId,
      ...{ clock: ports, store, history, send, ask, changed, storeFailed, note },
    })
    this.#drawer = this.#makeDrawer()
    this.#documents = this.#makeDocuments()
    const { storyId, schema = 1 } = options
    this.#connection = new Connection(
      ports,
      { storyId, schema, since: () => heardUpTo(this.#state) },
      {
        opened: () => this.#opened(),
        text: (data) => this.#text(data),
        bytes: (data) => this.#documents.receive(data),
        closed: () => this.#closed(),
        statusChanged: changed,
      },
    )
    this.#stopSignals = ports.onSignal((signal) => {
      if (signal === 'hidden') this.#documents.flush()
    })
    this.#stopTabs = ports.tabs?.listen((message) => this.#hearTab(message))
    this.#snapshot = this.#look()
  }

  subscribe(listener: () => void): () => void {
    return this.#listeners.add(listener)
  }

  getSnapshot(): StoryRoomSnapshot {
    return this.#snapshot
  }

  onMessage(listener: (message: ServerMessage) => void): () => void {
    return this.#messageListeners.add(listener)
  }

  connect(): void {
    if (this.#destroyed) throw new Error('This room is destroyed; make a new one.')
    this.#connection.connect()
  }

  reconnect(): void {
    if (this.#destroyed) throw new Error('This room is destroyed; make a new one.')
    this.#connection.reconnect()
  }

  disconnect(): void {
    this.#documents.flush()
    this.#connection.disconnect()
  }

  openBeat(beatId: number): BeatDocument {
    if (this.#destroyed) throw new Error('This room is destroyed; make a new one.')
    return this.#documents.open(beatId)
  }

  async sendEdit(beatId: number, changes: CardChanges, base?: CardChanges): Promise<void> {
    await this.#edits.ask({ type: 'edit', beat_id: beatId, changes, ...(base && { base }) })
    this.#locks.wrote(beatId)
    this.#setState(withTitle(this.#state, beatId, changes.title))
  }

  sendCursorMove(cursor: Cursor): void {
    if (this.#connection.connected) this.#cursor.move(cursor)
  }

  lockBeat(beatId: number, minutes?: number): Promise<void> {
    return this.#locks.lock(beatId, minutes)
  }

  unlockBeat(beatId: number): Promise<void> {
    return this.#locks.unlock(beatId)
  }

  askForLock(beatId: number): Promise<void> {
    return this.#locks.askFor(beatId)
  }

  answerLock(beatId: number, userId: number, grant: boolean): Promise<void> {
    return this.#locks.answer(beatId, userId, grant)
  }

  get drawer(): DrawerApi {
    return this.#drawer
  }

  sendChat(message: string): string {
    return this.#discussion.sendChat(message)
  }

  createComment(comment: NewComment): string {
    return this.#discussion.createComment(comment)
  }

  retryMessage(clientId: string): void {
    this.#discussion.retryMessage(clientId)
  }

  discardMessage(clientId: string): void {
    this.#discussion.discardMessage(clientId)
  }

  loadOlderChat(): Promise<void> {
    return this.#discussion.loadOlderChat()
  }

  lookAtChat(): () => void {
    return this.#discussion.lookAtChat()
  }

  setTyping(where: Typist['where']): void {
    this.#discussion.setTyping(where)
  }

  openThreads(): Promise<void> {
    return this.#discussion.openThreads()
  }

  updateComment(commentId: number, content: string): Promise<void> {
    return this.#discussion.updateComment(commentId, content)
  }

  deleteComment(commentId: number): Promise<void> {
    return this.#discussion.settleComment('deleted', commentId)
  }

  resolveThread(threadId: number): Promise<void> {
    return this.#discussion.settleComment('resolved', threadId)
  }

  reopenThread(threadId: number): Promise<void> {
    return this.#discussion.settleComment('reopened', threadId)
  }

  hasUnsaved(): boolean {
    return this.#unsaved() > 0 || this.#discussion.waiting > 0
  }

  async kept(): Promise<void> {
    await Promise.all([this.#documents.kept(), this.#discussion.kept()])
  }

  destroy(): void {
    if (this.#destroyed) return
    this.disconnect()
    this.#destroyed = true
    this.#connection.destroy()
    this.#stopSignals()
    this.#stopTabs?.()
    this.#saving.destroy()
    this.#locks.destroy()
    this.#drawer.destroy()
    // What fails on the way to the device is reported by those who write it.
    void Promise.all([this.#documents.destroy(), this.#discussion.destroy()]).then(() =>
      this.#ports.store.close(),
    )
  }

  #makeDrawer(): Drawer {
    const { tabs, store } = this.#ports
    return new Drawer({
      clock: this.#ports,
      store,
      openBeat: (beatId) => this.openBeat(beatId),
      scenesOf: (beatId) => this.#state.beats.find(({ id }) => id === beatId)?.scenes.map(({ key }) => key),
      isConnected: () => this.#connection.connected,
      kept: () => this.kept(),
      changed: () => this.#refresh(),
      tellTabs: () => tabs?.post({ type: 'drawer' }),
      storeFailed: (error) => this.#onStoreFailure(error),
    })
  }

  #makeDocuments(): BeatDocuments {
    const { tabs, store } = this.#ports
    return new BeatDocuments({
      clock: this.#ports,
      store,
      send: (frame) => this.#connection.send(frame),
      changed: () => this.#refresh(),
      wrote: (beatId) => this.#locks.wrote(beatId),
      titled: (beatId, title) => this.#setState(withTitle(this.#state, beatId, title)),
      kept: (entries) => this.#drawer.added(entries),
      keptHere: (entries) => this.#drawer.addedHere(entries),
      putBack: (beatId, reason) => tabs?.post({ type: 'put_back', beatId, reason }),
      storeFailed: (error) => this.#onStoreFailure(error),
      note: (event, details) => this.#ports.note(event, details),
    })
  }

  #opened(): void {
    this.#connectedSince = this.#ports.now()
    this.#documents.connected()
    this.#refresh()
  }

  #closed(): void {
    this.#connectedSince = undefined
    this.#documents.disconnected()
    this.#edits.lost()
    this.#requests.lost()
    this.#locks.lost()
    this.#discussion.lost()
    this.#cursor.lost()
    this.#setState(alone(this.#state))
  }

  #text(data: string): void {
    const text = readServerText(data)
    if (text.known) return this.#message(text.message)
    this.#ports.note('unknown_message', { type: text.type })
    if (text.storySeq !== undefined) this.#advance(passEvent(this.#state, text.storySeq))
  }

  #message(message: ServerMessage): void {
    if (message.type === 'initial_state' && this.#isSomebodyElse(message.me.user_id)) {
      return this.#connection.wrongPerson()
    }
    if (!this.#advance(applyMessage(this.#state, message))) return
    if (message.type === 'ack' || message.type === 'error') this.#answered(message)
    if (message.type === 'going_away') this.#connection.goingAway(message.retry_after_ms)
    if (message.type === 'beat_restored') this.#documents.restored(message.beat.id)
    // Renewing reports its own failures.
    if (message.type === 'token_expiring') void this.#renewToken()
    this.#locks.take(message)
    this.#discussion.take(message)
    this.#messageListeners.tell(message)
  }

  #answered(answer: Answer): void {
    this.#edits.answered(answer)
    this.#requests.answered(answer)
    this.#discussion.answered(answer)
  }

  /** Where it fails the socket ends with its token, and the next one asks for a ticket. */
  async #renewToken(): Promise<void> {
    const { refreshToken } = this.#ports
    if (refreshToken === undefined) return
    try {
      await this.#requests.ask({ type: 'auth', token: await refreshToken() })
    } catch (error) {
      this.#ports.note('token_not_renewed', { reason: error instanceof Fault ? error.code : 'unknown' })
    }
  }

  #hearTab(message: TabMessage): void {
    if (message.type === 'put_back') this.#documents.putBackElsewhere(message.beatId, message.reason)
    // Reading the drawer reports its own failures.
    void this.#drawer.reload()
  }

  #isSomebodyElse(userId: number): boolean {
    return this.#userId !== undefined && this.#userId !== userId
  }

  /** False for what was heard before, and after a gap: a fresh socket brings what is missing, this event included. */
  #advance(next: Step): boolean {
    if (next === 'gap') this.#connection.restart()
    else if (next !== 'heard') this.#setState(next)
    return next !== 'gap' && next !== 'heard'
  }

  #setState(state: RoomState): void {
    if (state === this.#state) return
    this.#state = state
    this.#refresh()
  }

  #onStoreFailure(error: unknown): void {
    this.#storeFailed = true
    this.#ports.note('store_failed', { reason: error instanceof Error ? error.name : 'unknown' })
    this.#refresh()
  }

  #refresh(): void {
    if (this.#destroyed) return
    const next = this.#look()
    if (sameFields(next, this.#snapshot)) return
    this.#snapshot = next
    this.#listeners.tell()
  }

  #look(): StoryRoomSnapshot {
    const { me, story, users, beats, cursors, unread } = this.#state
    return {
      connection: this.#connection.status,
      save: this.#save(),
      me,
      story,
      users,
      beats,
      cursors,
      ...this.#locks.snapshot(),
      ...this.#discussion.snapshot(),
      refusedWords: this.#drawer.list(),
      unread,
      keptOn: this.#storeFailed ? 'memory' : this.#ports.store.place,
    }
  }

  #unsaved(): number {
    return this.#documents.totals().changes + this.#edits.unanswered
  }

  #save(): SaveStatus {
    const { changes, stuck, since, known } = this.#documents.totals()
    const starts = [since, this.#edits.since].filter((start) => start !== undefined)
    return this.#saving.look({
      changes: changes + this.#edits.unanswered,
      stuck,
      since: starts.length === 0 ? undefined : Math.min(...starts),
      known,
      connectedSince: this.#connectedSince,
    })
  }
}

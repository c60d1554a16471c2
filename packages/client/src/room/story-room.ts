import type { CardChanges, ServerMessage } from '@storyweave/protocol'
import { Connection } from '../connection/driver.ts'
import { BeatDocuments } from '../documents/beat-documents.ts'
import { Listeners, sameFields } from '../observable.ts'
import type { Cancel, ClientPorts } from '../ports.ts'
import type { BeatDocument, SaveStatus, StoryRoomApi, StoryRoomSnapshot } from '../types.ts'
import { type Cursor, CursorSender } from './cursor-sender.ts'
import { CardEdits } from './edits.ts'
import { saveStatus, UNUSUALLY_LONG_MS } from './save-status.ts'
import { readServerText } from './server-text.ts'
import { alone, applyMessage, EMPTY_ROOM, passEvent, type RoomState, withTitle } from './state.ts'

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
  readonly #edits: CardEdits
  readonly #cursor: CursorSender
  readonly #listeners = new Listeners()
  readonly #messageListeners = new Listeners<ServerMessage>()
  readonly #stopSignals: Cancel
  #state: RoomState = EMPTY_ROOM
  #snapshot: StoryRoomSnapshot
  #connectedSince: number | undefined
  #storeFailed = false
  #cancelLateTimer: Cancel | undefined
  #destroyed = false

  constructor(options: StoryRoomOptions, ports: ClientPorts) {
    this.storyId = options.storyId
    this.#userId = options.userId
    this.#ports = ports
    const send = (data: string | Uint8Array) => this.#connection.send(data)
    const changed = () => this.#refresh()
    this.#edits = new CardEdits(ports, send, changed)
    this.#cursor = new CursorSender(ports, send)
    this.#documents = new BeatDocuments({
      clock: ports,
      store: ports.store,
      send,
      changed,
      titled: (beatId, title) => this.#setState(withTitle(this.#state, beatId, title)),
      storeFailed: (error) => this.#onStoreFailure(error),
      note: (event, details) => ports.note(event, details),
    })
    const { storyId, schema = 1 } = options
    const since = () => this.#state.storySeq
    this.#connection = new Connection(
      ports,
      { storyId, schema, since },
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

  disconnect(): void {
    this.#documents.flush()
    this.#connection.disconnect()
  }

  openBeat(beatId: number): BeatDocument {
    if (this.#destroyed) throw new Error('This room is destroyed; make a new one.')
    return this.#documents.open(beatId)
  }

  async sendEdit(beatId: number, changes: CardChanges, base?: CardChanges): Promise<void> {
    await this.#edits.send(beatId, changes, base)
    this.#setState(withTitle(this.#state, beatId, changes.title))
  }

  sendCursorMove(cursor: Cursor): void {
    if (this.#connection.connected) this.#cursor.move(cursor)
  }

  hasUnsaved(): boolean {
    return this.#unsaved() > 0
  }

  kept(): Promise<void> {
    return this.#documents.kept()
  }

  destroy(): void {
    if (this.#destroyed) return
    this.disconnect()
    this.#destroyed = true
    this.#connection.destroy()
    this.#stopSignals()
    this.#cancelLateTimer?.()
    // What fails on the way to the device is reported by the journals.
    void this.#documents.destroy().then(() => this.#ports.store.close())
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
    if (message.type === 'ack' || message.type === 'error') this.#edits.answered(message)
    if (message.type === 'going_away') this.#connection.goingAway(message.retry_after_ms)
    this.#messageListeners.tell(message)
  }

  #isSomebodyElse(userId: number): boolean {
    return this.#userId !== undefined && this.#userId !== userId
  }

  /** False after a gap: a fresh socket brings what is missing, this event included. */
  #advance(next: RoomState | 'gap'): boolean {
    if (next !== 'gap') this.#setState(next)
    else this.#connection.restart()
    return next !== 'gap'
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
    const { me, story, users, beats, cursors } = this.#state
    return {
      connection: this.#connection.status,
      save: this.#save(),
      me,
      story,
      users,
      beats,
      cursors,
      keptOn: this.#storeFailed ? 'memory' : this.#ports.store.place,
    }
  }

  #unsaved(): number {
    return this.#documents.totals().changes + this.#edits.unanswered
  }

  /** The same object as before where it says the same. */
  #save(): SaveStatus {
    const { changes, stuck, since, known } = this.#documents.totals()
    const starts = [since, this.#edits.since].filter((start) => start !== undefined)
    const now = this.#ports.now()
    const next = saveStatus(
      {
        changes: changes + this.#edits.unanswered,
        stuck,
        since: starts.length === 0 ? undefined : Math.min(...starts),
        known,
        connectedSince: this.#connectedSince,
      },
      now,
    )
    const before = this.#snapshot?.save
    if (before !== undefined && sameFields(before, next)) return before
    this.#lookAgain(next, now)
    return next
  }

  /** Nothing may happen while the server can't write: time alone makes *saving* into *not saved*. */
  #lookAgain(save: SaveStatus, now: number): void {
    this.#cancelLateTimer?.()
    this.#cancelLateTimer = undefined
    if (save.state !== 'saving' || save.changes === 0) return
    const wait = save.since + UNUSUALLY_LONG_MS - now
    this.#cancelLateTimer = this.#ports.setTimer(() => this.#refresh(), wait)
  }
}

import { LIMITS, type Role, type ServerMessage, type StoryEvent } from '@storyweave/protocol'
import type { AwarenessOwner } from './documents/awareness.ts'
import type { OpenKey } from './documents/open-key.ts'
import type { FrameInput, Millis, RoomPorts, Standing, Visitor, Weight } from './ports.ts'

/** A key's way: frames are held until its Auth is decided, then answered in order. */
export type KeyState =
  | {
      readonly state: 'held' | 'deciding'
      readonly frames: FrameInput[]
      bytes: number
      readonly deadline: Millis
    }
  | { readonly state: 'open'; readonly open: OpenKey }

/** Below this share of the limit a paused socket is read again. */
const RESUME_SHARE = 0.5

/** One socket in the room. */
export class Member {
  #visitor: Visitor
  readonly keys = new Map<string, KeyState>()
  role: Role
  /** The beat this tab is at. */
  beatId: number | null = null
  lastActive: Millis
  readonly #ports: RoomPorts
  #waitingFrames = 0
  #waitingBytes = 0
  #paused = false

  constructor(visitor: Visitor, ports: RoomPorts, now: Millis) {
    this.#visitor = visitor
    this.role = visitor.role
    this.lastActive = now
    this.#ports = ports
  }

  get visitor(): Visitor {
    return this.#visitor
  }

  get id(): string {
    return this.visitor.connectionId
  }

  get awarenessOwner(): AwarenessOwner {
    const { connectionId, connectedAt, userId, name, color } = this.visitor
    return { connectionId, connectedAt, userId, name, color, role: this.role }
  }

  /** True where this is news. */
  stand({ role, name, guest }: Standing): boolean {
    const { name: oldName, guest: wasGuest } = this.#visitor
    if (role === this.role && name === oldName && guest === wasGuest) return false
    this.role = role
    this.#visitor = { ...this.#visitor, name, guest }
    return true
  }

  /** A frame of this socket begins to wait in the room. */
  enter(bytes: number): void {
    this.#count(1, bytes)
  }

  /** It has been answered. */
  leave(bytes: number): void {
    this.#count(-1, -bytes)
  }

  #count(frames: number, bytes: number): void {
    this.#waitingFrames += frames
    this.#waitingBytes += bytes
    const fullness = Math.max(
      this.#waitingFrames / LIMITS.waitingFrames,
      this.#waitingBytes / LIMITS.waitingBytes,
    )
    const paused = this.#paused ? fullness > RESUME_SHARE : fullness >= 1
    if (paused === this.#paused) return
    this.#paused = paused
    this.#ports.pause(this.id, paused)
  }

  /** Sends a JSON message; a documents socket gets none. */
  tell(message: ServerMessage, weight: Weight = 'told'): void {
    if (!this.visitor.documentsOnly) this.#ports.send([this.id], JSON.stringify(message), weight)
  }

  /** What was missed while away; undefined where it is no longer kept, and everything must be asked for anew. */
  tellMissed(events: readonly StoryEvent[] | undefined): void {
    if (events === undefined) this.tell({ type: 'resync' }, 'asked')
    else for (const event of events) this.tell(event, 'asked')
  }
}

import type { RestClient, StoryRoomApi } from '@storyweave/client'
import type { Beat, CardChanges, ServerMessage } from '@storyweave/protocol'
import { latest } from '../hooks/latest.ts'
import type { Store } from '../hooks/use-store.ts'

/** What the room does not tell of a beat: the card's other fields, its length, and when it changed last. */
export interface BeatCard {
  readonly goal: string
  readonly conflict: string
  readonly outcome: string
  readonly words: number
  /** ISO 8601, by the server's clock. */
  readonly changedAt: string
}

export interface BeatCardsSnapshot {
  readonly cards: ReadonlyMap<number, BeatCard>
  /** `loading` until everything was read once. */
  readonly state: 'loading' | 'ready' | 'failed'
}

/** Prose is told to nobody who does not have its beat open: what others write is looked for this often. */
const LOOK_EVERY_MS = 30_000
/** Each read asks for a hundred beats and more. */
const READ_EVERY_MS = 2_000

type Beats = Pick<RestClient['beats'], 'list' | 'get'>
type Room = Pick<StoryRoomApi, 'storyId' | 'onMessage' | 'getSnapshot' | 'subscribe'>

/** The cards of a story's beats: read once, and kept up to date as long as somebody looks at them. */
export class BeatCards implements Store<BeatCardsSnapshot> {
  readonly #room: Room
  readonly #beats: Beats
  readonly #failed: (error: unknown) => void
  readonly #listeners = new Set<() => void>()
  readonly #read = latest(() => void this.#readAll(), READ_EVERY_MS)
  #snapshot: BeatCardsSnapshot = { cards: new Map(), state: 'loading' }
  #stop: (() => void) | undefined
  /** Where others were when last looked. */
  #visited: ReadonlySet<number> = new Set()

  constructor(room: Room, beats: Beats, failed: (error: unknown) => void = () => undefined) {
    this.#room = room
    this.#beats = beats
    this.#failed = failed
  }

  readonly getSnapshot = (): BeatCardsSnapshot => this.#snapshot

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    this.#stop ??= this.#follow()
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size > 0) return
      this.#stop?.()
      this.#stop = undefined
    }
  }

  /** Reads every card anew: whoever had a document open was not told of its changes. */
  refresh(): void {
    this.#read.call(undefined)
  }

  #follow(): () => void {
    const stops = [
      this.#room.onMessage((message) => this.#heard(message)),
      this.#room.subscribe(() => this.#lookWhoLeft()),
    ]
    const timer = setInterval(() => this.#lookAt(this.#visited), LOOK_EVERY_MS)
    if (this.#room.getSnapshot().me !== undefined) this.refresh()
    return () => {
      for (const stop of stops) stop()
      clearInterval(timer)
      this.#read.cancel()
    }
  }

  #heard(message: ServerMessage): void {
    switch (message.type) {
      case 'initial_state':
        return this.refresh()
      case 'edit':
        return this.#merge(message.beat_id, {
          ...changedFields(message.changes),
          changedAt: message.timestamp,
        })
      case 'beat_created':
      case 'beat_restored':
        return this.#lookAt([message.beat.id])
      case 'scene_created':
      case 'scene_deleted':
      case 'scene_restored':
        return this.#lookAt([message.beat_id])
      case 'scene_moved':
        return this.#lookAt([message.beat_id, message.from_beat_id])
      default:
    }
  }

  /** Somebody who leaves a beat may have written there. */
  #lookWhoLeft(): void {
    const { users, me } = this.#room.getSnapshot()
    const visited = new Set(
      users.flatMap(({ beat_id, user_id }) => (beat_id === null || user_id === me?.user_id ? [] : [beat_id])),
    )
    const left = [...this.#visited].filter((id) => !visited.has(id))
    this.#visited = visited
    this.#lookAt(left)
  }

  #lookAt(ids: Iterable<number>): void {
    for (const id of ids) void this.look(id)
  }

  /** Reads one card anew. Never rejects: where it is gone, or the server away, the next reading of all tells. */
  async look(id: number): Promise<void> {
    try {
      this.#set([await this.#beats.get(id)])
    } catch (error) {
      this.#failed(error)
    }
  }

  async #readAll(): Promise<void> {
    try {
      let after: string | undefined
      do {
        const page = await this.#beats.list(this.#room.storyId, after === undefined ? {} : { after })
        this.#set(page.beats)
        after = page.next ?? undefined
      } while (after !== undefined)
      this.#show({ ...this.#snapshot, state: 'ready' })
    } catch (error) {
      if (this.#snapshot.state === 'loading') this.#show({ ...this.#snapshot, state: 'failed' })
      this.#failed(error)
    }
  }

  #merge(id: number, changes: Partial<BeatCard>): void {
    const known = this.#snapshot.cards.get(id)
    if (known === undefined) return this.#lookAt([id])
    const cards = new Map(this.#snapshot.cards).set(id, { ...known, ...changes })
    this.#show({ ...this.#snapshot, cards })
  }

  #set(beats: readonly Beat[]): void {
    const cards = new Map(this.#snapshot.cards)
    for (const { id, goal, conflict, outcome, scenes, updated_at: changedAt } of beats) {
      const words = scenes.reduce((sum, { word_count }) => sum + word_count, 0)
      cards.set(id, { goal, conflict, outcome, words, changedAt })
    }
    this.#show({ ...this.#snapshot, cards })
  }

  #show(snapshot: BeatCardsSnapshot): void {
    this.#snapshot = snapshot
    for (const tell of this.#listeners) tell()
  }
}

function changedFields({ goal, conflict, outcome }: CardChanges): Partial<BeatCard> {
  return {
    ...(goal !== undefined && { goal }),
    ...(conflict !== undefined && { conflict }),
    ...(outcome !== undefined && { outcome }),
  }
}

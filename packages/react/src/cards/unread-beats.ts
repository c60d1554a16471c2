import type { StoryRoomApi } from '@storyweave/client'
import type { ServerMessage } from '@storyweave/protocol'
import type { Store } from '../hooks/use-store.ts'
import type { BeatCardsSnapshot } from './beat-cards.ts'

/** Where what was seen of a story is kept. */
export interface SeenShelf {
  read(): Seen | undefined
  write(seen: Seen): void
}

/** Times are ISO 8601 by the server's clock, and compare as texts. */
export interface Seen {
  /** What was changed before I first came is not new. */
  readonly since: string
  readonly beats: Readonly<Record<string, string>>
}

type LookedAfter = Store<BeatCardsSnapshot> & { look(beatId: number): Promise<void> }

/**
 * The beats in which others have changed something since this person last looked at them on this device.
 * What I change myself is not news to me, nor is what changes before my eyes.
 */
export class UnreadBeats implements Store<ReadonlySet<number>> {
  readonly #cards: LookedAfter
  readonly #room: Pick<StoryRoomApi, 'onMessage' | 'getSnapshot'>
  readonly #shelf: SeenShelf
  readonly #listeners = new Set<() => void>()
  #seen: Seen | undefined
  #looking: number | undefined
  #shown: ReadonlySet<number> = new Set()
  #stop: (() => void) | undefined

  constructor(room: Pick<StoryRoomApi, 'onMessage' | 'getSnapshot'>, cards: LookedAfter, shelf: SeenShelf) {
    this.#room = room
    this.#cards = cards
    this.#shelf = shelf
    this.#seen = shelf.read()
  }

  readonly getSnapshot = (): ReadonlySet<number> => this.#shown

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

  /** The beat that is before my eyes from now on. */
  look(beatId: number | undefined): void {
    const left = this.#looking
    this.#looking = beatId
    // What I wrote there is counted a moment after I have gone.
    if (left !== undefined && left !== beatId) void this.#settle(left)
    this.#count()
  }

  async #settle(beatId: number): Promise<void> {
    await this.#cards.look(beatId)
    this.#seeAsItIs(beatId)
    this.#count()
  }

  #follow(): () => void {
    const stops = [
      this.#cards.subscribe(() => this.#count()),
      this.#room.onMessage((message) => this.#heard(message)),
    ]
    this.#count()
    return () => {
      for (const stop of stops) stop()
    }
  }

  #heard(message: ServerMessage): void {
    const beatId = 'beat' in message ? message.beat.id : 'beat_id' in message ? message.beat_id : undefined
    const me = this.#room.getSnapshot().me?.user_id
    if (typeof beatId !== 'number' || !('user_id' in message) || message.user_id !== me) return
    if ('timestamp' in message && !this.#shown.has(beatId)) this.#see(beatId, message.timestamp)
  }

  #seeAsItIs(beatId: number): void {
    const changed = this.#cards.getSnapshot().cards.get(beatId)?.changedAt
    if (changed !== undefined) this.#see(beatId, changed)
  }

  #see(beatId: number, at: string): void {
    if (this.#seen === undefined || (this.#seen.beats[beatId] ?? this.#seen.since) >= at) return
    this.#seen = { ...this.#seen, beats: { ...this.#seen.beats, [beatId]: at } }
    this.#shelf.write(this.#seen)
  }

  #count(): void {
    const { cards, state } = this.#cards.getSnapshot()
    if (this.#seen === undefined) {
      if (state !== 'ready') return
      const since = [...cards.values()].reduce(
        (last, { changedAt }) => (changedAt > last ? changedAt : last),
        '',
      )
      this.#seen = { since, beats: {} }
      this.#shelf.write(this.#seen)
    }
    if (this.#looking !== undefined) this.#seeAsItIs(this.#looking)
    const { since, beats } = this.#seen
    const unread = [...cards].filter(
      ([id, { changedAt }]) => id !== this.#looking && changedAt > (beats[id] ?? since),
    )
    const shown = new Set(unread.map(([id]) => id))
    if (shown.size === this.#shown.size && [...shown].every((id) => this.#shown.has(id))) return
    this.#shown = shown
    for (const tell of this.#listeners) tell()
  }
}

import {
  applyStoryEvent,
  type BeatSummary,
  type ChatMessage,
  type Outline,
  type StoryEvent,
} from '@storyweave/protocol'
import type { ChangedBeat, StoryState } from './ports.ts'

/** So many chat messages who enters is told at once; older ones by REST. */
export const KEPT_CHAT = 50

/**
 * The story as its durable events have made it. Events are taken in the order of `story_seq`, whatever order they
 * are heard in: one that comes early waits for those before it.
 */
export class StorySoFar {
  story: StoryState['story']
  outline: Outline
  /** The last messages, oldest first. */
  chat: readonly ChatMessage[]
  seq: number
  readonly #early = new Map<number, StoryEvent>()
  readonly #deleted = new Set<number>()
  /** What was heard of beats before they were heard of themselves. */
  readonly #unplaced = new Map<number, Change>()

  constructor(state: StoryState) {
    this.story = state.story
    this.outline = state.beats
    this.chat = state.chat
    this.seq = state.storySeq
  }

  /** Takes the story as it stands; the beats that are gone are named. */
  restart(state: StoryState): number[] {
    const gone = this.outline.filter(({ id }) => !state.beats.some((beat) => beat.id === id))
    for (const { id } of gone) this.#deleted.add(id)
    this.story = state.story
    this.outline = state.beats
    this.chat = state.chat
    this.seq = state.storySeq
    for (const seq of this.#early.keys()) if (seq <= this.seq) this.#early.delete(seq)
    return gone.map(({ id }) => id)
  }

  /** The events that are to be told now, in order. */
  take(event: StoryEvent): readonly StoryEvent[] {
    if (event.story_seq > this.seq) this.#early.set(event.story_seq, event)
    const ready: StoryEvent[] = []
    for (let next = this.#early.get(this.seq + 1); next !== undefined; next = this.#early.get(this.seq + 1)) {
      this.#early.delete(next.story_seq)
      this.seq = next.story_seq
      ready.push(this.#placed(next))
    }
    return ready
  }

  /** A beat comes as it is by now. */
  #placed(event: StoryEvent): StoryEvent {
    if (event.type !== 'beat_created' && event.type !== 'beat_restored') return event
    const change = this.#unplaced.get(event.beat.id)
    this.#unplaced.delete(event.beat.id)
    return change === undefined ? event : { ...event, beat: change(event.beat) }
  }

  /** True while an event is waiting for one that has not been heard. */
  get hasGap(): boolean {
    return this.#early.size > 0
  }

  apply(event: StoryEvent): void {
    this.outline = applyStoryEvent(this.outline, event)
    if (event.type === 'story_changed') this.story = event.story
    if (event.type === 'chat') {
      const { type: _, story_seq: __, ...message } = event
      this.chat = [...this.chat, message].slice(-KEPT_CHAT)
    }
    if (event.type === 'beat_deleted') this.#deleted.add(event.beat_id)
  }

  /** True for a beat that was here once: it was deleted, as far as this room remembers. */
  hasLost(beatId: number): boolean {
    return this.#deleted.has(beatId) && !this.hasBeat(beatId)
  }

  hasBeat(beatId: number): boolean {
    return this.outline.some(({ id }) => id === beatId)
  }

  hasScene(beatId: number, sceneId: number): boolean {
    return this.outline.some(
      ({ id, scenes }) => id === beatId && scenes.some((scene) => scene.id === sceneId),
    )
  }

  /** The key a scene has now, and its beat. */
  placeOf(sceneId: number): { readonly beatId: number; readonly key: string } | undefined {
    for (const beat of this.outline) {
      const scene = beat.scenes.find(({ id }) => id === sceneId)
      if (scene !== undefined) return { beatId: beat.id, key: scene.key }
    }
    return undefined
  }

  /** Titles and word counts as they are on disk now: who enters later finds them in `initial_state`. */
  project({ beatId, card, scenes }: Pick<ChangedBeat, 'beatId' | 'card' | 'scenes'>): void {
    const words = new Map(scenes.map(({ key, wordCount }) => [key, wordCount]))
    this.#change(beatId, (beat) => ({
      ...beat,
      title: card.title,
      scenes: beat.scenes.map((scene) => ({
        ...scene,
        word_count: words.get(scene.key) ?? scene.word_count,
      })),
    }))
  }

  retitle(beatId: number, title: string): void {
    this.#change(beatId, (beat) => ({ ...beat, title }))
  }

  #change(beatId: number, change: Change): void {
    if (!this.hasBeat(beatId) && !this.#deleted.has(beatId)) this.#unplaced.set(beatId, change)
    this.outline = this.outline.map((beat) => (beat.id === beatId ? change(beat) : beat))
  }
}

type Change = (beat: BeatSummary) => BeatSummary

import { countWords, plainText, readCard, readScene, seedBeat } from '@storyweave/prose'
import {
  type ActRename,
  applyStoryEvent,
  type Beat,
  type BeatMove,
  type BeatSummary,
  type CardChanges,
  Fault,
  type NewBeat,
  type Outline,
  type SceneSummary,
  type StoryEvent,
} from '@storyweave/protocol'
import { type BeatHost, BeatServer } from './beat-server.ts'
import { doneBy, type StoryEventDraft } from './event-draft.ts'
import type { Member, ServerClock } from './line.ts'
import type { SceneKeys, TestScene } from './scene-keys.ts'

export interface TestBeat extends CardChanges {
  readonly act?: string
  readonly scenes?: readonly (TestScene | string)[]
}

export interface OutlineHost {
  readonly storyId: number
  readonly clock: ServerClock
  /** Gives the event its place and tells everyone. */
  happened(event: StoryEventDraft): void
  /** Throws where this person may not write there now. */
  mustWrite(beatId: number, member: Member): void
  /** Throws where this person may not change the story's structure. */
  mustArrange(member: Member): void
  documentHost(beatId: number): BeatHost
}

/** The beats of the test's server: their order, their documents, and those that were deleted. */
export class OutlineServer {
  readonly #host: OutlineHost
  readonly #keys: SceneKeys
  readonly #documents = new Map<number, BeatServer>()
  readonly #bin = new Map<number, BeatSummary>()
  /** Milliseconds since 1970 UTC. */
  readonly #changedAt = new Map<number, number>()
  #beats: Outline = []

  constructor(host: OutlineHost, keys: SceneKeys, beats: readonly TestBeat[]) {
    this.#host = host
    this.#keys = keys
    this.#beats = beats.map((beat, index) => this.#make(index + 1, index, beat))
  }

  /** As everybody sees it at this moment. */
  list(): Outline {
    return this.#beats.map((beat) => this.#now(beat))
  }

  /** Undefined for what is deleted, and for what never was. */
  document(beatId: number): BeatServer | undefined {
    return this.#has(beatId) ? this.#documents.get(beatId) : undefined
  }

  documents(): Iterable<BeatServer> {
    return this.#documents.values()
  }

  /** What was told to everyone has happened here, too. */
  apply(event: StoryEvent): void {
    this.#beats = applyStoryEvent(this.#beats, event)
  }

  beat(id: number): Beat {
    const { goal, conflict, outcome } = readCard(this.#documentOf(id).doc)
    const at = this.#changedAt.get(id) ?? this.#host.clock.now()
    return {
      ...this.#now(this.summary(id)),
      ...{ story_id: this.#host.storyId, goal, conflict, outcome, updated_at: new Date(at).toISOString() },
    }
  }

  summary(id: number): BeatSummary {
    const beat = this.#beats.find((one) => one.id === id)
    if (beat === undefined) throw new Fault('not_found', 'There is no such beat.')
    return beat
  }

  create(member: Member, { act, after_beat_id: after, ...card }: NewBeat): Beat {
    this.#host.mustArrange(member)
    const id = Math.max(0, ...this.#documents.keys()) + 1
    const place = placeAfter(this.#beats, after)
    const beat = this.#make(id, place, { ...card, ...(act != null && { act }) })
    this.#tell(member, { type: 'beat_created', beat })
    return this.beat(id)
  }

  move(member: Member, id: number, { act, after_beat_id: after }: BeatMove): Beat {
    this.#host.mustWrite(id, member)
    const beat = this.summary(id)
    const others = this.#beats.filter((one) => one !== beat)
    const moved = { ...beat, act: act === undefined ? beat.act : act }
    this.#reorder(member, others.toSpliced(placeAfter(others, after), 0, moved))
    return this.beat(id)
  }

  renameAct(member: Member, { from, to }: ActRename): void {
    this.#host.mustArrange(member)
    const ofAct = this.#beats.filter(({ act }) => act === from)
    if (ofAct.length === 0) throw new Fault('not_found', 'There is no such act.')
    for (const { id } of ofAct) this.#host.mustWrite(id, member)
    this.#reorder(
      member,
      this.#beats.map((beat) => (beat.act === from ? { ...beat, act: to } : beat)),
    )
  }

  remove(member: Member, id: number): void {
    this.#host.mustWrite(id, member)
    const document = this.#documentOf(id)
    this.#bin.set(id, this.summary(id))
    this.#tell(member, { type: 'beat_deleted', beat_id: id })
    document.shut('beat_deleted')
  }

  restore(member: Member, id: number): Beat {
    this.#host.mustArrange(member)
    const beat = this.#bin.get(id)
    if (beat === undefined) throw new Fault('not_found', 'There is no such beat in the bin.')
    this.#bin.delete(id)
    const beat_index = Math.min(beat.beat_index, this.#beats.length)
    this.#tell(member, { type: 'beat_restored', beat: { ...beat, beat_index } })
    return this.beat(id)
  }

  /** A scene as it stands in its beat's document. */
  sceneNow(beatId: number, scene: SceneSummary): SceneSummary {
    const document = this.#documents.get(beatId)
    if (document === undefined) return scene
    return { ...scene, word_count: countWords(plainText(readScene(document.doc, scene.key))) }
  }

  destroy(): void {
    for (const document of this.#documents.values()) document.destroy()
  }

  #make(id: number, index: number, { act, scenes = [], ...card }: TestBeat): BeatSummary {
    const made = scenes.map((scene, at) => this.#keys.seed(scene, id * 100 + at + 1))
    const filled = Object.fromEntries(Object.entries(card).filter(([, text]) => text !== undefined))
    const seed = seedBeat({ card: filled, scenes: made.map(({ key, doc }) => ({ key, doc })) }, 1)
    const document = new BeatServer(id, seed, this.#host.documentHost(id))
    this.#documents.set(id, document)
    this.#changedAt.set(id, this.#host.clock.now())
    document.doc.on('update', () => this.#changedAt.set(id, this.#host.clock.now()))
    return {
      ...{ id, beat_index: index, act: act ?? null, title: card.title ?? '' },
      scenes: made.map(({ doc: _, ...scene }) => this.sceneNow(id, { ...scene, word_count: 0 })),
    }
  }

  #now(beat: BeatSummary): BeatSummary {
    const document = this.#documentOf(beat.id)
    return {
      ...beat,
      title: readCard(document.doc).title,
      scenes: beat.scenes.map((scene) => this.sceneNow(beat.id, scene)),
    }
  }

  #reorder(member: Member, beats: readonly BeatSummary[]): void {
    this.#tell(member, { type: 'beats_reordered', beats: beats.map(({ id, act }) => ({ id, act })) })
  }

  #tell(member: Member, what: object): void {
    this.#host.happened({ ...what, ...doneBy(member, this.#host.clock) } as StoryEventDraft)
  }

  #documentOf(beatId: number): BeatServer {
    const document = this.#documents.get(beatId)
    if (document === undefined) throw new Fault('not_found', 'There is no such beat.')
    return document
  }

  #has(beatId: number): boolean {
    return this.#beats.some(({ id }) => id === beatId)
  }
}

/** Where something comes to stand behind another: absent is the end, null the start. */
export function placeAfter(
  things: readonly { readonly id: number }[],
  after: number | null | undefined,
): number {
  if (after === undefined) return things.length
  if (after === null) return 0
  const index = things.findIndex(({ id }) => id === after)
  if (index < 0) throw new Fault('not_found', 'What this was to come after is not there.')
  return index + 1
}

import {
  applyStoryEvent,
  type BeatSummary,
  CARD_FIELDS,
  META_ROOT,
  type Outline,
  type Role,
  type SceneSummary,
  type StoryEvent,
  sceneRoot,
} from '@storyweave/protocol'
import type { ForeignRow, StoryState } from '@storyweave/server/room/ports.ts'
import * as Y from 'yjs'
import type { Rows } from './rows.ts'

export const STORY = 1
/** Who owns the story, and makes its beats and scenes by REST. */
export const OWNER = 1

/** A room's question after somebody's rights, asked just before the database went away, is answered within this time. */
const SLOWEST_QUESTION_MS = 1_000

/** What a transaction of another hand has committed, and the rooms are then told. */
export interface Commit {
  readonly event: StoryEvent | undefined
  readonly beatId: number
  readonly rows: readonly ForeignRow[]
}

/** An event as it is written here: its place in the count and its author are added. */
type Happening = StoryEvent extends infer Event
  ? Event extends StoryEvent
    ? Omit<Event, 'story_seq' | 'user_id' | 'user_name' | 'timestamp'>
    : never
  : never

/** The database without the log: the story's outline, its events, and who may do what. Outlives every server. */
export class House {
  readonly roles: Map<number, Role>
  /** Since when a person has only been reading; milliseconds since 1970 UTC. */
  readonly readerSince = new Map<number, number>()
  readonly events: StoryEvent[] = []
  readonly #rows: Rows
  readonly #now: () => number
  #outline: Outline = []
  #ids = 0

  constructor(roles: ReadonlyMap<number, Role>, rows: Rows, now: () => number) {
    this.roles = new Map(roles)
    for (const [userId, role] of roles) if (role === 'viewer') this.readerSince.set(userId, now())
    this.#rows = rows
    this.#now = now
  }

  /** Titles are the projections', as in the tables. */
  get outline(): Outline {
    return this.#outline.map((beat) => ({
      ...beat,
      title: this.#rows.projection(beat.id)?.card.title ?? beat.title,
    }))
  }

  get beatIds(): number[] {
    return this.#outline.map(({ id }) => id)
  }

  get storySeq(): number {
    return this.events.length
  }

  scenesOf(beatId: number): readonly SceneSummary[] {
    return this.#outline.find(({ id }) => id === beatId)?.scenes ?? []
  }

  state(): StoryState {
    const time = new Date(this.#now()).toISOString()
    const nothing = { premise: null, genre: null, logline: null, length: null }
    const times = { created_at: time, updated_at: time }
    const story = {
      id: STORY,
      project_id: 1,
      title: 'A story',
      ...nothing,
      status: 'draft',
      ...times,
    } as const
    return { story, beats: this.outline, locks: [], chat: [], storySeq: this.storySeq }
  }

  eventsSince(since: number): readonly StoryEvent[] {
    return this.events.slice(since)
  }

  standingOf(userId: number): { role: Role; name: string; guest: boolean } | undefined {
    const role = this.roles.get(userId)
    return role === undefined ? undefined : { role, name: `Person ${userId}`, guest: false }
  }

  setRole(userId: number, role: Role): void {
    this.roles.set(userId, role)
    if (role === 'viewer') this.readerSince.set(userId, this.#now())
    else this.readerSince.delete(userId)
  }

  createBeat(pen: number): Commit {
    const id = ++this.#ids
    const scene = {
      id: ++this.#ids,
      key: `scene-${id}-one`.slice(0, 12).padEnd(12, '0'),
      title: null,
      word_count: 0,
    }
    const bytes = written(pen, (doc) => seedBeat(doc, id, scene))
    const row = this.#rows.found(id, bytes, OWNER, pen, [scene.key])
    const beat: BeatSummary = {
      id,
      beat_index: this.#outline.length,
      act: null,
      title: `Beat ${id}`,
      scenes: [scene],
    }
    return { event: this.#happen({ type: 'beat_created', beat }), beatId: id, rows: [row] }
  }

  createScene(beatId: number, pen: number): Commit {
    const id = ++this.#ids
    const scene = { id, key: `scene-${id}-two`.slice(0, 12).padEnd(12, '0'), title: null, word_count: 0 }
    const bytes = written(pen, (doc) => seedScene(doc, scene))
    const row = this.#rows.addScene(beatId, scene.key, { bytes, userId: OWNER, pen })
    const event = this.#happen({ type: 'scene_created', beat_id: beatId, scene, after_scene_id: null })
    return { event, beatId, rows: [row] }
  }

  deleteBeat(beatId: number): Commit {
    this.#rows.bury(beatId)
    return { event: this.#happen({ type: 'beat_deleted', beat_id: beatId }), beatId, rows: [] }
  }

  reorder(beatIds: readonly number[]): Commit {
    const beats = beatIds.map((id) => ({ id, act: null }))
    return { event: this.#happen({ type: 'beats_reordered', beats }), beatId: 0, rows: [] }
  }

  /** The database is back: what changed while it was away is heard of from now on. */
  rightsAreHeard(awayMs: number): void {
    for (const [userId, since] of this.readerSince) {
      if (since >= this.#now() - awayMs - SLOWEST_QUESTION_MS) this.readerSince.set(userId, this.#now())
    }
  }

  #happen(happening: Happening): StoryEvent {
    const timestamp = new Date(this.#now()).toISOString()
    const author = { user_id: OWNER, user_name: `Person ${OWNER}`, timestamp }
    const event: StoryEvent = { ...happening, ...author, story_seq: this.events.length + 1 }
    this.events.push(event)
    this.#outline = applyStoryEvent(this.#outline, event)
    return event
  }
}

/** What a change of an empty document weighs on the wire. */
export function written(pen: number, write: (doc: Y.Doc) => void): Uint8Array {
  const doc = new Y.Doc()
  doc.clientID = pen
  doc.transact(() => write(doc))
  const bytes = Y.encodeStateAsUpdate(doc)
  doc.destroy()
  return bytes
}

function seedBeat(doc: Y.Doc, id: number, scene: SceneSummary): void {
  for (const field of CARD_FIELDS) doc.getText(field)
  doc.getText('title').insert(0, `Beat ${id}`)
  doc.getMap(META_ROOT).set('schema', 1)
  seedScene(doc, scene)
}

function seedScene(doc: Y.Doc, { key }: SceneSummary): void {
  const paragraph = new Y.XmlElement('paragraph')
  paragraph.insert(0, [new Y.XmlText()])
  doc.getXmlFragment(sceneRoot(key)).insert(0, [paragraph])
}

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
import { threadsIn } from '@storyweave/server/db/repositories/comments.ts'
import type { ForeignRow, Projection } from '@storyweave/server/room/ports.ts'
import { sql } from 'kysely'
import * as Y from 'yjs'
import type { Rows } from './rows.ts'
import type { Tables } from './tables.ts'

export const STORY = 1
/** Who owns the story, and makes its beats and scenes by REST. */
export const OWNER = 1

/** A room's question after somebody's rights, asked just before the database went away, is answered within this time. */
const SLOWEST_QUESTION_MS = 1_000

/** What a transaction of another hand has committed, and the rooms are then told. */
export interface Commit {
  readonly events: readonly StoryEvent[]
  readonly beatId: number
  readonly rows: readonly ForeignRow[]
}

/** An event as it is written here: its place in the count and its author are added. */
type Happening = StoryEvent extends infer Event
  ? Event extends StoryEvent
    ? Omit<Event, 'story_seq' | 'user_id' | 'user_name' | 'timestamp'>
    : never
  : never

/**
 * What the tables say beside the log: the story's outline, its events, and who may do what. Outlives every server.
 * It changes them as one transaction does, at one moment.
 */
export class House {
  readonly roles: Map<number, Role>
  /** Since when a person has only been reading; milliseconds since 1970 UTC. */
  readonly readerSince = new Map<number, number>()
  readonly #rows: Rows
  readonly #tables: Tables
  readonly #now: () => number
  #outline: Outline = []
  #ids = 0
  #places = 0

  constructor(roles: ReadonlyMap<number, Role>, rows: Rows, tables: Tables, now: () => number) {
    this.roles = new Map(roles)
    for (const [userId, role] of roles) if (role === 'viewer') this.readerSince.set(userId, now())
    this.#rows = rows
    this.#tables = tables
    this.#now = now
    this.#furnish()
  }

  #furnish(): void {
    const { db } = this.#tables
    const times = { created_at: this.#now(), updated_at: this.#now() }
    const since = { created_at: new Date(this.#now()), updated_at: new Date(this.#now()) }
    for (const id of this.roles.keys()) {
      const person = { id, name: personName(id), email: `${id}@example.com`, email_verified: true }
      this.#tables.now(db.insertInto('users').values({ ...person, ...since }))
    }
    const project = { id: 1, owner_id: OWNER, name: 'Novels' }
    this.#tables.now(db.insertInto('projects').values({ ...project, ...times }))
    const story = { id: STORY, project_id: 1, title: 'A story', status: 'draft' } as const
    this.#tables.now(db.insertInto('stories').values({ ...story, ...times }))
    for (const [user_id, role] of this.roles) {
      if (user_id === OWNER) continue
      const permission = { story_id: STORY, user_id, role, invited_by: OWNER, ...times }
      this.#tables.now(db.insertInto('story_permissions').values(permission))
    }
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

  scenesOf(beatId: number): readonly SceneSummary[] {
    return this.#outline.find(({ id }) => id === beatId)?.scenes ?? []
  }

  /** Of the scenes, by key, as the tables have them. */
  get wordCounts(): ReadonlyMap<string, number> {
    const scenes = this.#tables.now(this.#tables.db.selectFrom('scenes').select(['key', 'word_count']))
    return new Map(scenes.map(({ key, word_count }) => [key, word_count]))
  }

  setRole(userId: number, role: Role): void {
    this.roles.set(userId, role)
    const { db } = this.#tables
    this.#tables.now(db.updateTable('story_permissions').set({ role }).where('user_id', '=', userId))
    const epoch = sql<number>`access_epoch + 1`
    this.#tables.now(db.updateTable('stories').set({ access_epoch: epoch }).where('id', '=', STORY))
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
    const title = `Beat ${id}`
    const card = { title, goal: '', conflict: '', outcome: '', act: null }
    const times = { created_at: this.#now(), updated_at: this.#now(), deleted_at: null }
    const row = { id, story_id: STORY, position: this.#place(), ...card, ...times }
    this.#tables.now(this.#tables.db.insertInto('beats').values(row))
    this.#insertScene(id, scene)
    const founded = this.#rows.found(id, bytes, OWNER, pen, [scene.key])
    const beat: BeatSummary = { id, beat_index: this.#outline.length, act: null, title, scenes: [scene] }
    return { events: [this.#happen({ type: 'beat_created', beat })], beatId: id, rows: [founded] }
  }

  createScene(beatId: number, pen: number): Commit {
    const id = ++this.#ids
    const scene = { id, key: `scene-${id}-two`.slice(0, 12).padEnd(12, '0'), title: null, word_count: 0 }
    const bytes = written(pen, (doc) => seedScene(doc, scene))
    const row = this.#rows.addScene(beatId, scene.key, { bytes, userId: OWNER, pen })
    const before = this.scenesOf(beatId)[0]?.id ?? null
    this.#insertScene(beatId, scene)
    const event = this.#happen({ type: 'scene_created', beat_id: beatId, scene, after_scene_id: before })
    return { events: [event], beatId, rows: [row] }
  }

  #insertScene(beat_id: number, { id, key, title }: SceneSummary): void {
    const text = { plain_text: '', word_count: 0, title }
    const times = { created_at: this.#now(), updated_at: this.#now(), deleted_at: null }
    const row = { id, beat_id, key, position: this.#place(), ...text, ...times }
    this.#tables.now(this.#tables.db.insertInto('scenes').values(row))
  }

  /** The beat's threads go with it, into the air. */
  async deleteBeat(beatId: number): Promise<Commit> {
    const { db } = this.#tables
    const before = await threadsIn(db, { beatId })
    this.#rows.bury(beatId)
    this.#tables.now(db.updateTable('beats').set({ deleted_at: this.#now() }).where('id', '=', beatId))
    const deleted = this.#happen({ type: 'beat_deleted', beat_id: beatId })
    const attached = new Set(before.flatMap(({ id, detached }) => (detached ? [] : [id])))
    const torn = (await threadsIn(db, { beatId })).filter(({ id }) => attached.has(id))
    const told = torn.map((comment) => this.#happen({ type: 'comment', action: 'detached', comment }))
    return { events: [deleted, ...told], beatId, rows: [] }
  }

  reorder(beatIds: readonly number[]): Commit {
    const { db } = this.#tables
    for (const id of beatIds) {
      this.#tables.now(db.updateTable('beats').set({ position: this.#place() }).where('id', '=', id))
    }
    const beats = beatIds.map((id) => ({ id, act: null }))
    return { events: [this.#happen({ type: 'beats_reordered', beats })], beatId: 0, rows: [] }
  }

  /** Behind every place there was so far. */
  #place(): string {
    this.#places += 1
    return `a${String(this.#places).padStart(6, '0')}`
  }

  headMoved(beatId: number, head_seq: number): void {
    const { db } = this.#tables
    this.#tables.now(db.updateTable('beats').set({ head_seq }).where('id', '=', beatId))
  }

  /** Card and scenes, each where it is newer than what stands there, as the real log does it. */
  projected({ beatId, seq, card, scenes }: Projection): void {
    const { db } = this.#tables
    const beat = db.updateTable('beats').where('id', '=', beatId)
    const newer = beat.set({ ...card, projected_seq: seq }).where('projected_seq', '<', seq)
    let isNews = this.#tables.now(newer.returning('id')).length > 0
    for (const { key, plainText: plain_text, wordCount: word_count } of scenes) {
      const text = { plain_text, word_count, projected_seq: seq }
      const scene = db.updateTable('scenes').set(text).where('beat_id', '=', beatId).where('key', '=', key)
      const found = this.#tables.now(scene.where('projected_seq', '<', seq).returning('id'))
      if (found.length > 0) isNews = true
    }
    if (isNews) this.#tables.now(beat.set({ projected_at: this.#now() }))
  }

  /** The database is back: what changed while it was away is heard of from now on. */
  rightsAreHeard(awayMs: number): void {
    for (const [userId, since] of this.readerSince) {
      if (since >= this.#now() - awayMs - SLOWEST_QUESTION_MS) this.readerSince.set(userId, this.#now())
    }
  }

  #happen(happening: Happening): StoryEvent {
    const { db } = this.#tables
    const [story] = this.#tables.now(db.selectFrom('stories').select('story_seq').where('id', '=', STORY))
    const story_seq = (story?.story_seq ?? 0) + 1
    const timestamp = new Date(this.#now()).toISOString()
    const author = { user_id: OWNER, user_name: personName(OWNER), timestamp }
    const event: StoryEvent = { ...happening, ...author, story_seq }
    const row = { story_id: STORY, story_seq, event: JSON.stringify(event), created_at: this.#now() }
    this.#tables.now(db.insertInto('story_events').values(row))
    this.#tables.now(db.updateTable('stories').set({ story_seq }).where('id', '=', STORY))
    this.#outline = applyStoryEvent(this.#outline, event)
    return event
  }
}

export const personName = (userId: number): string => `Person ${userId}`

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

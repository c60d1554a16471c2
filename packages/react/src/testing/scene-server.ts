import {
  copyScene,
  emptyScene,
  parseMarkdown,
  readScene,
  replaceScene,
  serializeMarkdown,
  splitScene,
} from '@storyweave/prose'
import { Fault, type NewScene, type Scene, type SceneChanges, type SceneSummary } from '@storyweave/protocol'
import { doneBy, isoNow, type StoryEventDraft } from './event-draft.ts'
import type { Member } from './line.ts'
import { type OutlineHost, type OutlineServer, placeAfter } from './outline-server.ts'
import type { SceneKeys } from './scene-keys.ts'

interface PlacedScene {
  readonly beatId: number
  readonly scene: SceneSummary
  /** The scene that it stands behind; null for the first. */
  readonly after: number | null
}

type SceneHost = Pick<OutlineHost, 'clock' | 'happened' | 'mustWrite'>

/** What is done to the scenes of the test's server as wholes. */
export class SceneServer {
  readonly #host: SceneHost
  readonly #outline: OutlineServer
  readonly #keys: SceneKeys
  readonly #bin = new Map<number, PlacedScene>()

  constructor(host: SceneHost, outline: OutlineServer, keys: SceneKeys) {
    this.#host = host
    this.#outline = outline
    this.#keys = keys
  }

  view(id: number): Scene {
    const { beatId, scene } = this.#find(id)
    const at = isoNow(this.#host.clock)
    return {
      ...this.#outline.sceneNow(beatId, scene),
      ...{ beat_id: beatId, version: 0, created_at: at, updated_at: at },
      text: serializeMarkdown(readScene(this.#doc(beatId), scene.key)),
    }
  }

  create(member: Member, beatId: number, { title, text = '', after_scene_id }: NewScene): Scene {
    this.#host.mustWrite(beatId, member)
    const { scenes } = this.#outline.summary(beatId)
    const after = scenes[placeAfter(scenes, after_scene_id) - 1]?.id ?? null
    const { id, key } = this.#keys.next()
    replaceScene(this.#doc(beatId), key, parseMarkdown(text))
    const scene = this.#outline.sceneNow(beatId, { id, key, title: title ?? null, word_count: 0 })
    this.#tell(member, { type: 'scene_created', beat_id: beatId, scene, after_scene_id: after })
    return this.view(id)
  }

  change(member: Member, id: number, { title, text }: SceneChanges): Scene {
    const { beatId, scene } = this.#find(id)
    this.#host.mustWrite(beatId, member)
    if (text !== undefined) replaceScene(this.#doc(beatId), scene.key, parseMarkdown(text))
    if (title !== undefined) this.#changed(member, beatId, { ...scene, title })
    return this.view(id)
  }

  remove(member: Member, id: number): void {
    const placed = this.#find(id)
    this.#host.mustWrite(placed.beatId, member)
    this.#bin.set(id, placed)
    this.#tell(member, { type: 'scene_deleted', beat_id: placed.beatId, scene_id: id })
  }

  restore(member: Member, id: number): Scene {
    const placed = this.#bin.get(id)
    if (placed === undefined) throw new Fault('not_found', 'There is no such scene in the bin.')
    const { beatId, scene, after } = placed
    this.#host.mustWrite(beatId, member)
    this.#bin.delete(id)
    this.#tell(member, { type: 'scene_restored', beat_id: beatId, scene, after_scene_id: after })
    return this.view(id)
  }

  /** The first `at` blocks stay; answers with the scene that holds the others. */
  split(member: Member, id: number, at: number): Scene {
    const { beatId, scene } = this.#find(id)
    this.#host.mustWrite(beatId, member)
    const made = this.#keys.next()
    splitScene(this.#doc(beatId), scene.key, at, made.key)
    this.#changed(member, beatId, scene)
    const second = this.#outline.sceneNow(beatId, { ...made, title: null, word_count: 0 })
    this.#tell(member, { type: 'scene_created', beat_id: beatId, scene: second, after_scene_id: id })
    return this.view(made.id)
  }

  move(
    member: Member,
    id: number,
    to: { beat_id: number; after_scene_id?: number | null | undefined },
  ): Scene {
    const { beatId, scene } = this.#find(id)
    for (const one of [beatId, to.beat_id]) this.#host.mustWrite(one, member)
    const others = this.#outline.summary(to.beat_id).scenes.filter((one) => one.id !== id)
    const after = others[placeAfter(others, to.after_scene_id) - 1]?.id ?? null
    const moved = to.beat_id === beatId ? scene : this.#carry(beatId, scene, to.beat_id)
    this.#tell(member, {
      type: 'scene_moved',
      ...{ from_beat_id: beatId, beat_id: to.beat_id, scene: moved, after_scene_id: after },
    })
    return this.view(id)
  }

  /** Another document has it under another key. */
  #carry(from: number, scene: SceneSummary, to: number): SceneSummary {
    const { key } = this.#keys.next()
    copyScene(this.#doc(from), scene.key, this.#doc(to), key)
    emptyScene(this.#doc(from), scene.key)
    return { ...scene, key }
  }

  #changed(member: Member, beatId: number, scene: SceneSummary): void {
    const now = this.#outline.sceneNow(beatId, scene)
    this.#tell(member, { type: 'scene_changed', beat_id: beatId, scene: now })
  }

  #tell(member: Member, what: object): void {
    this.#host.happened({ ...what, ...doneBy(member, this.#host.clock) } as StoryEventDraft)
  }

  #doc(beatId: number) {
    const document = this.#outline.document(beatId)
    if (document === undefined) throw new Fault('not_found', 'There is no such beat.')
    return document.doc
  }

  #find(id: number): PlacedScene {
    for (const { id: beatId, scenes } of this.#outline.list()) {
      const index = scenes.findIndex((scene) => scene.id === id)
      const scene = scenes[index]
      if (scene !== undefined) return { beatId, scene, after: scenes[index - 1]?.id ?? null }
    }
    throw new Fault('not_found', 'There is no such scene.')
  }
}

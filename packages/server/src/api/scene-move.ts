import { copyScene, emptyScene, newSceneKey } from '@storyweave/prose'
import { Fault, type Scene, sceneMoveSchema, sceneSchema } from '@storyweave/protocol'
import type * as Y from 'yjs'
import type { Principal } from '../access/principal.ts'
import { sceneBefore } from '../db/repositories/outline.ts'
import { presentSceneSummary } from '../db/repositories/present.ts'
import { placedScenes, type SceneColumns, updateScene } from '../db/repositories/scenes.ts'
import type { BeatRow, SceneRow } from '../db/schema.ts'
import { requireBeat, requireScene } from './access.ts'
import { principalOf } from './authenticate.ts'
import type { ApiContext, ZodApp } from './context.ts'
import { bringThreads } from './discussion/tend.ts'
import { measureScene, Outrun, onNewestState, openDocument, recordChange, requireRoom } from './documents.ts'
import { placeIn } from './places.ts'
import { loadBeat, viewScene } from './scene-view.ts'
import { answers, idParams } from './schemas.ts'
import { changeStory, type StoryChange, type WrittenUpdate } from './story-change.ts'
import { requireUnlocked } from './unlocked.ts'

/** A scene goes to another place, in its own beat or in another one of the story. */
export const sceneMoveRoutes =
  (api: ApiContext) =>
  async (app: ZodApp): Promise<void> => {
    app.post(
      '/api/scenes/:id/move',
      {
        schema: {
          summary: 'Move a scene',
          description:
            'Into a beat of the same story, after `after_scene_id`, at its end without it, at its start with null. ' +
            'In another beat the scene has another `key`.',
          tags: ['Scenes'],
          params: idParams,
          body: sceneMoveSchema,
          response: answers(200, sceneSchema),
        },
      },
      (request) => {
        const { beat_id, after_scene_id: after } = request.body
        const target = { sceneId: request.params.id, beatId: beat_id, after }
        return onNewestState(() => move(api, principalOf(request), target))
      },
    )
  }

interface Target {
  readonly sceneId: number
  readonly beatId: number
  /** Undefined: at the end; null: at the start. */
  readonly after: number | null | undefined
}

async function move(api: ApiContext, principal: Principal, target: Target): Promise<Scene> {
  const door = { principal, sceneId: target.sceneId, action: 'arrange' } as const
  const { beat } = await requireScene(api.db, door)
  await requireTarget(api, principal, target.beatId, beat)
  await api.rooms.whileHeld(beat.story_id, beat.id, () => moveFrom(api, beat, principal, target))
  return viewScene(api, target.sceneId)
}

/** What was typed into the scene is on disk, and goes along; what comes now is decided when the scene is away. */
async function moveFrom(api: ApiContext, beat: BeatRow, principal: Principal, target: Target): Promise<void> {
  const door = { principal, sceneId: target.sceneId, action: 'arrange' } as const
  const { scene } = await requireScene(api.db, door)
  if (scene.beat_id !== beat.id) throw new Outrun()
  const crossing = target.beatId === beat.id ? undefined : await cross(api, scene, target.beatId)
  const command = { principal, storyId: beat.story_id, action: 'arrange' } as const
  await changeStory(api, command, async (change) => {
    if ((await requireScene(change.trx, door)).scene.key !== scene.key) throw new Outrun()
    await requireBeat(change.trx, { principal, beatId: target.beatId, action: 'arrange' })
    await requireUnlocked(change, scene.beat_id, target.beatId)
    const columns = crossing === undefined ? {} : await appendCrossing(change, crossing)
    await place(change, scene, target, columns)
    if (crossing !== undefined) await bringThreads(change, { ...crossing.to, sceneId: scene.id })
  })
}

async function requireTarget(
  { db }: ApiContext,
  principal: Principal,
  beatId: number,
  from: BeatRow,
): Promise<void> {
  const { beat } = await requireBeat(db, { principal, beatId, action: 'arrange' })
  if (beat.story_id === from.story_id) return
  throw new Fault('not_found', '"beat_id" names no beat of the scene’s own story.', { path: 'beat_id' })
}

/** A scene's way from one document into another. */
interface Crossing {
  readonly from: { readonly beatId: number; readonly seq: number; readonly update: WrittenUpdate | undefined }
  readonly to: { readonly beatId: number; readonly update: WrittenUpdate; readonly doc: Y.Doc }
  readonly key: string
  readonly text: { readonly plainText: string; readonly wordCount: number }
}

async function cross(api: ApiContext, scene: SceneRow, beatId: number): Promise<Crossing> {
  const loaded = await loadBeat(api, scene.beat_id)
  const from = openDocument(loaded)
  const to = openDocument(await loadBeat(api, beatId))
  const key = newSceneKey(api.random)
  const arrival = recordChange(to, api.random, () => copyScene(from, scene.key, to, key))
  if (arrival === undefined) throw new Error('A scene that was copied left no trace')
  requireRoom(to)
  const departure = recordChange(from, api.random, () => emptyScene(from, scene.key))
  return {
    from: { beatId: scene.beat_id, seq: loaded.seq, update: departure },
    to: { beatId, update: arrival, doc: to },
    key,
    text: measureScene(to, key),
  }
}

/** Appends to both logs, in order of the beats' ids; what the scene's row says of its new document. */
async function appendCrossing(change: StoryChange, { from, to, key, text }: Crossing): Promise<SceneColumns> {
  const leave = async () => {
    if (from.update === undefined) return
    const seq = await change.append(from.beatId, from.update)
    // Somebody wrote into the scene after it was read: their words must move too.
    if (seq !== from.seq + 1) throw new Outrun()
  }
  if (from.beatId < to.beatId) await leave()
  const projected_seq = await change.append(to.beatId, to.update)
  if (from.beatId > to.beatId) await leave()
  return { beat_id: to.beatId, key, projected_seq, plain_text: text.plainText, word_count: text.wordCount }
}

async function place(
  change: StoryChange,
  scene: SceneRow,
  { beatId, after }: Target,
  columns: SceneColumns,
): Promise<void> {
  const { trx, at } = change
  const others = (await placedScenes(trx, beatId)).filter(({ id }) => id !== scene.id)
  const position = placeIn(others, after, 'after_scene_id')
  const row = await updateScene(trx, scene.id, { ...columns, position }, at)
  change.tell({
    type: 'scene_moved',
    from_beat_id: scene.beat_id,
    beat_id: beatId,
    scene: presentSceneSummary(row),
    after_scene_id: await sceneBefore(trx, beatId, scene.id),
  })
}

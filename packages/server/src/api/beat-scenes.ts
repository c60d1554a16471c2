import { isEmptyDocument, newSceneKey, parseMarkdown, seedScene } from '@storyweave/prose'
import { type NewScene, newSceneSchema, type Scene, sceneSchema } from '@storyweave/protocol'
import type * as Y from 'yjs'
import type { Principal } from '../access/principal.ts'
import { sceneBefore } from '../db/repositories/outline.ts'
import { presentSceneSummary } from '../db/repositories/present.ts'
import { insertScene, placedScenes } from '../db/repositories/scenes.ts'
import type { SceneRow } from '../db/schema.ts'
import { requireBeat } from './access.ts'
import { principalOf } from './authenticate.ts'
import { type Answer, keyOf } from './command.ts'
import type { ApiContext, ZodApp } from './context.ts'
import { freshClientId, measureScene, openDocument, requireRoom } from './documents.ts'
import { placeIn } from './places.ts'
import { loadBeat, presentScene } from './scene-view.ts'
import { TEXT_BODY_BYTES } from './scenes.ts'
import { answers, commandHeaders, idParams } from './schemas.ts'
import { changeStory, type StoryChange, type WrittenUpdate } from './story-change.ts'
import { requireUnlocked } from './unlocked.ts'

/** New scenes. */
export const beatSceneRoutes =
  (api: ApiContext) =>
  async (app: ZodApp): Promise<void> => {
    app.post(
      '/api/beats/:id/scenes',
      {
        bodyLimit: TEXT_BODY_BYTES,
        schema: {
          summary: 'Make a scene',
          description: '`text` is Markdown; without it the scene begins with one empty paragraph.',
          tags: ['Scenes'],
          params: idParams,
          headers: commandHeaders,
          body: newSceneSchema,
          response: answers(201, sceneSchema),
        },
      },
      async (request, reply) => {
        const asked = { principal: principalOf(request), beatId: request.params.id, key: keyOf(request) }
        const { status, body } = await makeScene(api, asked, request.body)
        return reply.code(status).send(body)
      },
    )
  }

interface Asked {
  readonly principal: Principal
  readonly beatId: number
  readonly key: string | undefined
}

async function makeScene(
  api: ApiContext,
  { principal, beatId, key }: Asked,
  { title = null, text, after_scene_id }: NewScene,
): Promise<Answer<Scene>> {
  const { beat } = await requireBeat(api.db, { principal, beatId, action: 'arrange' })
  const seed = seedOf(api, text)
  const alone = openDocument({ updates: [seed.bytes] })
  if (text !== undefined) await requireRoomFor(api, beatId, seed)
  const command = { principal, storyId: beat.story_id, action: 'arrange', key, status: 201 } as const
  return changeStory(api, command, async (change) => {
    await requireBeat(change.trx, { principal, beatId, action: 'arrange' })
    await requireUnlocked(change, beatId)
    const position = placeIn(await placedScenes(change.trx, beatId), after_scene_id, 'after_scene_id')
    const seq = await change.append(beatId, seed)
    const row = await addScene(change, alone, { beatId, key: seed.key, position, title, seq })
    return presentScene(row, alone, seq)
  })
}

interface SceneSeed extends WrittenUpdate {
  readonly key: string
}

function seedOf({ random }: ApiContext, text = ''): SceneSeed {
  const doc = parseMarkdown(text)
  const key = newSceneKey(random)
  const clientId = freshClientId(random)
  return { key, clientId, bytes: seedScene(isEmptyDocument(doc) ? { key } : { key, doc }, clientId) }
}

async function requireRoomFor(api: ApiContext, beatId: number, { bytes }: SceneSeed): Promise<void> {
  const { updates } = await loadBeat(api, beatId)
  requireRoom(openDocument({ updates: [...updates, bytes] }))
}

export interface AddedScene {
  readonly beatId: number
  readonly key: string
  readonly position: string
  readonly title: string | null
  /** The row of the beat's log that brought it. */
  readonly seq: number
}

/** Writes the row of a scene whose text stands in `doc`, and tells of it. */
export async function addScene(change: StoryChange, doc: Y.Doc, scene: AddedScene): Promise<SceneRow> {
  const { trx, at } = change
  const { beatId } = scene
  const row = await insertScene(trx, { ...scene, ...measureScene(doc, scene.key), at })
  const after_scene_id = await sceneBefore(trx, beatId, row.id)
  change.tell({ type: 'scene_created', beat_id: beatId, scene: presentSceneSummary(row), after_scene_id })
  return row
}

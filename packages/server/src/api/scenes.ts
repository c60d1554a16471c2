import { Fault, type Scene, type SceneChanges, sceneChangesSchema, sceneSchema } from '@storyweave/protocol'
import type { Principal } from '../access/principal.ts'
import { presentSceneSummary } from '../db/repositories/present.ts'
import { updateScene } from '../db/repositories/scenes.ts'
import type { SceneRow } from '../db/schema.ts'
import { requireScene } from './access.ts'
import { principalOf } from './authenticate.ts'
import type { ApiContext, ZodApp } from './context.ts'
import { onNewestState } from './documents.ts'
import { projectNow } from './project-now.ts'
import { appendText, writeText } from './scene-text.ts'
import { viewScene } from './scene-view.ts'
import { answers, idParams } from './schemas.ts'
import { changeStory, type StoryChange } from './story-change.ts'
import { requireUnlocked } from './unlocked.ts'

const tags = ['Scenes']

/** 2,000,000 characters, each of them up to six bytes as JSON escapes it. */
export const TEXT_BODY_BYTES = 16 * 1024 * 1024

/** One scene: its title and its text. */
export const sceneRoutes =
  (api: ApiContext) =>
  async (app: ZodApp): Promise<void> => {
    app.get(
      '/api/scenes/:id',
      {
        schema: {
          summary: 'A scene with its text as Markdown',
          description: '`version` names the state that the text was made from.',
          tags,
          params: idParams,
          response: answers(200, sceneSchema),
        },
      },
      async (request) => {
        const door = { principal: principalOf(request), sceneId: request.params.id, action: 'read' } as const
        const { scene } = await requireScene(api.db, door)
        return viewScene(api, scene.id)
      },
    )
    app.patch(
      '/api/scenes/:id',
      {
        bodyLimit: TEXT_BODY_BYTES,
        schema: {
          summary: 'Change a scene',
          description:
            'A new `text` names the `version` it was made from; what others wrote since then is kept. ' +
            '`conflict` where that version is no longer kept: read the scene again.',
          tags,
          params: idParams,
          body: sceneChangesSchema,
          response: answers(200, sceneSchema),
        },
      },
      (request) => changeScene(api, principalOf(request), request.params.id, request.body),
    )
  }

const changeScene = (
  api: ApiContext,
  principal: Principal,
  sceneId: number,
  changes: SceneChanges,
): Promise<Scene> => onNewestState(() => changeOnce(api, principal, sceneId, changes))

async function changeOnce(
  api: ApiContext,
  principal: Principal,
  sceneId: number,
  { title, text, version = 0 }: SceneChanges,
): Promise<Scene> {
  const { scene, beat } = await requireScene(api.db, { principal, sceneId, action: 'write' })
  const written = text === undefined ? undefined : await writeText(api, scene, { text, version })
  if (written !== undefined || title !== undefined) {
    const command = { principal, storyId: beat.story_id, action: 'write' } as const
    await changeStory(api, command, async (change) => {
      const current = await requireScene(change.trx, { principal, sceneId, action: 'write' })
      if (current.scene.key !== scene.key) throw hasMoved()
      await requireUnlocked(change, scene.beat_id)
      if (written !== undefined) await appendText(change, scene.beat_id, written)
      if (title !== undefined && title !== current.scene.title) await retitle(change, scene, title)
    })
  }
  if (written !== undefined) await projectNow(api, scene.beat_id)
  return viewScene(api, sceneId)
}

const hasMoved = (): Fault =>
  new Fault('conflict', 'The scene was just moved to another beat. Read it again and send your changes anew.')

async function retitle(change: StoryChange, { id, beat_id }: SceneRow, title: string | null): Promise<void> {
  const row = await updateScene(change.trx, id, { title }, change.at)
  change.tell({ type: 'scene_changed', beat_id, scene: presentSceneSummary(row) })
}

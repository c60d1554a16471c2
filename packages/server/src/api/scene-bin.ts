import { type Scene, sceneSchema } from '@storyweave/protocol'
import type { Principal } from '../access/principal.ts'
import { sceneBefore } from '../db/repositories/outline.ts'
import { presentSceneSummary } from '../db/repositories/present.ts'
import { updateScene } from '../db/repositories/scenes.ts'
import { requireScene } from './access.ts'
import { principalOf } from './authenticate.ts'
import { requireInBin } from './beat-bin.ts'
import type { ApiContext, ZodApp } from './context.ts'
import { tellingThreads } from './discussion/threads.ts'
import { viewScene } from './scene-view.ts'
import { answers, idParams, nothing } from './schemas.ts'
import { changeStory } from './story-change.ts'
import { requireUnlocked } from './unlocked.ts'

const tags = ['Scenes']

/** Deleting a scene is a mark; its text stays in the beat's document, and within 30 days it comes back. */
export const sceneBinRoutes =
  (api: ApiContext) =>
  async (app: ZodApp): Promise<void> => {
    app.delete(
      '/api/scenes/:id',
      {
        schema: {
          summary: 'Delete a scene; it can be restored for 30 days',
          tags,
          params: idParams,
          response: answers(204, nothing),
        },
      },
      async (request, reply) => {
        await deleteScene(api, principalOf(request), request.params.id)
        return reply.code(204).send(null)
      },
    )
    app.post(
      '/api/scenes/:id/restore',
      {
        schema: {
          summary: 'Bring a deleted scene back',
          tags,
          params: idParams,
          response: answers(200, sceneSchema),
        },
      },
      (request) => restoreScene(api, principalOf(request), request.params.id),
    )
  }

async function deleteScene(api: ApiContext, principal: Principal, sceneId: number): Promise<void> {
  const door = { principal, sceneId, action: 'arrange' } as const
  const { beat } = await requireScene(api.db, door)
  await changeStory(api, { principal, storyId: beat.story_id, action: 'arrange' }, async (change) => {
    const { scene } = await requireScene(change.trx, door)
    await requireUnlocked(change, scene.beat_id)
    await tellingThreads(change, { sceneId }, async () => {
      await updateScene(change.trx, sceneId, { deleted_at: change.at }, change.at)
      change.tell({ type: 'scene_deleted', beat_id: scene.beat_id, scene_id: sceneId })
    })
  })
}

async function restoreScene(api: ApiContext, principal: Principal, sceneId: number): Promise<Scene> {
  const door = { principal, sceneId, action: 'arrange', deletedToo: true } as const
  const { beat } = await requireScene(api.db, door)
  await api.rooms.settle(beat.story_id)
  await changeStory(api, { principal, storyId: beat.story_id, action: 'arrange' }, async (change) => {
    const { scene } = await requireScene(change.trx, door)
    requireInBin(scene.deleted_at, change.at, 'scene')
    await requireUnlocked(change, scene.beat_id)
    await tellingThreads(change, { sceneId }, async () => {
      const row = await updateScene(change.trx, sceneId, { deleted_at: null }, change.at)
      change.tell({
        type: 'scene_restored',
        beat_id: row.beat_id,
        scene: presentSceneSummary(row),
        after_scene_id: await sceneBefore(change.trx, row.beat_id, sceneId),
      })
    })
  })
  return viewScene(api, sceneId)
}

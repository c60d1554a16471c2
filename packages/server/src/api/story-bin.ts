import { Fault, type Story, storySchema } from '@storyweave/protocol'
import type { Principal } from '../access/principal.ts'
import { advanceAccessEpoch } from '../db/repositories/permissions.ts'
import { presentStory } from '../db/repositories/present.ts'
import { reviveProject } from '../db/repositories/projects.ts'
import { transact } from '../db/repositories/queries.ts'
import { lockDeletedStory, markStoryDeleted } from '../db/repositories/stories.ts'
import { requireDeletedStory } from './access.ts'
import { principalOf } from './authenticate.ts'
import type { ApiContext, ZodApp } from './context.ts'
import { answers, idParams, nothing } from './schemas.ts'
import { changeStory } from './story-change.ts'

const tags = ['Stories']

/** Into its owner's bin, and out again within 30 days. */
export const storyBinRoutes =
  (api: ApiContext) =>
  async (app: ZodApp): Promise<void> => {
    app.delete(
      '/api/stories/:id',
      {
        schema: {
          summary: 'Delete a story; it lies 30 days in its owner’s bin',
          tags,
          params: idParams,
          response: answers(204, nothing),
        },
      },
      async (request, reply) => {
        await deleteStory(api, principalOf(request), request.params.id)
        return reply.code(204).send(null)
      },
    )
    app.post(
      '/api/stories/:id/restore',
      {
        schema: {
          summary: 'Bring a deleted story back',
          tags,
          params: idParams,
          response: answers(200, storySchema),
        },
      },
      (request) => restoreStory(api, principalOf(request), request.params.id),
    )
  }

async function deleteStory(api: ApiContext, principal: Principal, storyId: number): Promise<void> {
  await changeStory(api, { principal, storyId, action: 'delete_story' }, async ({ trx, at }) => {
    await advanceAccessEpoch(trx, storyId)
    await markStoryDeleted(trx, storyId, at)
  })
  api.rooms.rightsChanged(storyId)
}

/** A project that was deleted meanwhile comes back with it. */
async function restoreStory(
  { db, clock }: ApiContext,
  principal: Principal,
  storyId: number,
): Promise<Story> {
  const at = clock.now()
  return transact(db, async (trx) => {
    const { story: deleted, role } = await requireDeletedStory(trx, principal, storyId)
    await reviveProject(trx, deleted.project_id, at)
    const story = await lockDeletedStory(trx, storyId, at)
    if (story === undefined) throw tooLate()
    await advanceAccessEpoch(trx, storyId)
    await markStoryDeleted(trx, storyId, null)
    return presentStory(story, role)
  })
}

const tooLate = (): Fault => new Fault('not_found', 'The story was deleted more than 30 days ago.')

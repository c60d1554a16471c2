import { type Beat, beatSchema, Fault } from '@storyweave/protocol'
import type { Principal } from '../access/principal.ts'
import { updateBeat } from '../db/repositories/beats.ts'
import { BIN_MS } from '../db/repositories/stories.ts'
import { requireBeat } from './access.ts'
import { principalOf } from './authenticate.ts'
import { summaryOf, viewBeat } from './beat-view.ts'
import type { ApiContext, ZodApp } from './context.ts'
import { tellingThreads } from './discussion/threads.ts'
import { answers, idParams, nothing } from './schemas.ts'
import { changeStory } from './story-change.ts'
import { requireUnlocked } from './unlocked.ts'

const tags = ['Beats']

/** Deleting a beat is a mark; within 30 days it comes back with the same document. */
export const beatBinRoutes =
  (api: ApiContext) =>
  async (app: ZodApp): Promise<void> => {
    app.delete(
      '/api/beats/:id',
      {
        schema: {
          summary: 'Delete a beat; it can be restored for 30 days',
          tags,
          params: idParams,
          response: answers(204, nothing),
        },
      },
      async (request, reply) => {
        await deleteBeat(api, principalOf(request), request.params.id)
        return reply.code(204).send(null)
      },
    )
    app.post(
      '/api/beats/:id/restore',
      {
        schema: {
          summary: 'Bring a deleted beat back',
          tags,
          params: idParams,
          response: answers(200, beatSchema),
        },
      },
      (request) => restoreBeat(api, principalOf(request), request.params.id),
    )
  }

async function deleteBeat(api: ApiContext, principal: Principal, beatId: number): Promise<void> {
  const { beat } = await requireBeat(api.db, { principal, beatId, action: 'arrange' })
  await api.rooms.settle(beat.story_id)
  const command = { principal, storyId: beat.story_id, action: 'arrange' } as const
  await changeStory(api, command, async (change) => {
    await requireBeat(change.trx, { principal, beatId, action: 'arrange' })
    await requireUnlocked(change, beatId)
    await tellingThreads(change, { beatId }, async () => {
      await updateBeat(change.trx, beatId, { deleted_at: change.at }, change.at)
      change.tell({ type: 'beat_deleted', beat_id: beatId })
    })
  })
}

async function restoreBeat(api: ApiContext, principal: Principal, beatId: number): Promise<Beat> {
  const door = { principal, beatId, action: 'arrange', deletedToo: true } as const
  const { beat } = await requireBeat(api.db, door)
  const command = { principal, storyId: beat.story_id, action: 'arrange' } as const
  const { body } = await changeStory(api, command, async (change) => {
    const { beat: deleted } = await requireBeat(change.trx, door)
    requireInBin(deleted.deleted_at, change.at, 'beat')
    await requireUnlocked(change, beatId)
    await tellingThreads(change, { beatId }, async () => {
      await updateBeat(change.trx, beatId, { deleted_at: null }, change.at)
      const restored = await viewBeat(change.trx, change.storyId, beatId)
      change.tell({ type: 'beat_restored', beat: summaryOf(restored) })
    })
    return viewBeat(change.trx, change.storyId, beatId)
  })
  return body
}

/** @throws Fault `conflict` for what is not deleted, `not_found` for what was deleted too long ago. */
export function requireInBin(deletedAt: number | null, now: number, what: 'beat' | 'scene'): void {
  if (deletedAt === null) throw new Fault('conflict', `The ${what} is not deleted.`)
  if (deletedAt <= now - BIN_MS)
    throw new Fault('not_found', `The ${what} was deleted more than 30 days ago.`)
}

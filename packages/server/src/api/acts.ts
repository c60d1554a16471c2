import { actRenameSchema, type BeatSummary, beatSummarySchema, Fault } from '@storyweave/protocol'
import { z } from 'zod'
import { updateBeat } from '../db/repositories/beats.ts'
import { readBeatOrder, readOutline } from '../db/repositories/outline.ts'
import { principalOf } from './authenticate.ts'
import { announceOrder } from './beat-order.ts'
import type { ApiContext, ZodApp } from './context.ts'
import { answers, idParams } from './schemas.ts'
import { changeStory, type StoryChange } from './story-change.ts'
import { requireUnlocked } from './unlocked.ts'

/** Acts are names on beats. */
export const actRoutes =
  (api: ApiContext) =>
  async (app: ZodApp): Promise<void> => {
    app.post(
      '/api/stories/:id/acts/rename',
      {
        schema: {
          summary: 'Rename an act: all of its beats at once',
          tags: ['Beats'],
          params: idParams,
          body: actRenameSchema,
          response: answers(200, z.object({ beats: z.array(beatSummarySchema) })),
        },
      },
      async (request) => {
        const principal = principalOf(request)
        const command = { principal, storyId: request.params.id, action: 'arrange' } as const
        const { from, to } = request.body
        const { body } = await changeStory(api, command, (change) => rename(change, from, to))
        return body
      },
    )
  }

async function rename(change: StoryChange, from: string, to: string): Promise<{ beats: BeatSummary[] }> {
  const { trx, storyId, at } = change
  const beats = (await readBeatOrder(trx, storyId)).filter(({ act }) => act === from)
  if (beats.length === 0) throw new Fault('not_found', '"from" names no act of this story.', { path: 'from' })
  if (from !== to) {
    await requireUnlocked(change, ...beats.map(({ id }) => id))
    for (const { id } of beats) await updateBeat(trx, id, { act: to }, at)
    await announceOrder(change)
  }
  return { beats: [...(await readOutline(trx, storyId))] }
}

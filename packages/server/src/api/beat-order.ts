import { type BeatSummary, beatOrderSchema, beatSummarySchema, Fault } from '@storyweave/protocol'
import { z } from 'zod'
import { placeBeats, placedBeats } from '../db/repositories/beats.ts'
import { reorder } from '../db/repositories/order.ts'
import { readBeatOrder, readOutline } from '../db/repositories/outline.ts'
import { principalOf } from './authenticate.ts'
import type { ApiContext, ZodApp } from './context.ts'
import { answers, idParams } from './schemas.ts'
import { changeStory, type StoryChange } from './story-change.ts'
import { lockedByOthers, requireUnlocked } from './unlocked.ts'

const orderedBeats = z.object({ beats: z.array(beatSummarySchema) })

/** The order of a story's beats. */
export const beatOrderRoutes =
  (api: ApiContext) =>
  async (app: ZodApp): Promise<void> => {
    app.post(
      '/api/stories/:id/beats/reorder',
      {
        schema: {
          summary: 'Put the beats into another order',
          description: 'Names every beat of the story once. Answers with all of them in their new places.',
          tags: ['Beats'],
          params: idParams,
          body: beatOrderSchema,
          response: answers(200, orderedBeats),
        },
      },
      async (request) => {
        const command = {
          principal: principalOf(request),
          storyId: request.params.id,
          action: 'arrange',
        } as const
        const { body } = await changeStory(api, command, (change) => arrange(change, request.body.beat_ids))
        return body
      },
    )
  }

async function arrange(change: StoryChange, ids: readonly number[]): Promise<{ beats: BeatSummary[] }> {
  const { trx, storyId, at } = change
  const beats = await placedBeats(trx, storyId)
  const living = beats.filter(({ deleted_at }) => deleted_at === null)
  requireEachOnce(ids, new Set(living.map(({ id }) => id)))
  const deleted = beats.filter(({ deleted_at }) => deleted_at !== null)
  const moved = reorder(living, deleted, ids, await lockedByOthers(change, ids))
  if (moved.length > 0) {
    // The places of the others may shift around a locked beat; only its own is its holder's.
    await requireUnlocked(change, ...moved.map(({ id }) => id))
    await placeBeats(trx, moved, at)
    await announceOrder(change)
  }
  return { beats: [...(await readOutline(trx, storyId))] }
}

/** @throws Fault `conflict` for an order that forgets a beat, repeats one, or names one that is not there. */
function requireEachOnce(ids: readonly number[], living: ReadonlySet<number>): void {
  const named = new Set<number>()
  for (const id of ids) {
    if (named.has(id)) throw wrongOrder(`names beat ${id} twice`)
    if (!living.has(id)) throw wrongOrder(`names beat ${id}, which is not in the story`)
    named.add(id)
  }
  const forgotten = [...living].find((id) => !named.has(id))
  if (forgotten !== undefined) throw wrongOrder(`forgets beat ${forgotten}`)
}

const wrongOrder = (what: string): Fault =>
  new Fault('conflict', `The order ${what}: read the story’s beats again and name each of them once.`, {
    path: 'beat_ids',
  })

/** Tells where every beat stands now, and in which act. */
export async function announceOrder(change: StoryChange): Promise<void> {
  const order = await readBeatOrder(change.trx, change.storyId)
  change.tell({ type: 'beats_reordered', beats: order.map(({ id, act }) => ({ id, act })) })
}

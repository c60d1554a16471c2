import { type Beat, type BeatMove, beatMoveSchema, beatSchema } from '@storyweave/protocol'
import type { Principal } from '../access/principal.ts'
import { placeBeats, placedBeats, updateBeat } from '../db/repositories/beats.ts'
import { noBeat, requireBeat } from './access.ts'
import { principalOf } from './authenticate.ts'
import { announceOrder } from './beat-order.ts'
import { viewBeat } from './beat-view.ts'
import type { ApiContext, ZodApp } from './context.ts'
import { placeIn } from './places.ts'
import { answers, idParams } from './schemas.ts'
import { changeStory, type StoryChange } from './story-change.ts'
import { requireUnlocked } from './unlocked.ts'

/** One beat to another place and act, in one step. */
export const beatMoveRoutes =
  (api: ApiContext) =>
  async (app: ZodApp): Promise<void> => {
    app.post(
      '/api/beats/:id/move',
      {
        schema: {
          summary: 'Move a beat to another place, and into another act',
          description:
            'Says after which beat it stands from now on. Unlike a whole order it takes nothing back that others ' +
            'move at the same moment.',
          tags: ['Beats'],
          params: idParams,
          body: beatMoveSchema,
          response: answers(200, beatSchema),
        },
      },
      (request) => moveBeat(api, principalOf(request), request.params.id, request.body),
    )
  }

async function moveBeat(api: ApiContext, principal: Principal, beatId: number, to: BeatMove): Promise<Beat> {
  const door = { principal, beatId, action: 'arrange' } as const
  const { beat } = await requireBeat(api.db, door)
  const storyId = beat.story_id
  await api.rooms.settle(storyId)
  const { body } = await changeStory(api, { principal, storyId, action: 'arrange' }, async (change) => {
    const current = await requireBeat(change.trx, door)
    if (current.beat.story_id !== storyId) throw noBeat()
    await requireUnlocked(change, beatId)
    const isPlaced = await place(change, beatId, to.after_beat_id)
    const isInAct = to.act !== undefined && to.act !== current.beat.act
    if (isInAct) await updateBeat(change.trx, beatId, { act: to.act ?? null }, change.at)
    if (isPlaced || isInAct) await announceOrder(change)
    return viewBeat(change.trx, storyId, beatId)
  })
  return body
}

/** Whether it stands elsewhere now. */
async function place(
  change: StoryChange,
  beatId: number,
  after: BeatMove['after_beat_id'],
): Promise<boolean> {
  const rows = await placedBeats(change.trx, change.storyId)
  const living = rows.filter(({ deleted_at }) => deleted_at === null)
  const others = living.filter(({ id }) => id !== beatId)
  const before = living[living.findIndex(({ id }) => id === beatId) - 1]?.id ?? null
  const wanted = after === undefined ? (others.at(-1)?.id ?? null) : after
  if (wanted === before) return false
  const position = placeIn(
    rows.filter(({ id }) => id !== beatId),
    after,
    'after_beat_id',
  )
  await placeBeats(change.trx, [{ id: beatId, position }], change.at)
  return true
}

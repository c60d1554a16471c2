import {
  type Beat,
  type BeatChanges,
  beatCardSchema,
  beatChangesSchema,
  beatSchema,
  CARD_FIELDS,
  type CardChanges,
} from '@storyweave/protocol'
import type { Principal } from '../access/principal.ts'
import { updateBeat } from '../db/repositories/beats.ts'
import { noBeat, requireBeat } from './access.ts'
import { principalOf } from './authenticate.ts'
import { announceOrder } from './beat-order.ts'
import { viewBeat } from './beat-view.ts'
import type { ApiContext, ZodApp } from './context.ts'
import { answers, idParams } from './schemas.ts'
import { changeStory } from './story-change.ts'
import { requireUnlocked } from './unlocked.ts'

const tags = ['Beats']

/** One beat: its card and its act. */
export const beatRoutes =
  (api: ApiContext) =>
  async (app: ZodApp): Promise<void> => {
    app.get(
      '/api/beats/:id',
      {
        schema: {
          summary: 'A beat with its card and its scenes',
          tags,
          params: idParams,
          response: answers(200, beatSchema),
        },
      },
      async (request) => {
        const door = { principal: principalOf(request), beatId: request.params.id, action: 'read' } as const
        const { beat } = await requireBeat(api.db, door)
        return settledBeat(api, beat.story_id, beat.id)
      },
    )
    changingRoutes(app, api)
  }

function changingRoutes(app: ZodApp, api: ApiContext): void {
  app.put(
    '/api/beats/:id',
    {
      schema: {
        summary: 'Write the whole card',
        description: 'The change from `base` (or from the card as it stands) merges with what others type.',
        tags,
        params: idParams,
        body: beatCardSchema,
        response: answers(200, beatSchema),
      },
    },
    (request) => changeBeat(api, principalOf(request), request.params.id, request.body),
  )
  app.patch(
    '/api/beats/:id',
    {
      schema: {
        summary: 'Change some of a beat',
        description: 'The change from `base` (or from the card as it stands) merges with what others type.',
        tags,
        params: idParams,
        body: beatChangesSchema,
        response: answers(200, beatSchema),
      },
    },
    (request) => changeBeat(api, principalOf(request), request.params.id, request.body),
  )
}

async function changeBeat(
  api: ApiContext,
  principal: Principal,
  beatId: number,
  { act, base, ...changes }: BeatChanges,
): Promise<Beat> {
  const { beat } = await requireBeat(api.db, { principal, beatId, action: 'write' })
  const storyId = beat.story_id
  if (namesField(changes)) await api.rooms.editCard({ storyId, beatId, changes, base, author: principal })
  if (act !== undefined) await changeAct(api, principal, { storyId, beatId, act })
  return settledBeat(api, storyId, beatId)
}

const namesField = (changes: CardChanges): boolean =>
  CARD_FIELDS.some((field) => changes[field] !== undefined)

async function changeAct(
  api: ApiContext,
  principal: Principal,
  { storyId, beatId, act }: { storyId: number; beatId: number; act: string | null },
): Promise<void> {
  await changeStory(api, { principal, storyId, action: 'arrange' }, async (change) => {
    const { beat } = await requireBeat(change.trx, { principal, beatId, action: 'arrange' })
    if (beat.story_id !== storyId) throw noBeat()
    if (beat.act === act) return
    await requireUnlocked(change, beatId)
    await updateBeat(change.trx, beatId, { act }, change.at)
    await announceOrder(change)
  })
}

/** The beat as everyone who was answered so far has left it. */
async function settledBeat({ db, rooms }: ApiContext, storyId: number, beatId: number): Promise<Beat> {
  await rooms.settle(storyId)
  return viewBeat(db, storyId, beatId)
}

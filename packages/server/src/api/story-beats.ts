import { type Beat, beatListSchema, beatSchema, type NewBeat, newBeatSchema } from '@storyweave/protocol'
import { z } from 'zod'
import { seedPlan } from '../content/story-plan.ts'
import { deletedBeats, findBeat, insertBeat, placedBeats } from '../db/repositories/beats.ts'
import type { Placed } from '../db/repositories/order.ts'
import { readBeatOrder } from '../db/repositories/outline.ts'
import { consistently, type Trx } from '../db/repositories/queries.ts'
import { BIN_MS } from '../db/repositories/stories.ts'
import { requireStory } from './access.ts'
import { principalOf } from './authenticate.ts'
import { summaryOf, viewBeat, viewBeats, viewDeletedBeats } from './beat-view.ts'
import { keyOf } from './command.ts'
import type { ApiContext, ZodApp } from './context.ts'
import { noCursor, pageOf, readCursor } from './paging.ts'
import { placeIn } from './places.ts'
import { answers, commandHeaders, DEFAULT_PAGE, idParams, pageQuery } from './schemas.ts'
import { changeStory, type StoryChange } from './story-change.ts'

const tags = ['Beats']

const listQuery = pageQuery.extend({
  deleted: z
    .enum(['true', 'false'])
    .optional()
    .describe('`true`: what lies in the bin, for 30 days; for whoever may bring it back.'),
})

/** A story's beats: the list, and new ones. */
export const storyBeatRoutes =
  (api: ApiContext) =>
  async (app: ZodApp): Promise<void> => {
    app.get(
      '/api/stories/:id/beats',
      {
        schema: {
          summary: 'A story’s beats, in order',
          tags,
          params: idParams,
          querystring: listQuery,
          response: answers(200, beatListSchema),
        },
      },
      async (request) => {
        const storyId = request.params.id
        const { limit = DEFAULT_PAGE, after, deleted } = request.query
        const part = { limit, after: readCursor(after) }
        const action = deleted === 'true' ? 'arrange' : 'read'
        await requireStory(api.db, { principal: principalOf(request), storyId, action })
        if (deleted === 'true') return listBin(api, storyId, part)
        await api.rooms.settle(storyId)
        return listBeats(api, storyId, part)
      },
    )
    app.post(
      '/api/stories/:id/beats',
      {
        schema: {
          summary: 'Make a beat',
          tags,
          params: idParams,
          headers: commandHeaders,
          body: newBeatSchema,
          response: answers(201, beatSchema),
        },
      },
      async (request, reply) => {
        const command = {
          principal: principalOf(request),
          storyId: request.params.id,
          action: 'arrange',
          key: keyOf(request),
          status: 201,
        } as const
        const { status, body } = await changeStory(api, command, (change) =>
          addBeat(api, change, request.body),
        )
        return reply.code(status).send(body)
      },
    )
  }

interface ListPart {
  readonly limit: number
  /** The last beat of the part before. */
  readonly after: number | undefined
}

const listBeats = ({ db }: ApiContext, storyId: number, { limit, after }: ListPart) =>
  consistently(db, async (trx) => {
    const order = await readBeatOrder(trx, storyId)
    const from = after === undefined ? 0 : await indexAfter(trx, storyId, order, after)
    const { page, next } = pageOf(order.slice(from, from + limit + 1), limit, ({ id }) => id)
    const ids = page.map(({ id }) => id)
    return { beats: await viewBeats(trx, storyId, ids), next }
  })

async function listBin({ db, clock }: ApiContext, storyId: number, { limit, after }: ListPart) {
  const since = clock.now() - BIN_MS
  const rows = await deletedBeats(db, { storyId, since, before: after, limit: limit + 1 })
  const { page, next } = pageOf(rows, limit, ({ id }) => id)
  return { beats: await viewDeletedBeats(db, page), next }
}

/** Where the list goes on; also after a beat that was deleted meanwhile. */
async function indexAfter(
  trx: Trx,
  storyId: number,
  order: readonly Placed[],
  after: number,
): Promise<number> {
  const index = order.findIndex(({ id }) => id === after)
  if (index >= 0) return index + 1
  const gone = await findBeat(trx, after)
  if (gone?.story_id !== storyId) throw noCursor()
  const next = order.findIndex(({ position }) => position > gone.position)
  return next < 0 ? order.length : next
}

async function addBeat(
  { random }: ApiContext,
  change: StoryChange,
  { after_beat_id, act = null, title, goal = '', conflict = '', outcome = '' }: NewBeat,
): Promise<Beat> {
  const { trx, storyId, at } = change
  const position = placeIn(await placedBeats(trx, storyId), after_beat_id, 'after_beat_id')
  const card = { title, goal, conflict, outcome }
  const { id } = await insertBeat(trx, { storyId, position, act, card, at })
  await change.append(id, seedPlan({ ...card, act, scenes: [] }, random))
  const beat = await viewBeat(trx, storyId, id)
  change.tell({ type: 'beat_created', beat: summaryOf(beat) })
  return beat
}

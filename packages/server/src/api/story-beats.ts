import { type Beat, beatListSchema, beatSchema, type NewBeat, newBeatSchema } from '@storyweave/protocol'
import { seedPlan } from '../content/story-plan.ts'
import { findBeat, insertBeat, placedBeats } from '../db/repositories/beats.ts'
import type { Placed } from '../db/repositories/order.ts'
import { readBeatOrder } from '../db/repositories/outline.ts'
import { consistently, type Trx } from '../db/repositories/queries.ts'
import { requireStory } from './access.ts'
import { principalOf } from './authenticate.ts'
import { summaryOf, viewBeat, viewBeats } from './beat-view.ts'
import { keyOf } from './command.ts'
import type { ApiContext, ZodApp } from './context.ts'
import { noCursor, pageOf, readCursor } from './paging.ts'
import { placeIn } from './places.ts'
import { answers, commandHeaders, DEFAULT_PAGE, idParams, pageQuery } from './schemas.ts'
import { changeStory, type StoryChange } from './story-change.ts'

const tags = ['Beats']

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
          querystring: pageQuery,
          response: answers(200, beatListSchema),
        },
      },
      async (request) => {
        const storyId = request.params.id
        await requireStory(api.db, { principal: principalOf(request), storyId, action: 'read' })
        await api.rooms.settle(storyId)
        const { limit = DEFAULT_PAGE, after } = request.query
        return listBeats(api, storyId, { limit, after: readCursor(after) })
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

import { type Stint, stintListSchema } from '@storyweave/protocol'
import { listStints, type StintPlace, type StintRow } from '../db/repositories/history.ts'
import { isoTime } from '../db/repositories/present.ts'
import { requireStory } from './access.ts'
import { principalOf } from './authenticate.ts'
import type { ApiContext, ZodApp } from './context.ts'
import { noCursor } from './paging.ts'
import { answers, DEFAULT_PAGE, idParams, pageQuery } from './schemas.ts'

/** Who wrote when, and how much. */
export const storyHistoryRoutes =
  ({ db }: ApiContext) =>
  async (app: ZodApp): Promise<void> => {
    app.get(
      '/api/stories/:id/history',
      {
        schema: {
          summary: 'Who wrote when in which beat of a story, newest first',
          description: 'One entry for each person, beat and hour; for owners and editors with an account.',
          tags: ['Stories'],
          params: idParams,
          querystring: pageQuery,
          response: answers(200, stintListSchema),
        },
      },
      async (request) => {
        const storyId = request.params.id
        const { limit = DEFAULT_PAGE, after } = request.query
        await requireStory(db, { principal: principalOf(request), storyId, action: 'read_versions' })
        const rows = await listStints(db, { storyId, limit: limit + 1, after: readPlace(after) })
        const page = rows.slice(0, limit)
        const last = page.at(-1)
        const next = rows.length > limit && last !== undefined ? cursorOf(last) : null
        return { stints: page.map(present), next }
      },
    )
  }

const present = ({ first_at, last_at, ...row }: StintRow): Stint => ({
  ...row,
  first_at: isoTime(first_at),
  last_at: isoTime(last_at),
})

/** Stints have no id; what they are told apart by stands in its place. */
const cursorOf = ({ last_at, beat_id, user_id }: StintPlace): string => `at.${last_at}.${beat_id}.${user_id}`

/** @throws Fault `bad_message` for what is no `next` of ours. */
function readPlace(after: string | undefined): StintPlace | undefined {
  if (after === undefined) return undefined
  const match = /^at\.(\d{1,15})\.([1-9]\d{0,9})\.([1-9]\d{0,9})$/.exec(after)
  if (match === null) throw noCursor()
  const [last_at = 0, beat_id = 0, user_id = 0] = match.slice(1).map(Number)
  return { last_at, beat_id, user_id }
}

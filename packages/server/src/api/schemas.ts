import { idParamSchema, problemSchema, textSchema } from '@storyweave/protocol'
import { z } from 'zod'
import { PROBLEM_MEDIA_TYPE } from './errors/problem.ts'

/** What several routes' schemas share. */

export const idParams = z.object({ id: idParamSchema })

/** The repeat of a command with the same key gets the first answer and makes nothing. */
export const commandHeaders = z.looseObject({
  'idempotency-key': z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('The caller’s own name for this command; a repeat within 30 days gets the first answer.'),
})

const refusal = (description: string) => ({
  description,
  content: { [PROBLEM_MEDIA_TYPE]: { schema: problemSchema } },
})

/** A route's answers: what it gives with `status`, and what every route may answer instead. */
export const answers = <Status extends number, Schema extends z.ZodType>(status: Status, schema: Schema) =>
  ({
    [status]: schema,
    '4xx': refusal('Refused: `code` says why, `detail` says it in words.'),
    '5xx': refusal('The server failed, or its database is away: nothing is known to be lost.'),
  }) as { [Key in Status]: Schema } & Record<'4xx' | '5xx', ReturnType<typeof refusal>>

export const nothing = z.null().describe('Done; there is nothing more to say.')

export const DEFAULT_PAGE = 100
export const MAX_PAGE = 500

const countParam = z
  .string()
  .regex(/^[1-9]\d{0,3}$/, `must be a number from 1 to ${MAX_PAGE}`)
  .transform(Number)
  .pipe(z.number().max(MAX_PAGE, `must be a number from 1 to ${MAX_PAGE}`))

/** A list's part: at most `limit` things, after the `next` of the part before. */
export const pageQuery = z.object({
  limit: countParam.optional(),
  after: textSchema(200).optional(),
})
export type PageQuery = z.infer<typeof pageQuery>

import type { FastifyRequest } from 'fastify'
import { claimCommand, type FirstAnswer, findAnswer, rememberAnswer } from '../db/repositories/idempotency.ts'
import type { Queries, Trx } from '../db/repositories/queries.ts'

/** An answer with its HTTP status. */
export interface Answer<Body> extends FirstAnswer {
  readonly body: Body
}

export interface Command {
  readonly userId: number
  /** `story:{id}`, or `house` where no story is concerned. */
  readonly scope: string
  /** The caller's own name for it; undefined: it is done each time. */
  readonly key: string | undefined
  /** HTTP status of its answer. */
  readonly status: number
}

/** A command that concerns no story: it makes a project or a story. */
export const houseCommand = (userId: number, request: FastifyRequest): Command => ({
  userId,
  scope: 'house',
  key: keyOf(request),
  status: 201,
})

/** The request's `Idempotency-Key`. */
export function keyOf({ headers }: FastifyRequest): string | undefined {
  const key = headers['idempotency-key']
  return Array.isArray(key) ? key[0] : key
}

/**
 * Does a command within `trx`, and only once for its key: a repeat gets the first answer and `work` is not called.
 * Where `work` throws, the command was never done.
 */
export async function answerOnce<Body>(
  trx: Trx,
  { userId, scope, key, status }: Command,
  now: number,
  work: () => Promise<Body>,
): Promise<Answer<Body>> {
  if (key === undefined) return { status, body: await work() }
  const name = { userId, scope, key }
  const first = await claimCommand(trx, name, now)
  // What this same command answered then, by this same schema.
  if (first !== undefined) return first as Answer<Body>
  const answer = { status, body: await work() }
  await rememberAnswer(trx, name, answer)
  return answer
}

/** The answer that a command got before, for what would look at the world before it does it. */
export async function answerBefore<Body>(
  db: Queries,
  { userId, scope, key }: Omit<Command, 'status'>,
  now: number,
): Promise<Answer<Body> | undefined> {
  if (key === undefined) return undefined
  return (await findAnswer(db, { userId, scope, key }, now)) as Answer<Body> | undefined
}

export const storyScope = (storyId: number): string => `story:${storyId}`

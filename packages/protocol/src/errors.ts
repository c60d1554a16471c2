import { z } from 'zod'

export const ERROR_CODES = [
  'bad_json',
  'bad_message',
  'unknown_type',
  'unauthenticated',
  'not_found',
  'forbidden',
  'beat_locked',
  'not_lock_holder',
  'conflict',
  'too_large',
  'bad_update',
  'rate_limited',
  'unavailable',
  'outdated',
  'internal',
] as const

export const errorCodeSchema = z.enum(ERROR_CODES).meta({ id: 'ErrorCode' })
export type ErrorCode = z.infer<typeof errorCodeSchema>

/** The HTTP status that stands for a code in REST answers. */
export const HTTP_STATUS: Readonly<Record<ErrorCode, number>> = {
  bad_json: 400,
  bad_message: 400,
  unknown_type: 400,
  unauthenticated: 401,
  not_found: 404,
  forbidden: 403,
  beat_locked: 423,
  not_lock_holder: 409,
  conflict: 409,
  too_large: 413,
  bad_update: 422,
  rate_limited: 429,
  unavailable: 503,
  outdated: 426,
  internal: 500,
}

/** A REST error, `application/problem+json` (RFC 9457). */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    code: errorCodeSchema,
    /** Where in the request, for `bad_message`: `changes.title`. */
    path: z.string().optional(),
    retry_after_ms: z.int().optional(),
    /** With `beat_locked`: whose lock it is, and until when (ISO 8601). */
    locked_by: z.int().optional(),
    locked_by_name: z.string().optional(),
    expires_at: z.string().optional(),
  })
  .meta({ id: 'Problem' })
export type Problem = z.infer<typeof problemSchema>

export interface FaultDetails {
  /** The field that is wrong, dotted. */
  readonly path?: string
  readonly retry_after_ms?: number
  readonly locked_by?: number
  readonly locked_by_name?: string
  readonly expires_at?: string
}

/** A refusal with a code of the protocol and a sentence for people. Thrown across doors, never shown with its stack. */
export class Fault extends Error {
  readonly code: ErrorCode
  readonly details: FaultDetails

  constructor(code: ErrorCode, message: string, details: FaultDetails = {}) {
    super(message)
    this.name = 'Fault'
    this.code = code
    this.details = details
  }
}

import { type ErrorCode, errorCodeSchema } from '@storyweave/protocol'
import type { Refusal } from '../offline/store.ts'
import { clientSentences, type PlainSentence } from '../sentences.ts'

/** After these the words as they are will never be taken; after all others the server asks for them again. */
const FOR_GOOD: ReadonlySet<ErrorCode> = new Set(['beat_locked', 'forbidden', 'too_large', 'bad_update'])

/** The beat itself is gone: what is written in it can't be taken before somebody restores it. */
const BEAT_IS_GONE: ReadonlySet<string> = new Set(['beat_deleted', 'not_found'])

const SAID: Partial<Record<ErrorCode, PlainSentence>> = {
  beat_locked: 'beatLocked',
  forbidden: 'mayNotWrite',
  too_large: 'textTooLarge',
  bad_update: 'unreadable',
  conflict: 'groundGone',
  not_found: 'beatDeleted',
}

export function refusal(code: ErrorCode): Refusal {
  const said = SAID[code] ?? 'notTaken'
  return { code, message: clientSentences[said], said }
}

/** Why a document is not open on the wire. */
export interface Denial {
  /** What becomes of words that are unsent; undefined where the document may be opened on the next socket. */
  readonly forGood: Refusal | undefined
}

/** Reads the reason of a Denied or a Close. */
export const readDenial = (reason: string): Denial => ({
  forGood: BEAT_IS_GONE.has(reason) ? refusal('not_found') : undefined,
})

/**
 * Reads what the server says before it refuses: `{"type":"refused","code":…,"message"?}`; undefined for anything
 * else. `forGood` is undefined for a refusal that does not last (`pending`, `unavailable`).
 */
export function readRefusal(payload: string): { readonly forGood: Refusal | undefined } | undefined {
  const { type, code, message } = parseObject(payload)
  if (type !== 'refused') return undefined
  const known = errorCodeSchema.safeParse(code)
  if (!known.success || !FOR_GOOD.has(known.data)) return { forGood: undefined }
  return { forGood: typeof message === 'string' ? { code: known.data, message } : refusal(known.data) }
}

function parseObject(payload: string): { type?: unknown; code?: unknown; message?: unknown } {
  try {
    const value: unknown = JSON.parse(payload)
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}

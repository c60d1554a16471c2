import { z } from 'zod'
import { ERROR_CODES, type ErrorCode } from './errors.ts'
import { LIMITS, MAX_ID } from './limits.ts'

/**
 * A field may carry its own error code as the text of its complaint (`not_found`, `too_large`);
 * every other complaint is `bad_message`.
 */
export function codeOfComplaint(complaint: string): ErrorCode {
  return (ERROR_CODES as readonly string[]).includes(complaint) ? (complaint as ErrorCode) : 'bad_message'
}

/** Ids are integers from 1 to 2^31−1; a number or text that is none of them names nothing: `not_found`. */
export const idSchema = z
  .int({ error: (issue) => (issue.input === undefined ? 'is missing' : 'not_found') })
  .min(1, 'not_found')
  .max(MAX_ID, 'not_found')

/** The same in a path or a query, where everything is text. */
export const idParamSchema = z
  .string()
  .regex(/^[1-9]\d{0,9}$/, 'not_found')
  .transform(Number)
  .pipe(idSchema)

/** Times on the wire: ISO 8601 in UTC with milliseconds. */
export const timeSchema = z.iso.datetime({ precision: 3 })

const storable = (text: string) => !text.includes('\u0000') && text.isWellFormed()

/** Text of people: at most `maxChars` UTF-16 code units, no U+0000, no half of a surrogate pair. */
export const textSchema = (maxChars: number) =>
  z.string().max(maxChars, 'too_large').refine(storable, 'contains U+0000 or half a surrogate pair')

export const titleSchema = textSchema(LIMITS.titleChars)

/** A title that a person must be able to read: not only spaces. */
export const filledTitleSchema = titleSchema.refine((title) => title.trim().length > 0, 'must not be empty')

import { LIMITS } from '@storyweave/protocol'
import type { Carets } from './carets.ts'
import type { Content } from './content.ts'
import type { OpenKey, RefusalCode } from './open-key.ts'
import type { News } from './update-check.ts'

/** What becomes of an incoming Update or Step2. */
export type Judgement =
  | { readonly kind: 'nothing_new' }
  | ({ readonly kind: 'take' } & News)
  | { readonly kind: 'refuse'; readonly code: RefusalCode; readonly message: string; readonly why: string }

const refuse = (code: RefusalCode, message: string, why: string = code): Judgement => ({
  kind: 'refuse',
  code,
  message,
  why,
})

/**
 * Decides on the decoded structs, before anything is applied. What repeats what is there is fine from anybody;
 * whatever is new needs the right to write, and a beat that nobody else has locked.
 */
export function judge(
  update: Uint8Array,
  key: OpenKey,
  content: Content,
  carets: Carets,
  isLocked: boolean,
): Judgement {
  const { userId } = key.member.visitor
  const verdict = content.check(update, userId)
  if (verdict.kind === 'nothing_new') return verdict
  if (!key.mayWrite) return refuse('forbidden', 'You may read this story, not write in it.')
  if (isLocked) return refuse('beat_locked', 'Somebody has locked this beat.')
  if (verdict.kind === 'bad') {
    return refuse('bad_update', 'This change does not fit the document; it was not taken.', verdict.why)
  }
  if (verdict.kind === 'pending')
    return refuse('pending', 'What this change stands on is missing here; send it again.')
  if (isOverSize(content, update.length))
    return refuse('too_large', 'This beat is full; continue in a new one.')
  const stolen = verdict.newClients.find((client) => (carets.personOf(client) ?? userId) !== userId)
  if (stolen !== undefined) {
    return refuse(
      'bad_update',
      'This change does not fit the document; it was not taken.',
      "uses another's client id",
    )
  }
  return { ...verdict, kind: 'take' }
}

/** Measured only where the upper bound is over the limit. */
function isOverSize(content: Content, bytes: number): boolean {
  const limit = LIMITS.documentStateBytes
  return content.stateBytes + bytes > limit && content.measure() + bytes > limit
}

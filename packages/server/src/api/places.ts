import { Fault } from '@storyweave/protocol'
import { type Placed, positionAt } from '../db/repositories/order.ts'

/**
 * The position after the living row `after` in a list; at its end where that is undefined, at its start for null.
 * @param rows all of the list's rows in order, deleted ones too.
 * @param field what the caller calls `after`, for the refusal.
 * @throws Fault `not_found` where `after` is not among the living.
 */
export function placeIn(
  rows: readonly (Placed & { readonly deleted_at: number | null })[],
  after: number | null | undefined,
  field: 'after_beat_id' | 'after_scene_id',
): string {
  if (after === undefined) return positionAt(rows, { at: 'end' })
  if (after === null) return positionAt(rows, { at: 'start' })
  const isHere = rows.some(({ id, deleted_at }) => id === after && deleted_at === null)
  if (isHere) return positionAt(rows, { after })
  throw new Fault('not_found', `"${field}" names none that is here.`, { path: field })
}

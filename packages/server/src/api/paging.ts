import { Fault } from '@storyweave/protocol'

/** Cursors: the id of a list's last thing, so that a list goes on where it was, whatever came or went meanwhile. */

const PREFIX = 'id.'

/** @throws Fault `bad_message` for what is no `next` of ours. */
export function readCursor(after: string | undefined): number | undefined {
  if (after === undefined) return undefined
  const digits = /^id\.([1-9]\d{0,9})$/.exec(after)?.[1]
  if (digits === undefined) throw noCursor()
  return Number(digits)
}

export const noCursor = (): Fault =>
  new Fault('bad_message', '"after" is no cursor: send the "next" of the part before.', { path: 'after' })

/** The part of a list that was asked for, out of one thing more than that. */
export function pageOf<Thing>(
  things: readonly Thing[],
  limit: number,
  idOf: (thing: Thing) => number,
): { page: Thing[]; next: string | null } {
  const page = things.slice(0, limit)
  const last = page.at(-1)
  const more = things.length > limit && last !== undefined
  return { page, next: more ? `${PREFIX}${idOf(last)}` : null }
}

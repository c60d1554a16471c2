import { beatDocumentName } from '@storyweave/protocol'
import type { NewDrawerEntry, Span } from '../drawer/entry.ts'
import type { TakenOut } from '../drawer/take-out.ts'
import type { Refusal } from '../offline/store.ts'
import { clientSentences } from '../sentences.ts'
import type { ResetsHost } from './resets.ts'

const OVERTAKEN: Refusal = {
  code: 'conflict',
  message: clientSentences.overtaken,
  said: 'overtaken',
}

/** Puts words into the drawer that somebody deleted without having seen them; each but once, in however many tabs. */
export async function keepOvertaken(
  { clock, store, kept, keptHere, storeFailed }: Omit<ResetsHost, 'changed'>,
  beatId: number,
  taken: readonly TakenOut[],
): Promise<void> {
  const at = clock.now()
  const entries = taken.map((words): NewDrawerEntry => ({ beatId, ...words, ...OVERTAKEN, at }))
  try {
    const added = await store.takeOut(beatDocumentName(beatId), [], (drawer) => {
      const there = drawer.filter((entry) => entry.beatId === beatId).flatMap(({ spans }) => spans)
      return entries.filter(({ spans }) => !spans.every((span) => there.some((one) => covers(one, span))))
    })
    kept(added)
  } catch (error) {
    storeFailed(error)
    keptHere(entries)
  }
}

const covers = (one: Span, other: Span): boolean =>
  one.client === other.client && one.from <= other.from && one.to >= other.to

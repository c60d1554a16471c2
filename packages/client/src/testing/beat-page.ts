import type { BeatDocument } from '../types.ts'
import { documentsIn } from './scripted-server.ts'
import { settled, World } from './world.ts'

/** A page with one beat open, and somebody who types there. */

export const KEY = 'beat/7'
export const accepted = (key = KEY) => ({ type: 'sync_status', key, accepted: true }) as const

export const title = (beat: BeatDocument) => beat.getSnapshot().doc.getText('title')
export const text = (beat: BeatDocument) => title(beat).toString()

/** Types at the end, and lets the batch go. */
export function type(world: World, beat: BeatDocument, words: string): void {
  title(beat).insert(text(beat).length, words)
  world.clock.advance(4)
}

/** A page on which beat 7 is open and in step with the server. */
export async function page(world = new World()) {
  const made = documentsIn(world)
  await settled()
  made.documents.connected()
  const beat = made.documents.open(7)
  await settled()
  made.server.welcome(KEY)
  made.server.store()
  return { world, beat, ...made }
}

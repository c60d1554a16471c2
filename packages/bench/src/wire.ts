import { type ClientFrame, encodeClientFrame } from '@storyweave/protocol'
import * as Y from 'yjs'

/** The frames of the public wire format, made in advance: while it is measured, the load generator only sends. */

export const authFrame = (key: string): Uint8Array => encodeClientFrame({ type: 'auth', key, token: '' })

export const step1Frame = (key: string): Uint8Array =>
  encodeClientFrame({ type: 'step1', key, stateVector: Y.encodeStateVector(new Y.Doc()) })

/** What a reader brings home: nothing. */
export const emptyStep2Frame = (key: string): Uint8Array =>
  encodeClientFrame({ type: 'step2', key, update: Uint8Array.of(0, 0) })

/** One writer's keystrokes in a card's field, each an Update of one letter. */
export function keystrokes(key: string, count: number): Uint8Array[] {
  const doc = new Y.Doc()
  const text = doc.getText('goal')
  const frames: Uint8Array[] = []
  doc.on('update', (update: Uint8Array) => {
    frames.push(encodeClientFrame({ type: 'update', key, update } satisfies ClientFrame))
  })
  for (let letter = 0; letter < count; letter++) text.insert(text.length, 'abcdefghij'.charAt(letter % 10))
  doc.destroy()
  return frames
}

/** How many letters an Update brings: a server may send several of them as one. */
export function lettersIn(update: Uint8Array): number {
  const { from, to } = Y.parseUpdateMeta(update)
  let letters = 0
  for (const [client, end] of to) letters += end - (from.get(client) ?? 0)
  return letters
}

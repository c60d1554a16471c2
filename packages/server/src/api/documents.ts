import { countWords, plainText, readScene } from '@storyweave/prose'
import { Fault, LIMITS } from '@storyweave/protocol'
import * as Y from 'yjs'
import type { LoadedDocument } from '../room/ports.ts'
import type { ApiContext } from './context.ts'
import type { WrittenUpdate } from './story-change.ts'

/** Beats' documents, as REST reads and changes them. */

export function openDocument({ updates }: Pick<LoadedDocument, 'updates'>): Y.Doc {
  const doc = new Y.Doc()
  doc.transact(() => {
    for (const update of updates) Y.applyUpdate(doc, update)
  })
  return doc
}

/** A Yjs client id that nobody had before: 32 random bits, as Yjs takes them itself. */
export function freshClientId(random: ApiContext['random']): number {
  const [a = 0, b = 0, c = 0, d = 0] = random(4)
  return ((a << 24) | (b << 16) | (c << 8) | d) >>> 0
}

/** What `change` does to the document, as an update under a fresh client id; undefined where it changes nothing. */
export function recordChange(
  doc: Y.Doc,
  random: ApiContext['random'],
  change: () => void,
): WrittenUpdate | undefined {
  const clientId = freshClientId(random)
  doc.clientID = clientId
  const updates: Uint8Array[] = []
  const keep = (update: Uint8Array) => updates.push(update)
  doc.on('update', keep)
  doc.transact(change)
  doc.off('update', keep)
  return updates.length === 0 ? undefined : { bytes: Y.mergeUpdates(updates), clientId }
}

/** @throws Fault `too_large` where the document would grow beyond what a beat may hold. */
export function requireRoom(doc: Y.Doc): void {
  if (Y.encodeStateAsUpdate(doc).byteLength <= LIMITS.documentStateBytes) return
  const limit = LIMITS.documentStateBytes / 1024 / 1024
  throw new Fault('too_large', `The beat would be larger than ${limit} MiB: put the text into another beat.`)
}

/** How much of what a client wrote is not to be seen: deleted, or within something that is. */
export const hiddenLength = (doc: Y.Doc, clientId: number): number =>
  (doc.store.clients.get(clientId) ?? []).reduce(
    (length, struct) => (struct.deleted ? length + struct.length : length),
    0,
  )

/** What a scene's text says of itself in tables and lists. */
export function measureScene(doc: Y.Doc, key: string): { plainText: string; wordCount: number } {
  const text = plainText(readScene(doc, key))
  return { plainText: text, wordCount: countWords(text) }
}

/** How often a change is made anew because others wrote meanwhile. */
const ATTEMPTS = 20

/** Others wrote into the document between its being read and its being changed. */
export class Outrun extends Error {}

/**
 * Runs `change`, again as long as it throws Outrun: for what must stand on the newest state.
 * @throws Fault `conflict` where others write so fast that it never does.
 */
export async function onNewestState<T>(change: () => Promise<T>): Promise<T> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    try {
      return await change()
    } catch (error) {
      if (!(error instanceof Outrun)) throw error
    }
  }
  throw new Fault('conflict', 'Others are writing in this beat at this very moment. Try again.')
}

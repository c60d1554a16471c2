import { CARD_FIELDS, type CardField, Fault, META_ROOT, sceneRoot } from '@storyweave/protocol'
import type { Node } from '@tiptap/pm/model'
import * as Y from 'yjs'
import { readFragment } from './fragment.ts'
import { writeFragment } from './fragment-write.ts'
import { documentOf, SCHEMA_VERSION } from './schema.ts'

/** What a beat's Yjs document holds: its card, its scenes, and the version of the schema. */

const VERSION_KEY = 'schema'

export type Card = Readonly<Record<CardField, string>>

export interface SceneSeed {
  /** From `newSceneKey`. */
  readonly key: string
  /** Absent: one empty paragraph, made once and here, so that two first typists share it. */
  readonly doc?: Node | undefined
}

export interface BeatSeed {
  readonly card: Partial<Card>
  readonly scenes: readonly SceneSeed[]
}

/** A whole new document, as a Yjs update (encoding V1) written under `clientId`. */
export const seedBeat = ({ card, scenes }: BeatSeed, clientId: number): Uint8Array =>
  updateOf(clientId, (ydoc) => {
    ydoc.getMap(META_ROOT).set(VERSION_KEY, SCHEMA_VERSION)
    for (const field of CARD_FIELDS) {
      const text = card[field]
      if (text) ydoc.getText(field).insert(0, text)
    }
    for (const scene of scenes) seedInto(ydoc, scene)
  })

/**
 * One more scene for an existing document, as a Yjs update (encoding V1). `clientId` must be one that the
 * document does not know yet: the update's clock begins at 0.
 */
export const seedScene = (scene: SceneSeed, clientId: number): Uint8Array =>
  updateOf(clientId, (ydoc) => seedInto(ydoc, scene))

function updateOf(clientId: number, write: (ydoc: Y.Doc) => void): Uint8Array {
  const ydoc = new Y.Doc()
  ydoc.clientID = clientId
  ydoc.transact(() => write(ydoc))
  const update = Y.encodeStateAsUpdate(ydoc)
  ydoc.destroy()
  return update
}

const seedInto = (ydoc: Y.Doc, { key, doc }: SceneSeed) => replaceScene(ydoc, key, doc ?? documentOf([]))

/** The version of the text's schema that the document was made with; undefined where it is empty. */
export function schemaVersionOf(ydoc: Y.Doc): number | undefined {
  const version = ydoc.getMap(META_ROOT).get(VERSION_KEY)
  return typeof version === 'number' ? version : undefined
}

export function readCard(ydoc: Y.Doc): Card {
  const text = (field: CardField) => ydoc.getText(field).toString()
  return { title: text('title'), goal: text('goal'), conflict: text('conflict'), outcome: text('outcome') }
}

const fragmentOf = (ydoc: Y.Doc, key: string): Y.XmlFragment => ydoc.getXmlFragment(sceneRoot(key))

/** A scene's document; with one empty paragraph where the Yjs document has no such scene. */
export const readScene = (ydoc: Y.Doc, key: string): Node => readFragment(fragmentOf(ydoc, key))

/** Makes a scene read as `doc`, changing no more than differs: what others type elsewhere in it merges. */
export const replaceScene = (ydoc: Y.Doc, key: string, doc: Node): void =>
  writeFragment(ydoc, fragmentOf(ydoc, key), doc)

/** Leaves the scene's fragment with nothing in it, as a scene that has moved to another document does. */
export function emptyScene(ydoc: Y.Doc, key: string): void {
  const fragment = fragmentOf(ydoc, key)
  fragment.delete(0, fragment.length)
}

/**
 * Moves what follows the first `at` top-level blocks of a scene to the new scene `newKey`.
 * Throws Fault `bad_message` unless at least one block stays and one goes.
 */
export function splitScene(ydoc: Y.Doc, key: string, at: number, newKey: string): void {
  const blocks = readScene(ydoc, key).children
  if (!Number.isInteger(at) || at < 1 || at >= blocks.length) {
    throw new Fault('bad_message', splitRefusal(blocks.length, at), { path: 'at' })
  }
  ydoc.transact(() => {
    replaceScene(ydoc, newKey, documentOf(blocks.slice(at)))
    replaceScene(ydoc, key, documentOf(blocks.slice(0, at)))
  })
}

const splitRefusal = (blocks: number, at: number): string =>
  blocks < 2
    ? 'The scene has a single block and can’t be split.'
    : `A scene of ${blocks} blocks can be split after block 1 to ${blocks - 1}, not after ${at}.`

/** Writes the scene `key` of one document as the scene `newKey` of another, which may be the same one. */
export const copyScene = (from: Y.Doc, key: string, to: Y.Doc, newKey: string): void =>
  replaceScene(to, newKey, readScene(from, key))

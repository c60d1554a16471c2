import { CARD_FIELDS, sceneRoot } from '@storyweave/protocol'
import * as Y from 'yjs'

/** All that a reader sees of a beat, formatting included. */
export function textOf(doc: Y.Doc, sceneKeys: readonly string[]): string {
  const card = CARD_FIELDS.map((field) => `${field}: ${doc.getText(field).toString()}`)
  const scenes = sceneKeys.map((key) => `${key}: ${doc.getXmlFragment(sceneRoot(key)).toString()}`)
  return [...card, ...scenes].join('\n')
}

/** The same of updates alone, as a fresh reader applies them. */
export function textOfUpdates(updates: readonly Uint8Array[], sceneKeys: readonly string[]): string {
  const doc = new Y.Doc()
  for (const update of updates) Y.applyUpdate(doc, update)
  const text = textOf(doc, sceneKeys)
  doc.destroy()
  return text
}

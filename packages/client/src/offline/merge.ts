import * as Y from 'yjs'

/**
 * One update for many. Through a document, so that what was deleted lets go of its content;
 * what waits for an ancestor stays in it.
 */
export function mergeStored(updates: readonly Uint8Array[]): Uint8Array {
  const doc = new Y.Doc()
  doc.transact(() => {
    for (const update of updates) Y.applyUpdate(doc, update)
  })
  const merged = Y.encodeStateAsUpdate(doc)
  doc.destroy()
  return merged
}

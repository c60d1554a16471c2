import { sceneRoot } from '@storyweave/protocol'
import * as Y from 'yjs'

/** Types at the end of a scene's last block; false where there is no block to type into. */
export function typeInScene(doc: Y.Doc, sceneKey: string, words: string): boolean {
  const scene = doc.getXmlFragment(sceneRoot(sceneKey))
  const block = scene.get(scene.length - 1)
  if (!(block instanceof Y.XmlElement)) return false
  const last = block.get(block.length - 1)
  if (last instanceof Y.XmlText) last.insert(last.length, words)
  else block.insert(block.length, [new Y.XmlText(words)])
  return true
}

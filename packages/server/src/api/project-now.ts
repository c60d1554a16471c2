import { readCard } from '@storyweave/prose'
import type { ApiContext } from './context.ts'
import { measureScene, openDocument } from './documents.ts'

/**
 * Brings the tables up to what the log holds of a beat now: a story that nobody has open has no room to do it.
 */
export async function projectNow({ log }: ApiContext, beatId: number): Promise<void> {
  const loaded = await log.load(beatId)
  // Deleted in this moment: what is not there needs no projection.
  if (loaded === undefined) return
  const doc = openDocument(loaded)
  const scenes = loaded.sceneKeys.map((key) => ({ key, ...measureScene(doc, key) }))
  await log.project([{ beatId, seq: loaded.seq, card: readCard(doc), scenes }])
}

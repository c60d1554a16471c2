import { parseMarkdown, replaceScene } from '@storyweave/prose'
import { Fault, sceneRoot } from '@storyweave/protocol'
import * as Y from 'yjs'
import type { SceneRow } from '../db/schema.ts'
import type { ApiContext } from './context.ts'
import { hiddenLength, Outrun, openDocument, recordChange, requireRoom } from './documents.ts'
import { loadBeat } from './scene-view.ts'
import type { StoryChange, WrittenUpdate } from './story-change.ts'

/** A scene's new text as a change of its document, which merges with what others wrote since its version. */
export interface WrittenText {
  readonly update: WrittenUpdate
  /** The row of the log up to which it was tried out. */
  readonly head: number
}

/**
 * The change from the scene at `version` to `text`; undefined where there is none.
 * @throws Fault `conflict` where that version is not kept, or what was changed is not there any more; `too_large`.
 */
export async function writeText(
  api: ApiContext,
  { beat_id: beatId, key }: SceneRow,
  { text, version }: { text: string; version: number },
): Promise<WrittenText | undefined> {
  const head = await loadBeat(api, beatId)
  const base = version === head.seq ? head : await api.log.loadAt(beatId, version)
  if (base === undefined) throw notKept()
  const doc = openDocument(base)
  // The scene is younger than the version: written into it, the text would stand there twice.
  if (base !== head && doc.getXmlFragment(sceneRoot(key)).length === 0) throw notKept()
  const update = recordChange(doc, api.random, () => replaceScene(doc, key, parseMarkdown(text)))
  if (update === undefined) return undefined
  const merged = openDocument(head)
  Y.applyUpdate(merged, update.bytes)
  requireRoom(merged)
  if (hiddenLength(merged, update.clientId) > hiddenLength(doc, update.clientId)) throw swallowed()
  return { update, head: head.seq }
}

/** @throws Outrun where others wrote after the text was tried out. */
export async function appendText(
  change: StoryChange,
  beatId: number,
  { update, head }: WrittenText,
): Promise<void> {
  if ((await change.append(beatId, update)) !== head + 1) throw new Outrun()
}

/** A snapshot has let it go, or the scene has come from another beat, where versions have another count. */
const notKept = (): Fault =>
  new Fault(
    'conflict',
    'The version that your text is based on is not kept. Read the scene again, put your changes into its text, and send that with its version.',
    { path: 'version' },
  )

/** Merged as it is, what was written would be nowhere. */
const swallowed = (): Fault =>
  new Fault(
    'conflict',
    'What you changed was deleted or moved meanwhile. Read the scene again, put your changes into its text, and send that with its version.',
    { path: 'version' },
  )

import { countWords, plainText, readScene, serializeMarkdown } from '@storyweave/prose'
import type { Scene } from '@storyweave/protocol'
import type * as Y from 'yjs'
import { isoTime } from '../db/repositories/present.ts'
import { findScene } from '../db/repositories/scenes.ts'
import type { SceneRow } from '../db/schema.ts'
import type { LoadedDocument } from '../room/ports.ts'
import { noScene } from './access.ts'
import type { ApiContext } from './context.ts'
import { Outrun, onNewestState, openDocument } from './documents.ts'

/** A scene with its text as it stands in `doc`, which holds its beat's log up to row `version`. */
export function presentScene(row: SceneRow, doc: Y.Doc, version: number): Scene {
  const prose = readScene(doc, row.key)
  return {
    id: row.id,
    beat_id: row.beat_id,
    key: row.key,
    title: row.title,
    text: serializeMarkdown(prose),
    version,
    word_count: countWords(plainText(prose)),
    created_at: isoTime(row.created_at),
    updated_at: isoTime(row.updated_at),
  }
}

/** A scene with its text, straight from the log. @throws Fault `not_found`. */
export const viewScene = (api: ApiContext, sceneId: number): Promise<Scene> =>
  onNewestState(async () => {
    const loaded = await loadBeat(api, (await requireRow(api, sceneId)).beat_id)
    const scene = await requireRow(api, sceneId)
    // It has moved to another beat meanwhile, and left nothing in this one.
    if (!loaded.sceneKeys.includes(scene.key)) throw new Outrun()
    return presentScene(scene, openDocument(loaded), loaded.seq)
  })

async function requireRow({ db }: ApiContext, sceneId: number): Promise<SceneRow> {
  const scene = await findScene(db, sceneId)
  if (scene === undefined) throw noScene()
  return scene
}

/** @throws Fault `not_found` where the beat is not there, or not any more. */
export async function loadBeat({ log }: ApiContext, beatId: number): Promise<LoadedDocument> {
  const loaded = await log.load(beatId)
  if (loaded === undefined) throw noScene()
  return loaded
}

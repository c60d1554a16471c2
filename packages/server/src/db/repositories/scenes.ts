import type { SceneRow } from '../schema.ts'
import type { Placed } from './order.ts'
import type { Queries, Trx } from './queries.ts'

/** Scenes. Their text stands in the beat's document; the columns are its projections. */

export interface NewSceneRow {
  readonly beatId: number
  readonly key: string
  readonly position: string
  readonly title: string | null
  readonly plainText: string
  readonly wordCount: number
  /** The row of the beat's log that holds the scene as it is here. */
  readonly seq: number
  readonly at: number
}

const columnsOf = (scene: NewSceneRow) => ({
  beat_id: scene.beatId,
  key: scene.key,
  position: scene.position,
  title: scene.title,
  plain_text: scene.plainText,
  word_count: scene.wordCount,
  projected_seq: scene.seq,
  created_at: scene.at,
  updated_at: scene.at,
})

export const insertScene = (trx: Trx, scene: NewSceneRow): Promise<SceneRow> =>
  trx.insertInto('scenes').values(columnsOf(scene)).returningAll().executeTakeFirstOrThrow()

/** Rows of one statement: SQLite takes 32,766 parameters. */
const CHUNK = 1_000

export async function insertScenes(trx: Trx, scenes: readonly NewSceneRow[]): Promise<void> {
  for (let from = 0; from < scenes.length; from += CHUNK) {
    await trx
      .insertInto('scenes')
      .values(scenes.slice(from, from + CHUNK).map(columnsOf))
      .execute()
  }
}

/** A scene, deleted or not. */
export const findScene = (db: Queries, id: number): Promise<SceneRow | undefined> =>
  db.selectFrom('scenes').selectAll().where('id', '=', id).executeTakeFirst()

/** Every scene of the beat, deleted ones too, in order. */
export const placedScenes = (trx: Trx, beatId: number): Promise<(Placed & { deleted_at: number | null })[]> =>
  trx
    .selectFrom('scenes')
    .select(['id', 'position', 'deleted_at'])
    .where('beat_id', '=', beatId)
    .orderBy('position')
    .orderBy('id')
    .execute()

export type SceneColumns = Partial<
  Pick<
    SceneRow,
    'beat_id' | 'key' | 'position' | 'title' | 'plain_text' | 'word_count' | 'projected_seq' | 'deleted_at'
  >
>

export const updateScene = (trx: Trx, id: number, changes: SceneColumns, at: number): Promise<SceneRow> =>
  trx
    .updateTable('scenes')
    .set({ ...changes, updated_at: at })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()

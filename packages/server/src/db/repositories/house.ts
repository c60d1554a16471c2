import type { Queries } from './queries.ts'

/**
 * Writes to the disk, to see that the database takes it: a row that ends as it was, but was something else on the
 * way, for SQLite leaves a page alone that does not change.
 */
export async function proveWritable(db: Queries): Promise<void> {
  await db.transaction().execute(async (trx) => {
    for (const step of [1, -1]) {
      await trx
        .updateTable('house')
        .set(({ eb }) => ({ created_at: eb('created_at', '+', step) }))
        .execute()
    }
  })
}

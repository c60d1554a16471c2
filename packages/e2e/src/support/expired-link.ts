import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { ServerProcess } from './server-process.ts'

/** The link's time is over from now on: an hour is the shortest that one can be given. */
export function expireLink({ dataDir }: ServerProcess, id: number): void {
  const database = new DatabaseSync(join(dataDir, 'storyweave.sqlite'), { timeout: 10_000 })
  database.prepare('update share_links set expires_at = ? where id = ?').run(Date.now(), id)
  database.close()
}

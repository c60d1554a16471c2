import type { Pool, PoolClient } from 'pg'

/** Runs `work`, which begins and commits a transaction of its own, on one connection; a failure undoes it. */
export async function transact<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  try {
    const result = await work(client)
    client.release()
    return result
  } catch (error) {
    await giveUp(client)
    throw error
  }
}

/** A connection on which the transaction can't be undone is given up, which undoes it. */
async function giveUp(client: PoolClient): Promise<void> {
  try {
    await client.query('rollback')
    client.release()
  } catch (error) {
    client.release(error instanceof Error ? error : true)
  }
}

import { randomUUID } from 'node:crypto'
import pg from 'pg'

/** An empty database of its own on a PostgreSQL that is there for tests. */
export interface PostgresDatabase {
  readonly url: string
  /** Whoever is still connected is thrown out. */
  remove(): Promise<void>
}

export async function makePostgresDatabase(superuserUrl: string): Promise<PostgresDatabase> {
  const name = `storyweave_${randomUUID().replaceAll('-', '')}`
  await ask(superuserUrl, `create database ${name}`)
  const url = new URL(superuserUrl)
  url.pathname = `/${name}`
  return { url: url.href, remove: () => ask(superuserUrl, `drop database ${name} with (force)`) }
}

async function ask(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

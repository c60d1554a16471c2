import { randomBytes } from 'node:crypto'
import { startRedis, type TemporaryRedis } from '@storyweave/server/cluster/testing.ts'
import { freePort } from '@storyweave/server/config/free-port.ts'
import {
  makePostgresDatabase,
  type PostgresDatabase,
} from '@storyweave/server/db/postgres/testing-database.ts'
import { Person } from '../support/person.ts'
import { ServerProcess } from '../support/server-process.ts'

const POSTGRES_URL = process.env['STORYWEAVE_TEST_POSTGRES_URL']

export const hasPostgres = POSTGRES_URL !== undefined
export const whySkipped = hasPostgres ? '' : ' (skipped: STORYWEAVE_TEST_POSTGRES_URL is not set)'

/** Two nodes of one house, each reached by its own address, with a Redis of their own that can be stopped. */
export class TwoNodes {
  readonly nodes: readonly [ServerProcess, ServerProcess]
  readonly redis: TemporaryRedis
  readonly databaseUrl: string
  readonly #origin: string
  readonly #database: PostgresDatabase | undefined

  private constructor(parts: {
    nodes: readonly [ServerProcess, ServerProcess]
    redis: TemporaryRedis
    databaseUrl: string
    origin: string
    database: PostgresDatabase | undefined
  }) {
    this.nodes = parts.nodes
    this.redis = parts.redis
    this.databaseUrl = parts.databaseUrl
    this.#origin = parts.origin
    this.#database = parts.database
  }

  /** On the suites' common PostgreSQL, unless another is named. */
  static async start(postgresUrl?: string): Promise<TwoNodes> {
    const database = postgresUrl === undefined ? await makePostgresDatabase(POSTGRES_URL ?? '') : undefined
    const databaseUrl = postgresUrl ?? database?.url ?? ''
    const redis = await startRedis()
    const port = await freePort('127.0.0.1')
    const origin = `http://localhost:${port}`
    const shared = {
      HOST: '127.0.0.1',
      PUBLIC_URL: origin,
      DATABASE_URL: databaseUrl,
      REDIS_URL: redis.url,
      AUTH_SECRET: randomBytes(32).toString('hex'),
    }
    const [a, b] = await Promise.all([
      ServerProcess.start({ ...shared, PORT: String(port) }),
      ServerProcess.start({ ...shared, PORT: String(await freePort('127.0.0.1')) }),
    ])
    return new TwoNodes({ nodes: [a, b], redis, databaseUrl, origin, database })
  }

  /** Somebody new, who is at this node and no other. */
  signUp(node: 0 | 1, name: string): Promise<Person> {
    return Person.signUp(this.nodes[node].nodeAddress, name, this.#origin)
  }

  /** What the nodes have complained of. */
  get errors(): string {
    return this.nodes.map(({ errors }) => errors).join('')
  }

  async remove(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.remove()))
    await this.redis.close()
    await this.#database?.remove()
  }
}

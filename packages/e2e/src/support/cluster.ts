import { randomBytes } from 'node:crypto'
import { freePort } from '@storyweave/server/config/free-port.ts'
import {
  makePostgresDatabase,
  type PostgresDatabase,
} from '@storyweave/server/db/postgres/testing-database.ts'
import { HAProxy } from './haproxy.ts'
import type { House } from './house.ts'
import { Person } from './person.ts'
import { ServerProcess } from './server-process.ts'

export interface ClusterOptions {
  readonly nodes: number
  /** For every node. */
  readonly environment?: Readonly<Record<string, string>>
  /** Where the nodes meet and what they write to, where those are not the ones that tests share. */
  readonly postgresUrl?: string
  readonly redisUrl?: string
  /** False leaves the house to whoever opens its set-up link. */
  readonly isOwned?: boolean
  /** Of the load balancer; any free one unless said. */
  readonly port?: number
}

/** Nodes of one house behind HAProxy, on a database of their own and one Redis. */
export class Cluster implements House {
  readonly nodes: readonly ServerProcess[]
  readonly #balancer: HAProxy
  readonly #database: PostgresDatabase | undefined

  private constructor(
    nodes: readonly ServerProcess[],
    balancer: HAProxy,
    database: PostgresDatabase | undefined,
  ) {
    this.nodes = nodes
    this.#balancer = balancer
    this.#database = database
  }

  static async start(options: ClusterOptions): Promise<Cluster> {
    const { nodes: count, environment = {}, port = await freePort('127.0.0.1') } = options
    const database =
      options.postgresUrl === undefined ? await makePostgresDatabase(given('POSTGRES')) : undefined
    const shared = {
      HOST: '127.0.0.1',
      PUBLIC_URL: `http://localhost:${port}`,
      DATABASE_URL: options.postgresUrl ?? database?.url ?? '',
      REDIS_URL: options.redisUrl ?? given('REDIS'),
      AUTH_SECRET: randomBytes(32).toString('hex'),
      ...environment,
    }
    const ports: number[] = []
    for (let node = 0; node < count; node++) ports.push(await freePort('127.0.0.1'))
    const nodes = await Promise.all(ports.map((own) => ServerProcess.start({ ...shared, PORT: String(own) })))
    const [first] = nodes
    // Past the load balancer, at the machine itself, the first person needs no set-up link.
    if (first !== undefined && options.isOwned !== false)
      await Person.signUp(first.nodeAddress, 'The Keeper', shared.PUBLIC_URL)
    const balancer = await HAProxy.start({ port, nodes: ports })
    return new Cluster(nodes, balancer, database)
  }

  get address(): string {
    return this.#balancer.address
  }

  get socketAddress(): string {
    return this.address.replace(/^http/, 'ws')
  }

  get setupLink(): string | undefined {
    return this.nodes[0]?.setupLink
  }

  get commandEnvironment(): Readonly<Record<string, string>> {
    return this.nodes[0]?.commandEnvironment ?? {}
  }

  get errors(): string {
    return this.nodes.map(({ errors }) => errors).join('')
  }

  async start(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.start()))
    await this.#balancer.seesAll()
  }

  async kill(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.kill()))
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.stop()))
  }

  async remove(): Promise<void> {
    await this.#balancer.stop()
    await Promise.all(this.nodes.map((node) => node.remove()))
    await this.#database?.remove()
  }
}

/** `npm test` and `npm run cluster` start these, and say where they are. */
function given(what: 'POSTGRES' | 'REDIS'): string {
  const url = process.env[`STORYWEAVE_TEST_${what}_URL`]
  if (url === undefined) throw new Error(`STORYWEAVE_TEST_${what}_URL is not set: run this by npm test`)
  return url
}

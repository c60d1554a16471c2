import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { startRedis, type TemporaryRedis } from '@storyweave/server/cluster/testing.ts'
import { freePort } from '@storyweave/server/config/free-port.ts'
import { PostgresServer } from '@storyweave/server/db/postgres/testing-server.ts'
import { HAProxy } from '../support/haproxy.ts'
import { ServerProcess } from '../support/server-process.ts'
import { CutLine } from './cut-line.ts'

/** A node, and its own line to Redis. */
export interface TorturedNode {
  readonly process: ServerProcess
  readonly line: CutLine
  /** Mebibytes at each of its starts, once people were there, and at its end; undefined where the system does not say. */
  readonly memory: (number | undefined)[]
}

/** A house of several nodes behind HAProxy, with a PostgreSQL and a Redis of its own: everything can be stopped. */
export class TorturedHouse {
  readonly nodes: readonly TorturedNode[]
  readonly postgres: PostgresServer
  readonly redis: TemporaryRedis
  readonly #balancer: HAProxy

  private constructor(parts: {
    nodes: readonly TorturedNode[]
    postgres: PostgresServer
    redis: TemporaryRedis
    balancer: HAProxy
  }) {
    this.nodes = parts.nodes
    this.postgres = parts.postgres
    this.redis = parts.redis
    this.#balancer = parts.balancer
  }

  static async start(count: number): Promise<TorturedHouse> {
    const [postgres, redis, port] = await Promise.all([
      PostgresServer.start(),
      startRedis(),
      freePort('127.0.0.1'),
    ])
    const shared = {
      HOST: '127.0.0.1',
      PUBLIC_URL: `http://localhost:${port}`,
      DATABASE_URL: postgres.url(),
      AUTH_SECRET: randomBytes(32).toString('hex'),
      // People come from addresses of their own, as they say themselves: so many sign up in one minute.
      TRUSTED_PROXIES: '127.0.0.1',
    }
    const ports: number[] = []
    for (let node = 0; node < count; node++) ports.push(await freePort('127.0.0.1'))
    const nodes = await Promise.all(
      ports.map(async (own): Promise<TorturedNode> => {
        const line = await CutLine.to(redis.port)
        const REDIS_URL = `redis://127.0.0.1:${line.port}`
        const server = await ServerProcess.start({ ...shared, REDIS_URL, PORT: String(own) })
        return { process: server, line, memory: [] }
      }),
    )
    return new TorturedHouse({
      nodes,
      postgres,
      redis,
      balancer: await HAProxy.start({ port, nodes: ports }),
    })
  }

  /** The load balancer, and each node past it. */
  get doors(): readonly string[] {
    return [this.#balancer.address, ...this.nodeAddresses]
  }

  get nodeAddresses(): readonly string[] {
    return this.nodes.map(({ process: { nodeAddress } }) => nodeAddress)
  }

  /** Makes the first person the owner; to be used at the first node. */
  get setupToken(): string | undefined {
    return this.nodes[0]?.process.setupLink?.split('#')[1]
  }

  get origin(): string {
    return this.#balancer.address
  }

  /** Everything works, and the balancer knows it. */
  allUp(): Promise<void> {
    return this.#balancer.seesAll()
  }

  async weigh(): Promise<void> {
    for (const { process: server, memory } of this.nodes) memory.push(await memoryOf(server.pid))
  }

  async remove(): Promise<void> {
    await this.#balancer.stop()
    await Promise.all(
      this.nodes.map(async ({ process: server, line }) => {
        await server.remove()
        await line.close()
      }),
    )
    await this.redis.close()
    await this.postgres.remove()
  }
}

async function memoryOf(pid: number): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]
  return kibibytes === undefined ? undefined : Math.round(Number(kibibytes) / 1024)
}

import { setTimeout as wait } from 'node:timers/promises'
import type { Chance } from '../convergence/chance.ts'
import type { TorturedHouse, TorturedNode } from './house.ts'

/** What befalls the house. */
export const FATES = {
  killed: 'a node killed and started again',
  rolled: 'all nodes restarted in order, one by one',
  redisStopped: 'Redis stopped',
  redisHung: 'Redis hangs',
  postgresStopped: 'PostgreSQL stopped',
  postgresHung: 'PostgreSQL hangs',
  cutOff: 'a node cut off from Redis',
} as const
export type Fate = keyof typeof FATES
export const NODE_FATES: readonly Fate[] = ['killed', 'rolled']
export const SERVICE_FATES: readonly Fate[] = [
  'redisStopped',
  'redisHung',
  'postgresStopped',
  'postgresHung',
  'cutOff',
]

export interface FatesOptions {
  readonly house: TorturedHouse
  readonly chance: Chance
  /** How long something stays away. */
  readonly outageMs: number
  readonly say: (line: string) => void
}

export class Fates {
  readonly counts = new Map<Fate, number>()
  readonly #options: FatesOptions

  constructor(options: FatesOptions) {
    this.#options = options
  }

  /** One of these, and between two of them some quiet, until it is over; then everything works again. */
  async reign(fates: readonly Fate[], isOver: () => boolean): Promise<void> {
    const { chance, outageMs } = this.#options
    while (!isOver()) {
      await wait(outageMs * (0.2 + chance.fraction()))
      const fate = chance.pick(fates)
      if (fate !== undefined && !isOver()) await this.befall(fate)
    }
  }

  async befall(fate: Fate): Promise<void> {
    this.counts.set(fate, (this.counts.get(fate) ?? 0) + 1)
    this.#options.say(FATES[fate])
    await this.#acts[fate]()
  }

  readonly #acts: Readonly<Record<Fate, () => Promise<void>>> = {
    killed: async () => {
      const { process: server } = this.#node()
      await server.kill()
      await this.#outage(0.2)
      await started(server)
    },
    rolled: async () => {
      for (const { process: server } of this.#options.house.nodes) {
        await server.stop()
        await started(server)
      }
    },
    redisStopped: async () => {
      const { redis } = this.#options.house
      await redis.stop()
      await this.#outage()
      await redis.restart()
    },
    redisHung: async () => {
      const { redis } = this.#options.house
      redis.pause()
      await this.#outage()
      redis.resume()
    },
    postgresStopped: async () => {
      const { house, chance } = this.#options
      await house.postgres.stop(chance.happens(0.5) ? 'fast' : 'immediate')
      await this.#outage()
      await house.postgres.restart()
    },
    postgresHung: async () => {
      const { postgres } = this.#options.house
      await postgres.pause()
      await this.#outage()
      await postgres.resume()
    },
    cutOff: async () => {
      const { line } = this.#node()
      if (this.#options.chance.happens(0.5)) line.cut()
      else line.die()
      await this.#outage()
      line.mend()
    },
  }

  #node(): TorturedNode {
    const node = this.#options.chance.pick(this.#options.house.nodes)
    if (node === undefined) throw new Error('The house has no node.')
    return node
  }

  async #outage(share = 1): Promise<void> {
    await wait(this.#options.outageMs * share)
  }
}

/** Again and again: what it needs may be away at this moment. */
async function started(server: TorturedNode['process']): Promise<void> {
  const until = performance.now() + START_WITHIN_MS
  for (;;) {
    try {
      return await server.start()
    } catch (error) {
      if (performance.now() > until) throw error
      await wait(AGAIN_MS)
    }
  }
}

const START_WITHIN_MS = 180_000
const AGAIN_MS = 200

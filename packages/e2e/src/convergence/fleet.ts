import type { Chance } from './chance.ts'
import { type Database, LONGEST_WAY_MS } from './database.ts'
import { type NodeBus, NodeNet } from './node-net.ts'
import type { Scheduler } from './scheduler.ts'
import type { Server } from './server.ts'

export interface FleetOptions {
  /** How many servers there are at once. */
  readonly size: number
  readonly scheduler: Scheduler
  readonly chance: Chance
  readonly database: Database
  readonly make: (name: string, bus: NodeBus | undefined) => Server
  /** A server was killed: whoever was connected to it notices. */
  readonly killed: (server: Server) => void
  /** Plans what is nobody's own. */
  readonly later: (ms: number, run: () => void) => void
  readonly note: (what: string) => void
}

/** The servers of the house, each in its place: one dies, and another life begins there. */
export class Fleet {
  /** Undefined where there is one server alone. */
  readonly net: NodeNet | undefined
  readonly #options: FleetOptions
  readonly #places: (Server | undefined)[]
  #lives = 0

  constructor(options: FleetOptions) {
    this.#options = options
    this.net = options.size > 1 ? new NodeNet(options) : undefined
    this.#places = Array.from({ length: options.size })
  }

  get living(): Server[] {
    return this.#places.filter((server) => server !== undefined)
  }

  /** Whom a connection, or a request, comes to. */
  any(): Server | undefined {
    const { living } = this
    return this.net === undefined ? living[0] : this.#options.chance.pick(living)
  }

  startAll(): void {
    for (const place of this.#places.keys()) this.#start(place)
  }

  #start(place: number): void {
    if (this.#places[place] !== undefined) return
    this.#lives += 1
    const name = `server-${this.#lives}`
    this.#options.note(`${name} starts`)
    this.#places[place] = this.#options.make(name, this.net?.join(name))
  }

  /** A server's memory is gone. It comes back when what it had sent to the database is decided. */
  kill(): void {
    const { scheduler, chance, database, killed, later, note } = this.#options
    const server = this.any()
    if (server === undefined) return
    const place = this.#places.indexOf(server)
    note(`${server.name} is killed`)
    this.#places[place] = undefined
    database.lost(server.name)
    this.net?.leave(server.name)
    scheduler.die(server.name)
    server.die()
    killed(server)
    later(LONGEST_WAY_MS + chance.between(1, 4_000), () => this.#start(place))
  }
}

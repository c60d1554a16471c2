import type { Endpoint } from './redis-address.ts'

/** Where to knock: at the address, and where nobody answers there at the nodes that its cluster had. */
export class Entrances {
  readonly #first: Endpoint
  #others: readonly Endpoint[] = []
  #turn = 0

  constructor({ host, port }: Endpoint) {
    this.#first = { host, port }
  }

  next(): Endpoint {
    const all = [this.#first, ...this.#others]
    const entrance = all[this.#turn % all.length] ?? this.#first
    this.#turn += 1
    return entrance
  }

  /** Nodes of the cluster; none where nothing was heard of them. */
  learn(others: readonly Endpoint[]): void {
    if (others.length > 0) this.#others = others
  }

  /** The address goes first again. */
  reset(): void {
    this.#turn = 0
  }
}

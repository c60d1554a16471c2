type Cancel = () => void

interface Planned {
  readonly at: number
  readonly order: number
  readonly owner: string
  run: (() => void) | undefined
}

/** When every history begins. */
const START = Date.UTC(2026, 0, 5, 9)

/** Time of a history: it stands still until the next thing planned happens. What is planned at one moment keeps its order. */
export class Scheduler {
  #now = START
  #planned = 0
  /** The next one is the last. */
  readonly #queue: Planned[] = []
  readonly #alive = new Map<string, Set<Planned>>()
  readonly #dead = new Set<string>()

  /** Whose turn it was last. */
  lastOwner = ''

  readonly now = (): number => this.#now

  /** Milliseconds since the history began. */
  get elapsed(): number {
    return this.#now - START
  }

  /** Runs once, `ms` from now, unless cancelled or its owner has died before. */
  after(owner: string, ms: number, run: () => void): Cancel {
    if (this.#dead.has(owner)) return () => undefined
    const planned: Planned = { at: this.#now + Math.max(0, ms), order: ++this.#planned, owner, run }
    this.#queue.splice(this.#placeOf(planned), 0, planned)
    const mine = this.#alive.get(owner) ?? new Set()
    this.#alive.set(owner, mine.add(planned))
    return () => this.#drop(planned)
  }

  /** Resolves after `ms`; never, where the owner dies before. */
  wait(owner: string, ms: number): Promise<void> {
    return new Promise((resolve) => this.after(owner, ms, resolve))
  }

  /** How many things this owner has planned. */
  pending(owner: string): number {
    return this.#alive.get(owner)?.size ?? 0
  }

  /** Everything planned by an owner is forgotten, as by a process that ends; it never plans anything again. */
  die(owner: string): void {
    this.#dead.add(owner)
    for (const planned of this.#alive.get(owner) ?? []) this.#drop(planned)
  }

  /** Lets the next thing happen, and everything that follows from it without time passing. False: nothing is planned. */
  async step(): Promise<boolean> {
    const next = this.#queue.pop()
    if (next === undefined) return false
    const { run } = next
    if (run === undefined) return true
    this.#drop(next)
    this.#now = next.at
    this.lastOwner = next.owner
    run()
    await promisesSettled()
    return true
  }

  #drop(planned: Planned): void {
    planned.run = undefined
    this.#alive.get(planned.owner)?.delete(planned)
  }

  #placeOf({ at, order }: Planned): number {
    let low = 0
    let high = this.#queue.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const other = this.#queue[middle]
      if (other !== undefined && (other.at > at || (other.at === at && other.order > order))) low = middle + 1
      else high = middle
    }
    return low
  }
}

/**
 * Everything that promises have to do without waiting for time or I/O is done: from within a microtask Node calls a
 * tick only when no microtask is left.
 */
export async function promisesSettled(): Promise<void> {
  await null
  await new Promise<void>((resolve) => process.nextTick(resolve))
}

/** How long it took until the other node knew: printed, and judged by whoever reads it; a busy machine proves nothing. */
export class Delays {
  readonly #what: string
  readonly #longest = new Map<string, number>()

  constructor(what: string) {
    this.#what = what
  }

  async of<Result>(name: string, coming: Promise<Result>): Promise<Result> {
    const begun = performance.now()
    const result = await coming
    this.#longest.set(name, Math.max(this.#longest.get(name) ?? 0, performance.now() - begun))
    return result
  }

  print(): void {
    const lines = [...this.#longest].map(([name, ms]) => `  ${name}: ${Math.round(ms)} ms`)
    process.stdout.write(`${this.#what}; known at the other node after, at most:\n${lines.join('\n')}\n`)
  }
}

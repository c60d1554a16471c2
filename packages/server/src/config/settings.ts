/** The environment, as a process gets it. */
export type Environment = Readonly<Record<string, string | undefined>>

/** Reads settings one by one and gathers what is wrong with them, so that all of it can be said at once. */
export class Settings {
  readonly problems: string[] = []
  readonly #environment: Environment

  constructor(environment: Environment) {
    this.#environment = environment
  }

  /** An empty setting is none: `PORT= npm start` means the default. */
  text(name: string): string | undefined {
    const value = this.#environment[name]?.trim()
    return value === '' ? undefined : value
  }

  choice<const T extends string>(name: string, choices: readonly [T, ...T[]]): T {
    const value = this.text(name)
    if (value === undefined) return choices[0]
    const found = choices.find((choice) => choice === value)
    if (found === undefined) this.problem(name, `must be one of ${choices.join(', ')}`)
    return found ?? choices[0]
  }

  port(name: string, fallback: number): number {
    const value = this.text(name)
    if (value === undefined) return fallback
    const port = /^\d{1,5}$/.test(value) ? Number(value) : Number.NaN
    if (port <= 65_535) return port
    this.problem(name, 'must be a number from 0 to 65535')
    return fallback
  }

  /** A whole number from `least` to `most`. */
  count(name: string, fallback: number, { least, most }: { least: number; most: number }): number {
    const value = this.text(name)
    if (value === undefined) return fallback
    const count = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN
    if (count >= least && count <= most) return count
    this.problem(name, `must be a number from ${least} to ${most}`)
    return fallback
  }

  /** A secret word of at least `minChars`. Its value never stands in a message. */
  secret(name: string, minChars: number): string | undefined {
    const value = this.text(name)
    if (value !== undefined && value.length < minChars) {
      this.problem(name, `must have at least ${minChars} characters`)
    }
    return value
  }

  url(name: string, protocols: readonly string[]): URL | undefined {
    const value = this.text(name)
    if (value === undefined) return undefined
    const url = URL.canParse(value) ? new URL(value) : undefined
    if (url !== undefined && protocols.includes(url.protocol)) return url
    this.problem(name, `must be a URL that begins with ${protocols.map((p) => `${p}//`).join(' or ')}`)
    return undefined
  }

  /** `https://host[:port]` alone, as browsers write an Origin. */
  origin(name: string): string | undefined {
    const value = this.text(name)
    return value === undefined ? undefined : this.#originOf(name, value)
  }

  /** Several of them, with commas between. */
  origins(name: string): readonly string[] {
    return this.list(name).flatMap((part) => this.#originOf(name, part) ?? [])
  }

  /** Words with commas between. */
  list(name: string): readonly string[] {
    const parts = (this.text(name) ?? '').split(',').map((part) => part.trim())
    return parts.filter((part) => part !== '')
  }

  problem(name: string, complaint: string): void {
    this.problems.push(`${name} ${complaint}`)
  }

  #originOf(name: string, value: string): string | undefined {
    const url = URL.canParse(value) ? new URL(value) : undefined
    const plain = url !== undefined && url.href === `${url.origin}/` && !url.host.includes('*')
    if (plain && (url.protocol === 'http:' || url.protocol === 'https:')) return url.origin
    this.problem(name, 'must be http:// or https:// with a host and perhaps a port, and nothing after it')
    return undefined
  }
}

import { createHash, timingSafeEqual } from 'node:crypto'

const TOKEN_BYTES = 32

/** The key to a house without an owner: printed at start as a link, new at every start. */
export class SetupToken {
  readonly #token: string

  constructor(random: (bytes: number) => Uint8Array) {
    this.#token = Buffer.from(random(TOKEN_BYTES)).toString('base64url')
  }

  /** The token stands behind `#`, which a browser sends to no server and into no log. */
  linkAt(baseUrl: string): string {
    return `${baseUrl}/setup#${this.#token}`
  }

  /** Takes as long for a good guess as for a bad one. */
  matches(guess: string): boolean {
    return timingSafeEqual(digest(guess), digest(this.#token))
  }
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

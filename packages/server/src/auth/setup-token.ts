import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

const TOKEN_BYTES = 32

/** The key to a house without an owner: printed at start as a link. */
export class SetupToken {
  readonly #token: string

  constructor(token: Uint8Array) {
    this.#token = Buffer.from(token).toString('base64url')
  }

  /** New at every start. */
  static random(random: (bytes: number) => Uint8Array): SetupToken {
    return new SetupToken(random(TOKEN_BYTES))
  }

  /** The same at every node of a house: whichever a load balancer chooses has to know it. */
  static ofHouse(secret: string): SetupToken {
    return new SetupToken(createHmac('sha256', secret).update('set-up link').digest())
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

import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto'

/** A letter may carry a token: while it waits in the database it can be read with the house's secret alone. */

const CIPHER = 'aes-256-gcm'
const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16

export class Seal {
  readonly #key: Uint8Array
  readonly #random: (bytes: number) => Uint8Array

  /** `random` must be a cryptographic source: a nonce is never used twice. */
  constructor(secret: string, random: (bytes: number) => Uint8Array) {
    this.#key = new Uint8Array(hkdfSync('sha256', secret, '', 'storyweave mail queue', KEY_BYTES))
    this.#random = random
  }

  close(text: string): string {
    const nonce = this.#random(NONCE_BYTES)
    const cipher = createCipheriv(CIPHER, this.#key, nonce)
    const hidden = [cipher.update(text, 'utf8'), cipher.final()]
    return Buffer.concat([nonce, cipher.getAuthTag(), ...hidden]).toString('base64')
  }

  /** Undefined for what was sealed with another secret, or changed since. */
  open(sealed: string): string | undefined {
    const bytes = Buffer.from(sealed, 'base64')
    if (bytes.length < NONCE_BYTES + TAG_BYTES) return undefined
    const decipher = createDecipheriv(CIPHER, this.#key, bytes.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    })
    decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES))
    try {
      const text = decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES))
      return Buffer.concat([text, decipher.final()]).toString('utf8')
    } catch {
      // The only thing that `final` throws for: the tag does not fit.
      return undefined
    }
  }
}

import { Socket } from 'node:net'

/**
 * A connection on which nothing has passed for so long leads nowhere: the server ends any statement, and any
 * transaction that waits for us, after 30 s.
 */
const SILENCE_MS = 35_000

/**
 * Connections that are given up when they have been silent for too long: their queries fail, and so are tried again
 * on others. Packets that a network swallows, or a server that stands still, would else hold them for ever.
 */
export class Silence {
  readonly #ms: number
  #isLimited = false

  constructor(ms: number = SILENCE_MS) {
    this.#ms = ms
  }

  /** From now on; a migration or a copy may take as long as it takes. */
  limit(): void {
    this.#isLimited = true
  }

  readonly socket = (): Socket => {
    const socket = new Socket()
    socket.setTimeout(this.#ms)
    // Every time: what `setTimeout` itself takes is called once, and that may be during a migration.
    socket.on('timeout', () => {
      if (this.#isLimited) socket.destroy(silent(this.#ms))
    })
    return socket
  }
}

const silent = (ms: number): Error =>
  Object.assign(new Error(`The database has not said anything for ${ms / 1000} s`), { code: 'ETIMEDOUT' })

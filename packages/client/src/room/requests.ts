import { Fault, LIMITS, type RequestId, type ServerMessage } from '@storyweave/protocol'
import { detailsOf } from '../fault-details.ts'
import type { Cancel, Clock } from '../ports.ts'
import { ClientFault } from '../sentences.ts'

/** What is not answered by then counts as not done; whoever asked may ask again. */
const ANSWER_MS = 30_000

export type Answer = Extract<ServerMessage, { type: 'ack' | 'error' }>

interface Waiting {
  readonly resolve: (result: unknown) => void
  readonly reject: (fault: Fault) => void
  readonly cancelTimer: Cancel
  readonly since: number
}

export interface RequestsOptions {
  readonly clock: Clock
  /** Begins every `request_id`: several kinds of requests share a socket. */
  readonly prefix: string
  send(text: string): boolean
  /** How many are unanswered is different. */
  changed(): void
}

/** Requests on their way, each answered by an `ack` or an `error` with its `request_id`. */
export class Requests {
  readonly #options: RequestsOptions
  readonly #waiting = new Map<RequestId, Waiting>()
  #count = 0

  constructor(options: RequestsOptions) {
    this.#options = options
  }

  get unanswered(): number {
    return this.#waiting.size
  }

  /** Since when the oldest has been waiting; milliseconds since 1970 UTC. */
  get since(): number | undefined {
    const [oldest] = this.#waiting.values()
    return oldest?.since
  }

  /** Resolves with the ack's `result`; rejects with Fault, `unavailable` where no answer can come any more. */
  ask(message: object): Promise<unknown> {
    const { clock, prefix, send, changed } = this.#options
    const id = `${prefix}-${++this.#count}`
    const text = JSON.stringify({ ...message, request_id: id })
    if (isTooLong(text)) return Promise.reject(tooLong())
    return new Promise((resolve, reject) => {
      if (!send(text)) return reject(away())
      const expire = () => this.#settle(id, ({ reject: refuse }) => refuse(away()))
      const cancelTimer = clock.setTimer(expire, ANSWER_MS)
      this.#waiting.set(id, { resolve, reject, cancelTimer, since: clock.now() })
      changed()
    })
  }

  answered(answer: Answer): void {
    if (answer.request_id === undefined) return
    this.#settle(answer.request_id, ({ resolve, reject }) => {
      if (answer.type === 'ack') resolve(answer.result)
      else reject(faultOf(answer))
    })
  }

  /** The socket is gone, and the answers with it. */
  lost(): void {
    for (const id of [...this.#waiting.keys()]) this.#settle(id, ({ reject }) => reject(away()))
  }

  #settle(id: RequestId, how: (waiting: Waiting) => void): void {
    const waiting = this.#waiting.get(id)
    if (waiting === undefined) return
    this.#waiting.delete(id)
    waiting.cancelTimer()
    how(waiting)
    this.#options.changed()
  }
}

/** Whether a message is longer than the server takes. */
export const isTooLong = (text: string): boolean =>
  new TextEncoder().encode(text).length > LIMITS.jsonMessageBytes

export const tooLong = () => new ClientFault('too_large', 'sentTooLarge')

function faultOf({ code, message, ...details }: Extract<Answer, { type: 'error' }>): Fault {
  return new Fault(code, message, detailsOf(details))
}

const away = () =>
  new Fault('unavailable', 'The server did not answer; whether it was done is not known. Try again.')

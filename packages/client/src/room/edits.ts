import {
  type CardChanges,
  type EditMessage,
  Fault,
  LIMITS,
  type RequestId,
  type ServerMessage,
} from '@storyweave/protocol'
import type { Cancel, Clock } from '../ports.ts'

/** An edit that is not answered by then counts as not done; its writer may send it again. */
const ANSWER_MS = 30_000

interface Waiting {
  readonly resolve: () => void
  readonly reject: (fault: Fault) => void
  readonly cancelTimer: Cancel
  readonly since: number
}

/** Card edits on their way, each answered by an `ack` or an `error` with its `request_id`. */
export class CardEdits {
  readonly #clock: Clock
  readonly #send: (text: string) => boolean
  readonly #onChange: () => void
  readonly #waiting = new Map<RequestId, Waiting>()
  #count = 0

  constructor(clock: Clock, send: (text: string) => boolean, onChange: () => void) {
    this.#clock = clock
    this.#send = send
    this.#onChange = onChange
  }

  get unanswered(): number {
    return this.#waiting.size
  }

  /** Since when the oldest has been waiting; milliseconds since 1970 UTC. */
  get since(): number | undefined {
    const [oldest] = this.#waiting.values()
    return oldest?.since
  }

  /** Resolves when durable; rejects with Fault, `unavailable` where no answer can come any more. */
  send(beatId: number, changes: CardChanges, base: CardChanges | undefined): Promise<void> {
    const id = `edit-${++this.#count}`
    const message: EditMessage = {
      type: 'edit',
      request_id: id,
      beat_id: beatId,
      changes,
      ...(base && { base }),
    }
    const text = JSON.stringify(message)
    if (new TextEncoder().encode(text).length > LIMITS.jsonMessageBytes) {
      return Promise.reject(
        new Fault('too_large', 'This edit is too large to be sent at once; send fewer fields.'),
      )
    }
    return new Promise((resolve, reject) => {
      if (!this.#send(text)) return reject(away())
      const expire = () => this.#settle(id, ({ reject: refuse }) => refuse(away()))
      const cancelTimer = this.#clock.setTimer(expire, ANSWER_MS)
      this.#waiting.set(id, { resolve, reject, cancelTimer, since: this.#clock.now() })
      this.#onChange()
    })
  }

  answered(message: Extract<ServerMessage, { type: 'ack' | 'error' }>): void {
    if (message.request_id === undefined) return
    this.#settle(message.request_id, ({ resolve, reject }) => {
      if (message.type === 'ack') return resolve()
      const { code, path, retry_after_ms } = message
      const details = {
        ...(path !== undefined && { path }),
        ...(retry_after_ms !== undefined && { retry_after_ms }),
      }
      reject(new Fault(code, message.message, details))
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
    this.#onChange()
  }
}

const away = () =>
  new Fault('unavailable', 'The server did not answer; whether the edit was made is not known. Try again.')

import { repeat } from './repeat.ts'

export interface SessionWatchOptions {
  readonly after: (ms: number, call: () => void) => () => void
  /** The sessions (of sign-ins) that sockets here are of. */
  readonly sessionIds: () => ReadonlySet<string>
  /** Which of these were signed out, or are over. */
  readonly endedAmong: (sessionIds: readonly string[]) => Promise<readonly string[]>
  readonly ended: (sessionId: string) => void
  /** Word of what ends on other nodes may be lost now. */
  readonly isDeaf: () => boolean
  readonly note: (event: string, details: Readonly<Record<string, unknown>>) => void
}

/** While other nodes can't be heard nobody else says who has signed out. */
const DEAF_EVERY_MS = 1_000
/** And a single message may be lost at any time. */
const EVERY_MS = 15_000

/** Finds sockets of sessions that were ended on another node, and whose end was not heard of. */
export class SessionWatch {
  readonly #options: SessionWatchOptions
  #sinceMs = 0
  readonly #stop: () => void

  constructor(options: SessionWatchOptions) {
    this.#options = options
    this.#stop = repeat(options, DEAF_EVERY_MS, () => this.#look())
  }

  stop(): void {
    this.#stop()
  }

  /** Never rejects: what can't be read now is read a second later. */
  async #look(): Promise<void> {
    const { sessionIds, endedAmong, ended, isDeaf, note } = this.#options
    this.#sinceMs += DEAF_EVERY_MS
    if (!isDeaf() && this.#sinceMs < EVERY_MS) return
    const ids = [...sessionIds()]
    try {
      for (const id of ids.length === 0 ? [] : await endedAmong(ids)) ended(id)
      this.#sinceMs = 0
    } catch (error) {
      note('session_watch_failed', { error })
    }
  }
}

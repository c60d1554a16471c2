import { repeat } from './repeat.ts'

export interface SessionWatchOptions {
  readonly after: (ms: number, call: () => void) => () => void
  /** The sessions (of sign-ins) that sockets here are of. */
  readonly sessionIds: () => ReadonlySet<string>
  /** Which of these were signed out, or are over. */
  readonly endedAmong: (sessionIds: readonly string[]) => Promise<readonly string[]>
  readonly ended: (sessionId: string) => void
  readonly note: (event: string, details: Readonly<Record<string, unknown>>) => void
}

/** Also while other nodes are heard: that one of them can't speak, or that a single message is lost, nobody here knows. */
const LOOK_EVERY_MS = 1_000

/** Finds sockets of sessions that were ended by another hand: on another node, or by the command line. */
export class SessionWatch {
  readonly #options: SessionWatchOptions
  readonly #stop: () => void

  constructor(options: SessionWatchOptions) {
    this.#options = options
    this.#stop = repeat(options, LOOK_EVERY_MS, () => this.#look())
  }

  stop(): void {
    this.#stop()
  }

  /** Never rejects: what can't be read now is read a second later. */
  async #look(): Promise<void> {
    const { sessionIds, endedAmong, ended, note } = this.#options
    const ids = [...sessionIds()]
    if (ids.length === 0) return
    try {
      for (const id of await endedAmong(ids)) ended(id)
    } catch (error) {
      note('session_watch_failed', { error })
    }
  }
}

import type { Notification } from '@storyweave/protocol'
import { repeat } from './repeat.ts'
import type { Timers } from './timers.ts'

/** What is for one window or one person, and has no story whose heads would tell that it was missed. */
export interface NewsSource {
  /** The people's notifications with a higher id, oldest first; and the highest id there is. */
  notificationsAfter(
    userIds: readonly number[],
    id: number | undefined,
  ): Promise<{ readonly last: number; readonly news: readonly PersonalNews[] }>
}

export interface PersonalNews {
  readonly userId: number
  readonly notification: Notification
}

export interface LostNewsOptions {
  readonly timers: Timers
  readonly source: NewsSource
  /** The people with a window here. */
  readonly userIds: () => readonly number[]
  readonly tell: (news: PersonalNews) => void
  readonly isDatabaseAway: () => boolean
  readonly note: (event: string, details: Readonly<Record<string, unknown>>) => void
}

const LOOK_EVERY_MS = 1_000
/** Ids are not in the order of commits: one that comes late is looked for this far back. */
const LATE_IDS = 500
const REMEMBERED = 2 * LATE_IDS

/** Tells people here of notifications that were made on other nodes, and whose message was lost. */
export class LostNews {
  readonly #options: LostNewsOptions
  readonly #told = new Set<number>()
  /** What the look before has found, and for whom it looked. */
  #before: { readonly last: number; readonly userIds: ReadonlySet<number> } | undefined
  readonly #stop: () => void

  constructor(options: LostNewsOptions) {
    this.#options = options
    this.#stop = repeat(options.timers, LOOK_EVERY_MS, () => this.#look())
  }

  end(): void {
    this.#stop()
  }

  /** False where the person's windows here were told already. */
  isNews(id: number): boolean {
    if (this.#told.has(id)) return false
    this.#told.add(id)
    const [oldest] = this.#told
    if (this.#told.size > REMEMBERED && oldest !== undefined) this.#told.delete(oldest)
    return true
  }

  /** Never rejects: what can't be read now is read a second later. */
  async #look(): Promise<void> {
    const { source, tell, isDatabaseAway, note } = this.#options
    if (isDatabaseAway()) return
    try {
      const before = this.#before
      const userIds = this.#options.userIds()
      const after = before === undefined ? undefined : Math.max(0, before.last - LATE_IDS)
      const { last, news } = await source.notificationsAfter(userIds, after)
      this.#before = { last, userIds: new Set(userIds) }
      for (const one of news) {
        // What was there before somebody came is in the count of unread that they came in with.
        const isOld =
          before?.userIds.has(one.userId) !== true && one.notification.id <= (before?.last ?? last)
        if (this.isNews(one.notification.id) && !isOld) tell(one)
      }
    } catch (error) {
      note('lost_news_failed', { error })
    }
  }
}

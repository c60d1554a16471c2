import { type CardChanges, LIMITS } from '@storyweave/protocol'
import type { Author } from './documents/row.ts'
import type { ConnectionId, Millis } from './ports.ts'

/** One author's changes of one card, to be told to readers that do not have the document open. */
export interface CardNews {
  readonly beatId: number
  readonly author: Author
  changes: CardChanges
  /** The socket they came from: it knows. */
  readonly except: ConnectionId | undefined
}

/** Card changes on their way out: for one beat and author merged, and at most ten a second. */
export class CardNewsDesk {
  readonly #waiting = new Map<string, CardNews>()
  readonly #toldAt = new Map<string, Millis>()

  /** Keeps the news; the answer is when they should go out. */
  take(
    beatId: number,
    changes: CardChanges,
    author: Author,
    except: ConnectionId | undefined,
    now: Millis,
  ): Millis {
    const topic = `${beatId} ${author.userId} ${except ?? ''}`
    const waiting = this.#waiting.get(topic)
    if (waiting === undefined) this.#waiting.set(topic, { beatId, author, changes, except })
    else waiting.changes = { ...waiting.changes, ...changes }
    return Math.max(now, (this.#toldAt.get(topic) ?? 0) + LIMITS.editIntervalMs)
  }

  due(now: Millis): CardNews[] {
    const due: CardNews[] = []
    for (const [topic, news] of this.#waiting) {
      if (now < (this.#toldAt.get(topic) ?? 0) + LIMITS.editIntervalMs) continue
      this.#waiting.delete(topic)
      this.#toldAt.set(topic, now)
      due.push(news)
    }
    for (const [topic, at] of this.#toldAt)
      if (now - at >= LIMITS.editIntervalMs && !this.#waiting.has(topic) && at !== now)
        this.#toldAt.delete(topic)
    return due
  }

  /** When the next news are due; undefined where there are none. */
  next(): Millis | undefined {
    const times = [...this.#waiting.keys()].map(
      (topic) => (this.#toldAt.get(topic) ?? 0) + LIMITS.editIntervalMs,
    )
    return times.length === 0 ? undefined : Math.min(...times)
  }
}

import type { ExpiredLock, Lock, LockKeeper, LockWish, Millis } from './ports.ts'

/** Locks in memory, as strict as the real ones. */
export class MemoryLocks implements LockKeeper {
  readonly #kept = new Map<number, Lock & { readonly storyId: number }>()
  readonly #now: () => Millis

  constructor(now: () => Millis) {
    this.#now = now
  }

  #standing(beatId: number) {
    const lock = this.#kept.get(beatId)
    return lock === undefined || lock.expiresAt <= this.#now() ? undefined : lock
  }

  async take(storyId: number, wish: Extract<LockWish, { kind: 'take' }>): Promise<Lock> {
    const { beatId, userId, durationMs } = wish
    const standing = this.#standing(beatId)
    if (standing !== undefined && standing.userId !== userId) return standing
    return this.#keep(storyId, beatId, userId, durationMs)
  }

  #keep(storyId: number, beatId: number, userId: number, durationMs: number): Lock {
    const expiresAt = this.#now() + durationMs
    const lock = { storyId, beatId, userId, userName: `Person ${userId}`, expiresAt }
    this.#kept.set(beatId, lock)
    return lock
  }

  async release(beatId: number, userId: number): Promise<boolean> {
    return this.#kept.get(beatId)?.userId === userId && this.#kept.delete(beatId)
  }

  async handOver(wish: Extract<LockWish, { kind: 'hand_over' }>): Promise<Lock | undefined> {
    const { beatId, from, to, durationMs } = wish
    const standing = this.#standing(beatId)
    return standing?.userId === from ? this.#keep(standing.storyId, beatId, to, durationMs) : undefined
  }

  async look(_storyId: number, beatId: number): Promise<Lock | undefined> {
    return this.#standing(beatId)
  }

  async touch(): Promise<void> {}

  async sweep(): Promise<readonly ExpiredLock[]> {
    const expired = [...this.#kept.values()].filter(({ expiresAt }) => expiresAt <= this.#now())
    for (const { beatId } of expired) this.#kept.delete(beatId)
    return expired.map((lock) => ({ ...lock, reason: 'expired' }))
  }
}

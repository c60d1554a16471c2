import { Fault } from '@storyweave/protocol'
import { kindOf } from '../db/kind.ts'
import { leaseTime } from '../db/lock-keeper.ts'
import type { StoryChange } from './story-change.ts'

type Door = Pick<StoryChange, 'trx' | 'author' | 'at'>

/**
 * While a lock stands its holder alone changes the beat's card, scenes and structure, by whatever road. The beats'
 * rows stay locked until the change ends: a lock that is taken at this moment comes before it or after it.
 * @throws Fault `beat_locked` where one of the beats is somebody else's at this moment.
 */
export async function requireUnlocked(door: Door, ...beatIds: readonly number[]): Promise<void> {
  if (beatIds.length === 0) return
  await lockRows(door, beatIds)
  const [lock] = await locksOfOthers(door, beatIds)
  if (lock === undefined) return
  throw new Fault('beat_locked', `${lock.name} has locked this beat: ask for it, or wait until it is free.`, {
    locked_by: lock.user_id,
    locked_by_name: lock.name,
    expires_at: new Date(lock.expires_at).toISOString(),
  })
}

/** Which of the beats are somebody else's at this moment. */
export async function lockedByOthers(door: Door, beatIds: readonly number[]): Promise<ReadonlySet<number>> {
  return new Set((await locksOfOthers(door, beatIds)).map(({ beat_id }) => beat_id))
}

/** In order of their ids, as everyone locks beats; SQLite has one writer, whose transaction holds the whole file. */
async function lockRows({ trx }: Door, beatIds: readonly number[]): Promise<void> {
  if (kindOf(trx) !== 'postgres') return
  await trx
    .selectFrom('beats')
    .select('id')
    .where('id', 'in', beatIds)
    .orderBy('id')
    .forNoKeyUpdate()
    .execute()
}

async function locksOfOthers({ trx, author, at }: Door, beatIds: readonly number[]) {
  if (beatIds.length === 0) return []
  return trx
    .selectFrom('beat_locks')
    .innerJoin('users', 'users.id', 'beat_locks.user_id')
    .select(['beat_locks.beat_id', 'beat_locks.user_id', 'users.name', 'beat_locks.expires_at'])
    .where('beat_locks.beat_id', 'in', beatIds)
    .where('beat_locks.user_id', '!=', author.userId)
    .where('beat_locks.expires_at', '>', leaseTime(trx, kindOf(trx) === 'postgres' ? undefined : () => at))
    .execute()
}

import type { LockNotice } from '../../room/ports.ts'
import type { ApiContext } from '../context.ts'
import { notifyPerson } from './notices.ts'

/** Tells one person of a lock that is asked for, given to them, or taken from them. */
export async function notifyOfLock(
  api: Pick<ApiContext, 'db' | 'clock' | 'rooms' | 'mailer'>,
  storyId: number,
  { userId, kind, beatId, actorId, actorName }: LockNotice,
): Promise<void> {
  const beat = await api.db.selectFrom('beats').select('title').where('id', '=', beatId).executeTakeFirst()
  const message = sentence(kind, actorName, beat?.title ?? '')
  const actor = { userId: actorId, name: actorName }
  await notifyPerson(api, { storyId, actor, userId, kind, message, beatId })
}

function sentence(kind: LockNotice['kind'], who: string, title: string): string {
  const beat = title.trim() === '' ? 'a beat' : `“${title}”`
  switch (kind) {
    case 'lock_requested':
      return `${who} asks you for the lock on ${beat}.`
    case 'lock_granted':
      return `${who} gave you the lock on ${beat}.`
    case 'lock_overridden':
      return `${who} ended your lock on ${beat}.`
  }
}

import { provenAddress, type QueuedBundle, titleOfStory, unmailed } from '../db/repositories/mails.ts'
import { roleIn } from '../db/repositories/permissions.ts'
import type { Queries } from '../db/repositories/queries.ts'
import { storeUnsubscribeToken, wantsEmail } from '../db/repositories/unsubscribe.ts'
import { type Letter, writeLetter } from './letter.ts'
import { bundleWording } from './wordings.ts'

/** As hard to guess as a session's token. */
const TOKEN_BYTES = 32

export interface BundleParts {
  readonly db: Queries
  readonly baseUrl: string
  readonly random: (bytes: number) => Uint8Array
}

export interface Bundle {
  /** What it is about: settled with it, whether there is a letter or not. */
  readonly notificationIds: readonly number[]
  /** Undefined where there is nothing to send, or nobody to send it to. */
  readonly letter: Letter | undefined
  /** The same until it has been sent, and never used again: a notification is mailed once. */
  readonly key: string
}

/** Writes a person's bundle as it stands now: what is still unread, for who still may read the story and wants it. */
export async function writeBundle(
  { db, baseUrl, random }: BundleParts,
  { userId, storyId }: Pick<QueuedBundle, 'userId' | 'storyId'>,
  now: number,
): Promise<Bundle> {
  const unread = await unmailed(db, { userId, storyId, now })
  const notificationIds = unread.map(({ id }) => id)
  const key = `${userId}.${storyId}.${unread[0]?.id ?? 0}.${unread[0]?.at ?? 0}`
  const title = await titleOfStory(db, storyId)
  const email = await addressFor(db, userId, storyId)
  if (unread.length === 0 || title === undefined || email === undefined) {
    return { notificationIds, key, letter: undefined }
  }
  const token = Buffer.from(random(TOKEN_BYTES)).toString('base64url')
  await storeUnsubscribeToken(db, { token, userId, now })
  const storyLink = `${baseUrl}/stories/${storyId}`
  const wording = bundleWording({
    storyTitle: title,
    storyLink,
    items: unread.map(({ message, beatId }) => ({
      text: message,
      link: beatId === null ? storyLink : `${storyLink}/beats/${beatId}`,
    })),
    unsubscribe: `${baseUrl}/collaboration/unsubscribe?token=${token}`,
  })
  return { notificationIds, key, letter: writeLetter(email, wording) }
}

async function addressFor(db: Queries, userId: number, storyId: number): Promise<string | undefined> {
  if ((await roleIn(db, storyId, userId)) === undefined) return undefined
  if (!(await wantsEmail(db, userId))) return undefined
  return (await provenAddress(db, userId))?.email
}

import { RowMaker, typing } from '../log/testing.ts'
import type { Database } from '../open.ts'
import { addMember, addStory, addUser, TEST_TIME } from '../testing.ts'

const times = { created_at: TEST_TIME, updated_at: TEST_TIME }
const authTimes = { created_at: new Date(TEST_TIME), updated_at: new Date(TEST_TIME + 1) }
const later = TEST_TIME + 3_600_000

/** A house with something in every table, and the last id of most of them given to somebody who is gone. */
export async function fillHouse(database: Database): Promise<void> {
  const { db } = database
  const { userId, storyId, beatIds } = await addStory(database, { beats: 3 })
  const bob = await addMember(database, storyId, { name: 'Bob “Ö” 😀 \\ \' "' })
  await addPeople(database, userId)
  await addSharing(database, storyId, userId, bob)
  await addDocuments(database, storyId, beatIds, userId)
  await addTalk(database, storyId, beatIds, userId, bob)
  const gone = await addUser(database, { name: 'Gone' })
  await db.deleteFrom('users').where('id', '=', gone).execute()
  const beat = beatIds.at(-1) ?? 0
  await db.deleteFrom('beats').where('id', '=', beat).execute()
}

async function addPeople({ db }: Database, userId: number): Promise<void> {
  await db
    .insertInto('house')
    .values({ id: 1, owner_id: userId, mode: 'accounts', created_at: 1, secret_fingerprint: 'f' })
    .execute()
  await db
    .insertInto('foreign_users')
    .values({ iss: 'https://a.example', sub: 'Zoë', user_id: userId })
    .execute()
  await db
    .insertInto('sessions')
    .values({
      ...{ user_id: userId, token: 'session-token', expires_at: new Date(later), ...authTimes },
      ...{ ip_address: null, user_agent: 'Firefox' },
    })
    .execute()
  const tokens = { access_token: null, refresh_token: null, id_token: null, scope: null }
  await db
    .insertInto('accounts')
    .values({
      ...{ user_id: userId, account_id: '1', provider_id: 'credential', password: 'salt:hash' },
      ...{ access_token_expires_at: null, refresh_token_expires_at: null, ...tokens, ...authTimes },
    })
    .execute()
  const verification = { identifier: 'reset', value: '1', expires_at: new Date(later) }
  await db
    .insertInto('verifications')
    .values({ ...verification, ...authTimes })
    .execute()
  const { created_at } = authTimes
  await db
    .insertInto('jwks')
    .values({
      public_key: '{}',
      private_key: 'sealed',
      alg: 'EdDSA',
      crv: null,
      created_at,
      expires_at: null,
    })
    .execute()
  await db
    .insertInto('tickets')
    .values({ hash: 'h', user_id: userId, session_id: '1', session_expires_at: later, expires_at: later })
    .execute()
  await db
    .insertInto('idempotency_keys')
    .values({ user_id: userId, scope: 'house', key: 'k', status: 201, result: '{"id":1}', created_at: 1 })
    .execute()
  await db
    .insertInto('host_tokens')
    .values({ name: 'wiki', token_hash: 't', created_at: 1, revoked_at: null })
    .execute()
  await db.insertInto('notification_preferences').values({ user_id: userId, email: false }).execute()
  await db.insertInto('unsubscribe_tokens').values({ hash: 'u', user_id: userId, created_at: 1 }).execute()
  await db.insertInto('rate_counts').values({ key: 'r', count: 2, ends_at: later }).execute()
  await db.insertInto('growing_waits').values({ key: 'g', count: 3, last_at: 1, next_at: later }).execute()
}

async function addSharing({ db }: Database, storyId: number, userId: number, bob: number): Promise<void> {
  const link = { story_id: storyId, role: 'viewer', token_hash: 'l', passcode_hash: null } as const
  const { id } = await db
    .insertInto('share_links')
    .values({
      ...link,
      enabled: false,
      expires_at: later,
      max_uses: 5,
      uses: 1,
      created_by: userId,
      ...times,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await db
    .insertInto('link_guests')
    .values({ link_id: id, user_id: bob, removed_at: null, created_at: 1 })
    .execute()
  await db.updateTable('story_permissions').set({ link_id: id }).where('user_id', '=', bob).execute()
  const invitation = { story_id: storyId, email: 'c@example.com', role: 'editor', token_hash: 'i' } as const
  await db
    .insertInto('invitations')
    .values({ ...invitation, invited_by: userId, expires_at: later, ...times })
    .execute()
}

async function addDocuments(
  { db, log }: Database,
  storyId: number,
  [beatId = 0, otherId = 0]: readonly number[],
  userId: number,
): Promise<void> {
  const rows = new RowMaker(storyId)
  const words = (id: number, text: string, client: number) =>
    typing(text, client).map((bytes) => rows.make({ beatId: id, userId, bytes, newClients: [client] }))
  // More than one batch of the copy reads at a time.
  await log.appendBatch(
    words(beatId, 'Rain on the lighthouse, and no ship for days. '.repeat(6), 4_294_967_295),
  )
  await log.appendBatch(words(otherId, 'Dawn', 7))
  await log.compact(otherId)
  await log.appendBatch(words(otherId, 'Dusk', 8))
  await db
    .insertInto('scenes')
    .values({
      ...{ beat_id: beatId, key: 'k1', position: 'a0', title: null, plain_text: 'Rain\n😀', word_count: 1 },
      ...{ deleted_at: null, ...times },
    })
    .execute()
  const lock = { beat_id: beatId, story_id: storyId, user_id: userId, acquired_at: 1, expires_at: later }
  await db
    .insertInto('beat_locks')
    .values({ ...lock, seen_at: 2, active_at: 3 })
    .execute()
}

async function addTalk(
  { db }: Database,
  storyId: number,
  [beatId = 0]: readonly number[],
  userId: number,
  bob: number,
): Promise<void> {
  await db
    .insertInto('story_events')
    .values({ story_id: storyId, story_seq: 1, event: '{}', created_at: 1 })
    .execute()
  const chat = {
    story_id: storyId,
    user_id: bob,
    mentions: '[]',
    beats: '[]',
    client_id: null,
    created_at: 1,
  }
  await db
    .insertInto('chat_messages')
    .values({ ...chat, message: 'Hello' })
    .execute()
  const comment = { story_id: storyId, user_id: userId, mentions: '[1]', anchor: null, quote: null, ...times }
  const { id } = await db
    .insertInto('story_comments')
    .values({
      ...{ ...comment, parent_comment_id: null, beat_id: beatId, scene_id: null, content: 'Why rain?' },
      ...{ lost: true, resolved: false, resolved_by: null, deleted_at: null },
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await db
    .insertInto('story_comments')
    .values({
      ...{ ...comment, parent_comment_id: id, beat_id: null, scene_id: null, content: 'It is a mood.' },
      ...{ resolved_by: null, deleted_at: null },
    })
    .execute()
  const nothing = { scene_id: null, chat_message_id: null, read_at: null, mailed_at: null }
  await db
    .insertInto('notifications')
    .values({
      ...{ user_id: userId, kind: 'replied', message: 'Bob replied', story_id: storyId, actor_id: bob },
      ...{ beat_id: beatId, comment_id: id, created_at: 1, ...nothing },
    })
    .execute()
  const mail = { user_id: null, story_id: null, due_at: 1, claimed_until: null, sent_at: null }
  await db
    .insertInto('mails')
    .values({ ...mail, letter: 'sealed', expires_at: later })
    .execute()
}

import type { StoryEvent } from '@storyweave/protocol'
import type { Principal } from '../access/principal.ts'
import type { StoryAction } from '../access/rights.ts'
import { appendInTransaction } from '../db/log/append.ts'
import { storeEvents } from '../db/repositories/events.ts'
import type { StoryAccess } from '../db/repositories/permissions.ts'
import { isoTime } from '../db/repositories/present.ts'
import { type Trx, transact } from '../db/repositories/queries.ts'
import { lockStory } from '../db/repositories/stories.ts'
import type { ForeignRow } from '../room/ports.ts'
import { noStory, requireStory } from './access.ts'
import { type Answer, answerBefore, answerOnce, storyScope } from './command.ts'
import type { ApiContext } from './context.ts'
import { orInDoubt } from './in-doubt.ts'
import { type Notice, storeNotices, tellNotices } from './notifications/notices.ts'

type Without<Event, Keys extends PropertyKey> = Event extends unknown ? Omit<Event, Keys> : never

/** A durable event as its maker knows it: its number, author and time are the change's. */
export type StoryNews = Without<StoryEvent, 'story_seq' | 'user_id' | 'user_name' | 'timestamp'>

/** A story while it is being changed: its row is locked, and what happens becomes true all at once. */
export class StoryChange {
  readonly trx: Trx
  readonly access: StoryAccess
  readonly author: Principal
  /** Milliseconds since 1970 UTC. */
  readonly at: number
  readonly events: StoryEvent[] = []
  readonly notices: Notice[] = []
  /** Set by whatever changes somebody's rights: open sockets are asked again. */
  rightsChanged = false
  /** Rows appended to beats' logs, by beat. */
  readonly rows = new Map<number, ForeignRow[]>()

  constructor(trx: Trx, access: StoryAccess, author: Principal, at: number) {
    this.trx = trx
    this.access = access
    this.author = author
    this.at = at
  }

  get storyId(): number {
    return this.access.story.id
  }

  /** Numbers an event; it is kept with the change, and told when the change is on disk. */
  tell(news: StoryNews): void {
    this.events.push({
      ...news,
      story_seq: this.access.story.story_seq + this.events.length + 1,
      user_id: this.author.userId,
      user_name: this.author.name,
      timestamp: isoTime(this.at),
    })
  }

  /** Says that this concerns a person: kept with the change, told when the change is on disk; see `storeNotices`. */
  notify(notice: Notice): void {
    this.notices.push(notice)
  }

  /**
   * Appends an update of the author's, written under the fresh `clientId`, to a beat's log; beats in order of their ids.
   * @returns the row's `seq`.
   */
  async append(beatId: number, { bytes, clientId }: WrittenUpdate): Promise<number> {
    const { userId } = this.author
    const seq = await appendInTransaction(this.trx, {
      beatId,
      bytes,
      userId,
      newClients: [clientId],
      at: this.at,
    })
    this.rows.set(beatId, [...(this.rows.get(beatId) ?? []), { seq, bytes, userId }])
    return seq
  }
}

/** A Yjs update, encoding V1, and the client id it was written under. */
export interface WrittenUpdate {
  readonly bytes: Uint8Array
  readonly clientId: number
}

export interface StoryCommand {
  readonly principal: Principal
  readonly storyId: number
  readonly action: StoryAction
  /** The caller's own name for the command; undefined: it is done each time. */
  readonly key?: string | undefined
  /** HTTP status of its answer; 200 if not said. */
  readonly status?: number
}

/**
 * Changes a story in one transaction, then tells its room. The right is asked again under the story's lock, so that a
 * role that ends at this moment ends before or after it, and not during.
 * `work` may run more than once, and asks nothing but `change.trx`.
 */
export async function changeStory<Body>(
  api: ApiContext,
  { principal, storyId, action, key, status = 200 }: StoryCommand,
  work: (change: StoryChange) => Promise<Body>,
): Promise<Answer<Body>> {
  const at = api.clock.now()
  const changed = transact(api.db, async (trx) => {
    if ((await lockStory(trx, storyId, at)) === undefined) throw noStory()
    const access = await requireStory(trx, { principal, storyId, action })
    const change = new StoryChange(trx, access, principal, at)
    const command = { userId: principal.userId, scope: storyScope(storyId), key, status }
    const answer = await answerOnce(trx, command, at, () => work(change))
    await storeEvents(trx, storyId, change.events, at)
    const source = { storyId, actor: principal, at }
    const noticed = await storeNotices(trx, api, source, change.notices)
    return { change, answer, noticed }
  })
  const { change, answer, noticed } = await orInDoubt(api.rooms, storyId, changed)
  announce(api, change)
  tellNotices(api, noticed)
  return answer
}

/** The answer that a story's command got before; for what would read the documents it changed before it is done. */
export const repeatOf = <Body>(
  { db, clock }: ApiContext,
  { principal, storyId, key }: StoryCommand,
): Promise<Answer<Body> | undefined> =>
  answerBefore(db, { userId: principal.userId, scope: storyScope(storyId), key }, clock.now())

function announce({ rooms }: ApiContext, { storyId, rows, events, rightsChanged }: StoryChange): void {
  for (const [beatId, changed] of rows) rooms.documentChanged(storyId, beatId, changed)
  for (const event of events) rooms.announce(storyId, event)
  if (rightsChanged) rooms.rightsChanged(storyId)
}

import { createHash } from 'node:crypto'
import type { Bus } from './cluster/bus.ts'
import { loneBus } from './cluster/lone-bus.ts'
import { openBus } from './cluster/open-bus.ts'
import type { Config } from './config/config.ts'
import { readHeads } from './db/heads.ts'
import type { Database } from './db/open.ts'
import { notificationsAfter } from './db/repositories/notifications.ts'
import { unprojectedBeats } from './db/repositories/unprojected.ts'
import { Neighbours, NOBODY } from './host/neighbours.ts'
import type { SharedHouse } from './host/shared.ts'
import { realTimers } from './host/timers.ts'

export type Note = (event: string, details: Readonly<Record<string, unknown>>) => void

/** What a node needs to be one of several. */
export interface Nodes {
  readonly bus: Bus
  /** It meets nobody: for what it is told, it may be the only one. */
  readonly isAlone: boolean
  readonly house: SharedHouse
}

/**
 * Meets the other nodes; undefined for a house whose database is one process's own.
 * @throws BusSetupError with one message for the person who set it up.
 */
export async function meetNodes(
  { redisUrl }: Pick<Config, 'redisUrl'>,
  { kind, db }: Database,
  { nodeId, secret, note }: { readonly nodeId: string; readonly secret: string; readonly note: Note },
): Promise<Nodes | undefined> {
  if (kind === 'sqlite') return undefined
  const bus =
    redisUrl === undefined
      ? loneBus
      : await openBus({ url: redisUrl, nodeId, timers: realTimers, note, prefix: prefixOf(secret) })
  const messenger = redisUrl === undefined ? NOBODY : bus
  const house: SharedHouse = {
    neighbours: new Neighbours({ messenger, note }),
    readHeads: async (asked) => {
      const { changed, ...heads } = await readHeads(db, asked)
      return { ...heads, changed: changed.map(asProjection) }
    },
    unprojected: (storyId) => unprojectedBeats(db, storyId),
    notificationsAfter: (userIds, id) => notificationsAfter(db, userIds, id),
  }
  return { bus, house, isAlone: redisUrl === undefined }
}

/** Houses that share a Redis do not hear each other: only nodes of one house have its secret. */
const prefixOf = (secret: string): string =>
  `storyweave:${createHash('sha256').update(`bus of ${secret}`).digest('hex').slice(0, 16)}:`

type Changed = Awaited<ReturnType<typeof readHeads>>['changed'][number]

const asProjection = ({ title, goal, conflict, outcome, scenes, ...beat }: Changed) => ({
  ...beat,
  card: { title, goal, conflict, outcome },
  scenes: scenes.map(({ key, word_count }) => ({ key, wordCount: word_count })),
})

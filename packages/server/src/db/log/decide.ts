import type { AppendResult, AppendRow } from '../../room/ports.ts'

/** What the log must know of the database to decide about rows; the beats' heads stay locked meanwhile. */
export interface LogState {
  /** The beats that rows name and that are there; deciding moves their heads. */
  readonly beats: Map<number, BeatState>
  /** The `seq` that counters of this node have already; deciding adds the new ones. */
  readonly repeats: Map<number, number>
  /** Who holds the locks that stand now, by beat. */
  readonly holders: ReadonlyMap<number, number>
  /** Who the clients that rows bring belong to, by `clientKey`; deciding adds the new ones. */
  readonly owners: Map<string, number>
  /** Who may write in which story, by `writerKey`; undefined where whoever asks has asked for the right already. */
  readonly writers: ReadonlySet<string> | undefined
}

export interface BeatState {
  readonly storyId: number
  /** The owner of the story's project, whose every story it is. */
  readonly ownerId: number
  /** Neither the beat nor its story is deleted. */
  readonly living: boolean
  /** The scenes whose text stands in it, deleted ones included; undefined where nobody else can move one: on SQLite. */
  readonly sceneKeys?: ReadonlySet<string>
  headSeq: number
}

export interface NumberedRow {
  readonly row: AppendRow
  readonly seq: number
}

export interface NewClient {
  readonly beatId: number
  readonly clientId: number
  readonly userId: number
}

export interface Decision {
  /** One for each row, in order. */
  readonly results: readonly AppendResult[]
  readonly updates: readonly NumberedRow[]
  readonly clients: readonly NewClient[]
}

/** A Yjs client id is a whole number. */
export const isClientId = (value: number): boolean => Number.isSafeInteger(value) && value >= 0

export const clientKey = (beatId: number, clientId: number): string => `${beatId}/${clientId}`

export const writerKey = (storyId: number, userId: number): string => `${storyId}/${userId}`

/**
 * Accepts or refuses each row by itself and numbers what is accepted. Both databases decide here, after they
 * have locked and read, so nothing that can be foreseen fails while it is written and takes its neighbours along.
 */
export function decide(rows: readonly AppendRow[], state: LogState): Decision {
  const updates: NumberedRow[] = []
  const clients: NewClient[] = []
  const results = rows.map((row): AppendResult => {
    const repeated = state.repeats.get(row.counter)
    if (repeated !== undefined) return { ok: true, seq: repeated }
    const beat = state.beats.get(row.beatId)
    if (beat === undefined || !beat.living || beat.storyId !== row.storyId)
      return { ok: false, code: 'not_found' }
    if (!mayWrite(row, beat, state)) return { ok: false, code: 'forbidden' }
    if ((state.holders.get(row.beatId) ?? row.userId) !== row.userId)
      return { ok: false, code: 'beat_locked' }
    if (!hasScenes(row, beat)) return { ok: false, code: 'bad_update' }
    if (!row.newClients.every((clientId) => isFree(row, clientId, state)))
      return { ok: false, code: 'bad_update' }
    const seq = ++beat.headSeq
    state.repeats.set(row.counter, seq)
    updates.push({ row, seq })
    clients.push(...claim(row, state))
    return { ok: true, seq }
  })
  return { results, updates, clients }
}

/** Rights may have been taken while the row waited for the database. */
const mayWrite = ({ storyId, userId }: AppendRow, { ownerId }: BeatState, { writers }: LogState): boolean =>
  writers === undefined || userId === ownerId || writers.has(writerKey(storyId, userId))

/** What was written into a scene that has moved meanwhile would stand where nobody looks. */
const hasScenes = ({ sceneKeys = [] }: AppendRow, beat: BeatState): boolean =>
  sceneKeys.every((key) => beat.sceneKeys?.has(key) ?? true)

/** In a document a client id belongs to one person. */
function isFree(row: AppendRow, clientId: number, state: LogState): boolean {
  if (!isClientId(clientId)) return false
  const owner = state.owners.get(clientKey(row.beatId, clientId))
  return owner === undefined || owner === row.userId
}

/** The row's clients that nobody has yet: they are its writer's from now on. */
function claim({ beatId, userId, newClients }: AppendRow, state: LogState): NewClient[] {
  const clients: NewClient[] = []
  for (const clientId of newClients) {
    const key = clientKey(beatId, clientId)
    if (state.owners.has(key)) continue
    state.owners.set(key, userId)
    clients.push({ beatId, clientId, userId })
  }
  return clients
}

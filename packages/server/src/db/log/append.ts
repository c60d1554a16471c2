import { Fault } from '@storyweave/protocol'
import { sql, type Transaction } from 'kysely'
import type { AppendRefusal, AppendRow } from '../../room/ports.ts'
import { kindOf } from '../kind.ts'
import { leaseTime } from '../lock-keeper.ts'
import type { Schema } from '../schema.ts'
import { type BeatState, clientKey, type Decision, decide, isClientId, type LogState } from './decide.ts'

/** The log's writing inside somebody else's transaction, on both databases. */

/** Rows written or asked for by one statement: Postgres takes 65,535 parameters, SQLite 32,766. */
const CHUNK = 1_000

type Trx = Transaction<Schema>

/** A row for a beat's log, made inside the transaction of something else. */
export interface InnerRow {
  readonly beatId: number
  /** Yjs update, encoding V1. */
  readonly bytes: Uint8Array
  readonly userId: number
  /** Yjs client ids that the update uses first, now the writer's own. */
  readonly newClients: readonly number[]
  /** Milliseconds since 1970 UTC. */
  readonly at: number
}

/**
 * Appends one row inside the caller's transaction, whose own the question of rights is, and gives its `seq`. The beat
 * stays locked until that transaction ends; who locks the story as well locks it first, and beats in id order.
 * @throws Fault `not_found` where there is no such living beat, `bad_update` where a client id is another person's.
 */
export async function appendInTransaction(trx: Trx, row: InnerRow): Promise<number> {
  const beats = await lockBeats(trx, [row])
  const storyId = beats.get(row.beatId)?.storyId ?? 0
  // Never repeated by itself, so the counter names nothing.
  const rows = [{ ...row, storyId, counter: 0 }]
  const holders = await readHolders(trx, rows)
  const owners = await readOwners(trx, rows)
  const state: LogState = { beats, repeats: new Map(), holders, owners, writers: undefined }
  const decision = decide(rows, state)
  const [result] = decision.results
  if (result?.ok !== true) throw refusal(row.beatId, result?.code ?? 'not_found')
  await write(trx, null, decision)
  return result.seq
}

function refusal(beatId: number, code: AppendRefusal): Fault {
  if (code === 'not_found') return new Fault(code, `There is no beat ${beatId}`)
  if (code === 'beat_locked') return new Fault(code, `Somebody has locked beat ${beatId}`)
  return new Fault(code, `The change of beat ${beatId} is written under another person's client id`)
}

async function lockBeats(trx: Trx, rows: readonly { beatId: number }[]): Promise<Map<number, BeatState>> {
  const ids = [...new Set(rows.map(({ beatId }) => beatId))].sort((a, b) => a - b)
  const beats = new Map<number, BeatState>()
  await inChunks(ids, async (some) => {
    // SQLite has one writer, whose transaction holds the whole file: it needs no locks of rows.
    if (kindOf(trx) === 'postgres') {
      await trx
        .selectFrom('beats')
        .select('id')
        .where('id', 'in', some)
        .orderBy('id')
        .forNoKeyUpdate()
        .execute()
    }
    for (const beat of await readBeats(trx, some)) {
      const living = beat.deleted_at === null && beat.story_deleted_at === null
      beats.set(beat.id, { storyId: beat.story_id, ownerId: beat.owner_id, headSeq: beat.head_seq, living })
    }
  })
  return beats
}

const readBeats = (trx: Trx, ids: readonly number[]) =>
  trx
    .selectFrom('beats')
    .innerJoin('stories', 'stories.id', 'beats.story_id')
    .innerJoin('projects', 'projects.id', 'stories.project_id')
    .select(['beats.id', 'beats.story_id', 'beats.head_seq', 'beats.deleted_at', 'projects.owner_id'])
    .select('stories.deleted_at as story_deleted_at')
    .where('beats.id', 'in', ids)
    .execute()

/** Whoever took a lock before these beats were locked is seen here; whoever takes one now waits for this transaction. */
async function readHolders(trx: Trx, rows: readonly InnerRow[]): Promise<Map<number, number>> {
  const holders = new Map<number, number>()
  const latest = Math.max(...rows.map(({ at }) => at))
  const now = leaseTime(trx, kindOf(trx) === 'postgres' ? undefined : () => latest)
  await inChunks([...new Set(rows.map(({ beatId }) => beatId))], async (some) => {
    const standing = await trx
      .selectFrom('beat_locks')
      .select(['beat_id', 'user_id'])
      .where('beat_id', 'in', some)
      .where('expires_at', '>', now)
      .execute()
    for (const { beat_id, user_id } of standing) holders.set(beat_id, user_id)
  })
  return holders
}

async function readOwners(trx: Trx, rows: readonly AppendRow[]): Promise<Map<string, number>> {
  const owners = new Map<string, number>()
  for (const { beatId, newClients } of rows) {
    await inChunks(newClients.filter(isClientId), async (some) => {
      const found = await trx
        .selectFrom('document_clients')
        .select(['client_id', 'user_id'])
        .where('beat_id', '=', beatId)
        .where('client_id', 'in', some)
        .execute()
      for (const { client_id, user_id } of found) owners.set(clientKey(beatId, client_id), user_id)
    })
  }
  return owners
}

/** @param nodeId null for rows that no node repeats. */
async function write(trx: Trx, nodeId: string | null, { updates, clients }: Decision): Promise<void> {
  await inChunks(updates, async (some) => {
    const values = some.map(({ row, seq }) => ({
      beat_id: row.beatId,
      seq,
      bytes: row.bytes,
      user_id: row.userId,
      node_id: nodeId,
      node_counter: nodeId === null ? null : row.counter,
      created_at: row.at,
    }))
    await trx.insertInto('document_updates').values(values).execute()
  })
  await inChunks(clients, async (some) => {
    const values = some.map(({ beatId, clientId, userId }) => ({
      beat_id: beatId,
      client_id: clientId,
      user_id: userId,
    }))
    await trx.insertInto('document_clients').values(values).execute()
  })
  await inChunks([...new Set(updates.map(({ row }) => row.beatId))], (some) => moveHeads(trx, some))
}

/** One statement for all beats: their last rows are those that have just been inserted. */
async function moveHeads(trx: Trx, beatIds: readonly number[]): Promise<void> {
  const lastSeq = sql<number>`(select max(u.seq) from document_updates u where u.beat_id = beats.id)`
  await trx.updateTable('beats').set({ head_seq: lastSeq }).where('id', 'in', beatIds).execute()
}

async function inChunks<T>(items: readonly T[], task: (some: readonly T[]) => Promise<void>): Promise<void> {
  for (let from = 0; from < items.length; from += CHUNK) await task(items.slice(from, from + CHUNK))
}

import type { Pool, PoolClient } from 'pg'
import type { AppendResult, AppendRow } from '../../room/ports.ts'
import { POSTGRES_NOW } from '../lock-keeper.ts'
import {
  type BeatState,
  clientKey,
  type Decision,
  decide,
  isClientId,
  type LogState,
  type NumberedRow,
  writerKey,
} from '../log/decide.ts'

/** Rows written by one statement: Postgres takes 65,535 parameters. */
const CHUNK = 1_000

/**
 * Appends the rows in one transaction of four statements; each row is accepted or refused by itself. By hand, not by
 * the query builder: nothing else runs as often, and every way to the database and back counts.
 * The beats are locked first, in order of their ids, and only then read: a statement that waited for a lock and read
 * in one would have read what was there before it waited.
 */
export async function appendBatch(
  pool: Pool,
  nodeId: string,
  rows: readonly AppendRow[],
): Promise<readonly AppendResult[]> {
  if (rows.length === 0) return []
  const client = await pool.connect()
  try {
    const beatIds = [...new Set(rows.map(({ beatId }) => beatId))]
    await client.query(beginWith(beatIds))
    const decision = decide(rows, await read(client, nodeId, beatIds, rows))
    await write(client, nodeId, decision)
    await client.query('commit')
    client.release()
    return decision.results
  } catch (error) {
    await giveUp(client)
    throw error
  }
}

/** A connection on which the transaction can't be undone is given up, which undoes it. */
async function giveUp(client: PoolClient): Promise<void> {
  try {
    await client.query('rollback')
    client.release()
  } catch (error) {
    client.release(error instanceof Error ? error : true)
  }
}

/** Several statements at once take no parameters; ids are whole numbers. */
const beginWith = (beatIds: readonly number[]): string =>
  `begin isolation level read committed;
   select id from beats where id in (${beatIds.map(Math.trunc).join(', ')}) order by id for no key update`

/** What `READ` gives, each in the order of its columns. */
interface Found {
  readonly beats: readonly [number, number, number, boolean, number, readonly string[]][]
  readonly repeats: readonly [number, number][]
  readonly holders: readonly [number, number][]
  readonly writers: readonly [number, number][]
  readonly owners: readonly [number, number, number][]
}

const arrayOf = (columns: string, rest: string): string =>
  `(select coalesce(json_agg(json_build_array(${columns})), '[]') ${rest})`

/** Whoever took a lock before these beats were locked is seen here; whoever takes one now waits for this transaction. */
const READ = `select
  ${arrayOf(
    `b.id, b.story_id, b.head_seq, b.deleted_at is null and s.deleted_at is null, p.owner_id,
     array(select key from scenes where scenes.beat_id = b.id)`,
    `from beats b join stories s on s.id = b.story_id join projects p on p.id = s.project_id
     where b.id = any($1::integer[])`,
  )} as beats,
  ${arrayOf(
    'node_counter, seq',
    'from document_updates where node_id = $2 and node_counter = any($3::bigint[])',
  )} as repeats,
  ${arrayOf(
    'beat_id, user_id',
    `from beat_locks where beat_id = any($1::integer[]) and expires_at > ${POSTGRES_NOW}`,
  )} as holders,
  ${arrayOf(
    'story_id, user_id',
    `from story_permissions
     where story_id = any($4::integer[]) and user_id = any($5::integer[]) and role in ('owner', 'editor')`,
  )} as writers,
  ${arrayOf(
    'c.beat_id, c.client_id, c.user_id',
    `from document_clients c
     join unnest($6::integer[], $7::bigint[]) as asked(beat_id, client_id) using (beat_id, client_id)`,
  )} as owners`

async function read(
  client: PoolClient,
  nodeId: string,
  beatIds: readonly number[],
  rows: readonly AppendRow[],
): Promise<LogState> {
  const clients = rows.flatMap(({ beatId, newClients }) =>
    newClients.filter(isClientId).map((clientId) => [beatId, clientId] as const),
  )
  const result = await client.query<Found>({
    name: 'storyweave-append-read',
    text: READ,
    values: [
      beatIds,
      nodeId,
      rows.map(({ counter }) => counter),
      [...new Set(rows.map(({ storyId }) => storyId))],
      [...new Set(rows.map(({ userId }) => userId))],
      clients.map(([beatId]) => beatId),
      clients.map(([, clientId]) => clientId),
    ],
  })
  const [found] = result.rows
  if (found === undefined) throw new Error('A statement without a condition gives a row.')
  return {
    beats: new Map(found.beats.map(beatOf)),
    repeats: new Map(found.repeats),
    holders: new Map(found.holders),
    writers: new Set(found.writers.map(([storyId, userId]) => writerKey(storyId, userId))),
    owners: new Map(found.owners.map(([beatId, id, userId]) => [clientKey(beatId, id), userId])),
  }
}

const beatOf = ([id, storyId, headSeq, living, ownerId, keys]: Found['beats'][number]): [
  number,
  BeatState,
] => [id, { storyId, headSeq, living, ownerId, sceneKeys: new Set(keys) }]

async function write(client: PoolClient, nodeId: string, { updates, clients }: Decision): Promise<void> {
  const heads = new Map(updates.map(({ row, seq }) => [row.beatId, seq]))
  const rest = [
    [...heads.keys()],
    [...heads.values()],
    clients.map(({ beatId }) => beatId),
    clients.map(({ clientId }) => clientId),
    clients.map(({ userId }) => userId),
  ]
  for (let from = 0; from < updates.length; from += CHUNK) {
    const some = updates.slice(from, from + CHUNK)
    const values = some.flatMap((update) => valuesOf(nodeId, update))
    // The first statement brings the rest along.
    if (from > 0) await client.query(insertOf(some.length, 0), values)
    else await client.query(`${WITH_REST} ${insertOf(some.length, rest.length)}`, [...rest, ...values])
  }
}

const WITH_REST = `with
  heads as (
    update beats set head_seq = head.seq from unnest($1::integer[], $2::bigint[]) as head(id, seq)
    where beats.id = head.id
  ),
  clients as (
    insert into document_clients (beat_id, client_id, user_id)
    select * from unnest($3::integer[], $4::bigint[], $5::integer[])
  )`

const COLUMNS = ['beat_id', 'seq', 'bytes', 'user_id', 'node_id', 'node_counter', 'created_at']

const valuesOf = (nodeId: string, { row, seq }: NumberedRow): unknown[] => {
  const { beatId, bytes, userId, counter, at } = row
  return [beatId, seq, bytes, userId, nodeId, counter, at]
}

/** For so many rows, whose values come behind so many other parameters. */
function insertOf(rows: number, before: number): string {
  const place = (at: number, column: number) => `$${before + at * COLUMNS.length + column + 1}`
  const row = (at: number) => `(${COLUMNS.map((_, column) => place(at, column)).join(', ')})`
  const places = Array.from({ length: rows }, (_, at) => row(at))
  return `insert into document_updates (${COLUMNS.join(', ')}) values ${places.join(', ')}`
}

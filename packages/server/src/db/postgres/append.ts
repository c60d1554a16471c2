import type { Pool, PoolClient, QueryResult } from 'pg'
import type { AppendResult, AppendRow } from '../../room/ports.ts'
import { POSTGRES_NOW } from '../lock-keeper.ts'
import {
  type BeatState,
  clientKey,
  type Decision,
  decide,
  isClientId,
  type LogState,
  writerKey,
} from '../log/decide.ts'
import { arrayOf, listed, unnested, whole } from './numbers.ts'
import { transact } from './transact.ts'

/**
 * Appends the rows in one transaction; each row is accepted or refused by itself. By hand, not by the query builder:
 * nothing else runs as often, and every way to the database and back counts. There are two, each of several statements
 * at once. Those take no parameters: what is written into them are numbers, bytes as hexadecimal digits, and the
 * node's own name.
 * The beats are locked first, in order of their ids, and only then read: a statement that waited for a lock and read
 * in one would have read what was there before it waited.
 */
export async function appendBatch(
  pool: Pool,
  nodeId: string,
  rows: readonly AppendRow[],
): Promise<readonly AppendResult[]> {
  if (rows.length === 0) return []
  return transact(pool, async (client) => {
    const node = client.escapeLiteral(nodeId)
    const decision = decide(rows, await lockAndRead(client, node, rows))
    await client.query([...writes(node, decision), 'commit'].join(';\n'))
    return decision.results
  })
}

/** What is read, each in the order of its columns. */
interface Found {
  readonly beats: readonly [number, number, number, boolean, number, readonly string[]][]
  readonly repeats: readonly [number, number][]
  readonly holders: readonly [number, number][]
  readonly writers: readonly [number, number][]
  readonly owners: readonly [number, number, number][]
}

async function lockAndRead(client: PoolClient, node: string, rows: readonly AppendRow[]): Promise<LogState> {
  const beats = arrayOf(rows.map(({ beatId }) => beatId))
  const results: unknown = await client.query(
    `begin isolation level read committed;
     select id from beats where id = any(${beats}) order by id for no key update;
     ${reading(node, rows)}`,
  )
  // Of several statements at once the driver gives as many results, which its types do not know.
  const [, , read] = results as readonly QueryResult<Found>[]
  const found = read?.rows[0]
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

/** Whoever took a lock before these beats were locked is seen here; whoever takes one now waits for this transaction. */
function reading(node: string, rows: readonly AppendRow[]): string {
  const beats = arrayOf(rows.map(({ beatId }) => beatId))
  const clients = rows.flatMap(({ beatId, newClients }) =>
    newClients.filter(isClientId).map((clientId) => [beatId, clientId] as const),
  )
  const asked = unnested([clients.map(([beatId]) => beatId), clients.map(([, clientId]) => clientId)])
  return `select
    ${foundBy(
      `b.id, b.story_id, b.head_seq, b.deleted_at is null and s.deleted_at is null, p.owner_id,
       array(select key from scenes where scenes.beat_id = b.id)`,
      `from beats b join stories s on s.id = b.story_id join projects p on p.id = s.project_id
       where b.id = any(${beats})`,
    )} as beats,
    ${foundBy(
      'node_counter, seq',
      `from document_updates
       where node_id = ${node} and node_counter = any(${arrayOf(rows.map(({ counter }) => counter))})`,
    )} as repeats,
    ${foundBy(
      'beat_id, user_id',
      `from beat_locks where beat_id = any(${beats}) and expires_at > ${POSTGRES_NOW}`,
    )} as holders,
    ${foundBy(
      'story_id, user_id',
      `from story_permissions
       where story_id = any(${arrayOf(rows.map(({ storyId }) => storyId))})
         and user_id = any(${arrayOf(rows.map(({ userId }) => userId))}) and role in ('owner', 'editor')`,
    )} as writers,
    ${foundBy(
      'c.beat_id, c.client_id, c.user_id',
      `from document_clients c join ${asked} as asked(beat_id, client_id) using (beat_id, client_id)`,
    )} as owners`
}

const foundBy = (columns: string, rest: string): string =>
  `(select coalesce(json_agg(json_build_array(${columns})), '[]') ${rest})`

function writes(node: string, { updates, clients }: Decision): string[] {
  const heads = new Map(updates.map(({ row, seq }) => [row.beatId, seq]))
  const rows = updates.map(({ row, seq }) => {
    const { beatId, bytes, userId, counter, at } = row
    const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')
    return `(${listed(beatId, seq)}, decode('${hex}', 'hex'), ${whole(userId)}, ${node}, ${listed(counter, at)})`
  })
  const owned = clients.map(({ beatId, clientId, userId }) => `(${listed(beatId, clientId, userId)})`)
  return [
    ...inserts('document_updates (beat_id, seq, bytes, user_id, node_id, node_counter, created_at)', rows),
    ...inserts('document_clients (beat_id, client_id, user_id)', owned),
    `update beats set head_seq = head.seq
     from ${unnested([[...heads.keys()], [...heads.values()]])} as head(id, seq) where beats.id = head.id`,
  ]
}

/** None where there is nothing to insert. */
const inserts = (into: string, rows: readonly string[]): string[] =>
  rows.length === 0 ? [] : [`insert into ${into} values ${rows.join(', ')}`]

import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { AppendResult, AppendRow } from '../../room/ports.ts'
import { type BeatState, clientKey, type Decision, decide, type LogState, writerKey } from '../log/decide.ts'

/** The log's batches, inside the database thread: one transaction, statements prepared once. */
export class BatchAppender {
  readonly #db: DatabaseSync
  #prepared: Statements | undefined

  constructor(db: DatabaseSync) {
    this.#db = db
  }

  append(nodeId: string, rows: readonly AppendRow[]): readonly AppendResult[] {
    this.#db.exec('begin immediate')
    try {
      // Only now: the tables are not there yet when the file is opened for the first time.
      this.#prepared ??= prepare(this.#db)
      const decision = decide(rows, read(this.#prepared, nodeId, rows))
      write(this.#prepared, nodeId, decision)
      this.#db.exec('commit')
      return decision.results
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('rollback')
      throw error
    }
  }
}

type Statements = ReturnType<typeof prepare>

const prepare = (db: DatabaseSync) =>
  ({
    beat: db.prepare(
      `select b.story_id, p.owner_id, b.head_seq, b.deleted_at is null and s.deleted_at is null as living
       from beats b join stories s on s.id = b.story_id join projects p on p.id = s.project_id where b.id = ?`,
    ),
    writer: db.prepare(
      "select 1 from story_permissions where story_id = ? and user_id = ? and role in ('owner', 'editor')",
    ),
    holder: db.prepare('select user_id from beat_locks where beat_id = ? and expires_at > ?'),
    repeat: db.prepare('select seq from document_updates where node_id = ? and node_counter = ?'),
    owner: db.prepare('select user_id from document_clients where beat_id = ? and client_id = ?'),
    insertUpdate: db.prepare(
      `insert into document_updates (beat_id, seq, bytes, user_id, node_id, node_counter, created_at)
       values (?, ?, ?, ?, ?, ?, ?)`,
    ),
    insertClient: db.prepare('insert into document_clients (beat_id, client_id, user_id) values (?, ?, ?)'),
    setHead: db.prepare('update beats set head_seq = ? where id = ?'),
  }) satisfies Record<string, StatementSync>

function read(statements: Statements, nodeId: string, rows: readonly AppendRow[]): LogState {
  const holders = new Map<number, number>()
  const writers = new Set<string>()
  const state: LogState = { beats: new Map(), repeats: new Map(), holders, owners: new Map(), writers }
  for (const { storyId, beatId, userId, counter, newClients, at } of rows) {
    const writer = writerKey(storyId, userId)
    if (!writers.has(writer) && statements.writer.get(storyId, userId) !== undefined) writers.add(writer)
    if (!state.beats.has(beatId)) {
      const beat = readBeat(statements, beatId)
      if (beat !== undefined) state.beats.set(beatId, beat)
      const holder = statements.holder.get(beatId, at)
      if (holder !== undefined) holders.set(beatId, Number(holder['user_id']))
    }
    const repeat = statements.repeat.get(nodeId, counter)
    if (repeat !== undefined) state.repeats.set(counter, Number(repeat['seq']))
    for (const clientId of newClients) {
      const owner = statements.owner.get(beatId, clientId)
      if (owner !== undefined) state.owners.set(clientKey(beatId, clientId), Number(owner['user_id']))
    }
  }
  return state
}

function readBeat(statements: Statements, beatId: number): BeatState | undefined {
  const row = statements.beat.get(beatId)
  if (row === undefined) return undefined
  const { story_id, owner_id, head_seq, living } = row
  const [storyId, ownerId, headSeq] = [Number(story_id), Number(owner_id), Number(head_seq)]
  return { storyId, ownerId, headSeq, living: living === 1 }
}

function write(statements: Statements, nodeId: string, { updates, clients }: Decision): void {
  const heads = new Map<number, number>()
  for (const { row, seq } of updates) {
    const { beatId, bytes, userId, counter, at } = row
    statements.insertUpdate.run(beatId, seq, bytes, userId, nodeId, counter, at)
    heads.set(beatId, seq)
  }
  for (const { beatId, clientId, userId } of clients) statements.insertClient.run(beatId, clientId, userId)
  for (const [beatId, seq] of heads) statements.setHead.run(seq, beatId)
}

import { randomUUID } from 'node:crypto'
import { type Database, openDatabase } from '@storyweave/server/db/open.ts'
import { type Kysely, sql } from 'kysely'

/** Holds snapshots of documents back at the last moment, inside PostgreSQL, for as long as a test wants. */
export class Gate {
  readonly #database: Database
  readonly #open = new Set<() => void>()

  private constructor(database: Database) {
    this.#database = database
  }

  static async build(url: string): Promise<Gate> {
    const database = await openDatabase({
      ...{ url, connections: 4, nodeId: randomUUID(), now: Date.now },
      onError: () => undefined,
    })
    const statements = [
      sql`create table gates (beat_id int primary key, up_to int not null)`,
      sql`create function wait_at_gate() returns trigger language plpgsql as $$ begin
        if exists (select from gates g where g.beat_id = new.beat_id and new.seq <= g.up_to) then
          perform pg_advisory_xact_lock(new.beat_id);
        end if;
        return new;
      end $$`,
      sql`create trigger wait_at_gate before insert or update on document_snapshots
        for each row execute function wait_at_gate()`,
    ]
    for (const statement of statements) await statement.execute(database.db)
    return new Gate(database)
  }

  /** From now on no snapshot of the beat up to this row is written; answers with how to let them through. */
  async close(beatId: number, upTo = 2 ** 31 - 1): Promise<() => Promise<void>> {
    const { db } = this.#database
    await sql`insert into gates values (${beatId}, ${upTo})`.execute(db)
    const opened = Promise.withResolvers<void>()
    this.#open.add(opened.resolve)
    const closed = Promise.withResolvers<void>()
    const held = db.connection().execute(async (connection) => {
      await sql`select pg_advisory_lock(${beatId})`.execute(connection)
      closed.resolve()
      await opened.promise
      await sql`select pg_advisory_unlock(${beatId})`.execute(connection)
    })
    await closed.promise
    return async () => {
      opened.resolve()
      await held
    }
  }

  /** From here on snapshots of later rows pass. */
  async passAbove(beatId: number, seq: number): Promise<void> {
    await sql`update gates set up_to = ${seq} where beat_id = ${beatId}`.execute(this.#database.db)
  }

  /** How many stand before the gate. */
  async waiting(beatId: number): Promise<number> {
    const { rows } = await sql<{ count: string }>`select count(*) as count from pg_locks
      where locktype = 'advisory' and not granted and objid = ${beatId}`.execute(this.#database.db)
    return Number(rows[0]?.count)
  }

  async headOf(beatId: number): Promise<number> {
    return this.#number(sql`select head_seq as it from beats where id = ${beatId}`)
  }

  /** The row up to which the beat's snapshot speaks; 0 where there is none. */
  async snapshotOf(beatId: number): Promise<number> {
    return this.#number(
      sql`select coalesce(max(seq), 0) as it from document_snapshots where beat_id = ${beatId}`,
    )
  }

  async #number(query: ReturnType<typeof sql>): Promise<number> {
    const { rows } = await query.execute(this.#database.db as Kysely<unknown>)
    return Number((rows[0] as { it: unknown } | undefined)?.it)
  }

  /** Whoever stands there still is let through. */
  async remove(): Promise<void> {
    for (const open of this.#open) open()
    await this.#database.close()
  }
}

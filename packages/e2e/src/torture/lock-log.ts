import { type Kysely, sql } from 'kysely'

/** What PostgreSQL itself saw of locks: kept by triggers, in the transactions that did it. */

/** The server told a writer that it gave them the lock: at some moment between these two it was theirs. */
export interface LockClaim {
  readonly beatId: number
  readonly userId: number
  /** Milliseconds since 1970 UTC: when it was asked for, and when the answer came. */
  readonly askedAt: number
  readonly answeredAt: number
}

interface Holding {
  readonly beatId: number
  readonly userId: number
  readonly from: number
  readonly to: number
}

const NOW_MS = sql`(extract(epoch from clock_timestamp()) * 1000)::bigint`

export async function watchLocks(db: Kysely<never>): Promise<void> {
  const statements = [
    sql`create table torture_holds (id bigserial primary key, beat_id int, user_id int, at bigint)`,
    sql`create table torture_trespasses (beat_id int, seq int, user_id int, holder_id int)`,
    // The row as it stands after each change; no holder once it is gone.
    sql`create function torture_hold() returns trigger language plpgsql as $$ begin
      if tg_op = 'DELETE' then
        insert into torture_holds (beat_id, user_id, at) values (old.beat_id, null, ${NOW_MS});
        return old;
      end if;
      insert into torture_holds (beat_id, user_id, at) values (new.beat_id, new.user_id, ${NOW_MS});
      return new;
    end $$`,
    sql`create trigger torture_hold after insert or update of user_id or delete on beat_locks
      for each row execute function torture_hold()`,
    // A row of the log by anybody but the holder of the beat's lock.
    sql`create function torture_trespass() returns trigger language plpgsql as $$ begin
      insert into torture_trespasses (beat_id, seq, user_id, holder_id)
        select new.beat_id, new.seq, new.user_id, l.user_id from beat_locks l
        where l.beat_id = new.beat_id and l.user_id <> new.user_id and l.expires_at > ${NOW_MS};
      return new;
    end $$`,
    sql`create trigger torture_trespass after insert on document_updates
      for each row execute function torture_trespass()`,
  ]
  for (const statement of statements) await statement.execute(db)
}

/** Rows that the log took of others than the holder. */
export async function trespasses(db: Kysely<never>): Promise<number> {
  const { rows } = await sql<{ count: string }>`select count(*) as count from torture_trespasses`.execute(db)
  return Number(rows[0]?.count ?? 0)
}

/** Those of the claims that PostgreSQL knows nothing of: somebody was told that they hold what they never held. */
export async function falseClaims(
  db: Kysely<never>,
  claims: readonly LockClaim[],
): Promise<readonly LockClaim[]> {
  const holdings = Map.groupBy(await readHoldings(db), ({ beatId }) => beatId)
  const isTrue = ({ beatId, userId, askedAt, answeredAt }: LockClaim): boolean =>
    holdings
      .get(beatId)
      ?.some((held) => held.userId === userId && held.from <= answeredAt && held.to >= askedAt) === true
  return claims.filter((claim) => !isTrue(claim))
}

async function readHoldings(db: Kysely<never>): Promise<Holding[]> {
  const { rows } = await sql<{ beat_id: number; user_id: number | null; at: string }>`
    select beat_id, user_id, at from torture_holds order by id`.execute(db)
  const open = new Map<number, Holding>()
  const closed: Holding[] = []
  for (const { beat_id: beatId, user_id: userId, at } of rows) {
    const before = open.get(beatId)
    if (before !== undefined) closed.push({ ...before, to: Number(at) })
    open.delete(beatId)
    if (userId !== null) open.set(beatId, { beatId, userId, from: Number(at), to: Number.POSITIVE_INFINITY })
  }
  return [...closed, ...open.values()]
}

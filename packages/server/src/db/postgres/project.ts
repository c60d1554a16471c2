import type { Pool } from 'pg'
import type { Projection } from '../../room/ports.ts'
import { POSTGRES_NOW } from '../lock-keeper.ts'
import { arrayOf } from './numbers.ts'
import { transact } from './transact.ts'

/**
 * Writes projections as `sqlite/project.ts` does, but all of them by one statement: under load they are many. It is the
 * last before the commit: whoever asks what has changed since a time allows for what lies between.
 */
export async function projectTogether(
  pool: Pool,
  projections: readonly Projection[],
  at: number,
): Promise<void> {
  if (projections.length === 0) return
  const beats = arrayOf(projections.map(({ beatId }) => beatId))
  const values = [...valuesOf(projections), at]
  await transact(pool, async (client) => {
    await client.query(beginWith(beats))
    await client.query({ name: 'storyweave-project', text: WRITE, values })
    await client.query('commit')
  })
}

/** Stories before beats and both by id, as everyone who locks more than one row does. */
const beginWith = (beats: string): string =>
  `begin isolation level read committed;
   select id from stories where id in (select story_id from beats where id = any(${beats})) order by id
     for no key update;
   select id from beats where id = any(${beats}) order by id for no key update`

/** Each only where it is newer than what stands there; a scene whose text is as it was keeps its time. */
const WRITE = `with
  card as (
    select * from unnest($1::integer[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[])
      as card(beat_id, seq, title, goal, conflict, outcome)
  ),
  scene as (
    update scenes set
      plain_text = news.plain_text, word_count = news.word_count, projected_seq = news.seq,
      updated_at = case when scenes.plain_text = news.plain_text then scenes.updated_at else $12::bigint end
    from unnest($7::integer[], $8::bigint[], $9::text[], $10::text[], $11::integer[])
      as news(beat_id, seq, key, plain_text, word_count)
    where scenes.key = news.key and scenes.beat_id = news.beat_id and scenes.projected_seq < news.seq
    returning scenes.beat_id
  ),
  beat as (
    update beats set
      title = case when beats.projected_seq < card.seq then card.title else beats.title end,
      goal = case when beats.projected_seq < card.seq then card.goal else beats.goal end,
      conflict = case when beats.projected_seq < card.seq then card.conflict else beats.conflict end,
      outcome = case when beats.projected_seq < card.seq then card.outcome else beats.outcome end,
      updated_at = case when beats.projected_seq < card.seq then $12::bigint else beats.updated_at end,
      projected_seq = greatest(beats.projected_seq, card.seq),
      projected_at = ${POSTGRES_NOW}
    from card
    where beats.id = card.beat_id
      and (beats.projected_seq < card.seq or beats.id in (select beat_id from scene))
    returning beats.story_id
  )
  update stories set updated_at = $12::bigint where id in (select story_id from beat)`

/** In the order of the statement's parameters; of one beat or scene only the newest, as no row is written twice. */
function valuesOf(projections: readonly Projection[]): unknown[][] {
  const beats = new Map<number, Projection>()
  const scenes = new Map<string, SceneNews>()
  for (const projection of projections.toSorted((a, b) => a.seq - b.seq)) {
    const { beatId, seq } = projection
    beats.set(beatId, projection)
    for (const scene of projection.scenes) scenes.set(`${beatId}/${scene.key}`, { ...scene, beatId, seq })
  }
  const cards = [...beats.values()]
  const news = [...scenes.values()]
  return [
    cards.map(({ beatId }) => beatId),
    cards.map(({ seq }) => seq),
    cards.map(({ card }) => card.title),
    cards.map(({ card }) => card.goal),
    cards.map(({ card }) => card.conflict),
    cards.map(({ card }) => card.outcome),
    news.map(({ beatId }) => beatId),
    news.map(({ seq }) => seq),
    news.map(({ key }) => key),
    news.map(({ plainText }) => plainText),
    news.map(({ wordCount }) => wordCount),
  ]
}

type SceneNews = Projection['scenes'][number] & Pick<Projection, 'beatId' | 'seq'>

import { act, insertRefused } from './acts.ts'
import { checkEnd, Violation } from './checks.ts'
import { happen } from './events.ts'
import { NETWORK } from './line.ts'
import type { Page } from './page.ts'
import { FATE, World } from './world.ts'

/** A history that went wrong: its seed lives it again, its story says how it came to that. */
export class HistoryFailed extends Error {
  override readonly name = 'HistoryFailed'

  constructor(seed: number, story: string, cause: unknown) {
    const why =
      cause instanceof Violation ? cause.message : cause instanceof Error ? cause.stack : String(cause)
    super(`${why}\n\nLive it again with STORYWEAVE_SIM_SEED=${seed}\n\n${story}`, { cause })
  }
}

/** How a history went, for who wants to know what was tried. */
export interface Outcome {
  /** All that was noted, line by line: the same for the same seed. */
  readonly story: string
  readonly words: number
  readonly committed: number
  /** What every document says in the end. */
  readonly rows: number
}

const ACTS = 140
/** Longer than a reader's silence, a half-open socket's and the longest wait for another attempt, together. */
const PEACE_MS = 180_000
/** Everyone has left, the server forgets what nobody reads. */
const EMPTY_MS = 120_000

/** Lives one history. Throws HistoryFailed. */
export async function live(seed: number): Promise<Outcome> {
  const world = new World(seed)
  try {
    await turmoil(world)
    await peace(world)
    await checkEnd(world.pages, world)
    await farewell(world)
  } catch (error) {
    throw new HistoryFailed(seed, world.story, error)
  }
  const { words, house, rows, story } = world
  return {
    story,
    words: words.all.length,
    committed: words.all.filter(({ committed }) => committed).length,
    rows: house.beatIds.reduce((sum, id) => sum + rows.headSeq(id), 0),
  }
}

async function turmoil(world: World): Promise<void> {
  const { chance } = world
  for (const page of world.pages)
    for (const beatId of world.house.beatIds) if (chance.happens(0.8)) page.hold(beatId)
  await world.pass(chance.between(0, 300))
  for (let acts = 0; acts < ACTS; acts++) {
    if (chance.happens(0.12)) happen(world)
    else act(world)
    await world.pass(chance.weighted({ none: 3, short: 5, long: 1 }) === 'none' ? 0 : pause(world))
  }
}

const pause = ({ chance }: World): number =>
  chance.happens(0.12) ? chance.between(100, 4_000) : chance.between(1, 60)

/** Everything heals, everyone comes back, and who was refused and may write by now tries again. */
async function peace(world: World): Promise<void> {
  world.note('peace')
  world.database.heal()
  world.locks.clear()
  await world.pass(10_000)
  world.startServer()
  for (const person of world.people) person.isOffline = false
  for (const page of world.pages) for (const beatId of world.house.beatIds) page.hold(beatId)
  for (
    let passed = 0;
    passed < PEACE_MS && !world.pages.every((page) => isAtRest(world, page));
    passed += 1_000
  ) {
    for (const page of world.pages) insertAll(world, page)
    await world.pass(1_000)
  }
  await world.pass(5_000)
}

function insertAll(world: World, page: Page): void {
  if (world.house.roles.get(page.person.userId) === 'viewer') return
  for (const { id } of page.room.drawer.list()) insertRefused(world, page, id)
}

function isAtRest({ house }: World, { room, held, line }: Page): boolean {
  if (room.getSnapshot().connection.state !== 'connected' || line?.isBroken !== false) return false
  return house.beatIds.every((beatId) => {
    const { state, unsaved } = held.get(beatId)?.getSnapshot() ?? {}
    return state === 'synced' && unsaved === 0
  })
}

/** Everyone leaves: nothing may be left of them, nor of their rooms. */
async function farewell(world: World): Promise<void> {
  const { pages, scheduler, server } = world
  for (const page of pages) page.leave()
  await world.pass(EMPTY_MS)
  for (const page of pages) {
    const left = scheduler.pending(page.name) + page.listeners
    if (left > 0) throw new Violation(`${page.name} has left ${left} timers or listeners behind`)
  }
  if (server === undefined) throw new Error('There is no server.')
  const { rooms, sockets } = server.rooms.size
  if (rooms + sockets > 0) throw new Violation(`${rooms} rooms and ${sockets} sockets are left`)
  server.stop()
  for (const owner of [server.name, NETWORK, FATE]) {
    const left = scheduler.pending(owner)
    if (left > 0) throw new Violation(`${left} timers are left of ${owner}`)
  }
}

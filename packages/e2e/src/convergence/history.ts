import { LIMITS } from '@storyweave/protocol'
import { act, insertRefused } from './acts.ts'
import { checkEnd, checkLocks, checkWords, Violation } from './checks.ts'
import { checkBoard, checkCarets, checkPresence } from './company.ts'
import { LONGEST_WAY_MS } from './database.ts'
import { happen } from './events.ts'
import { OWNER } from './house.ts'
import { NETWORK } from './line.ts'
import type { Page } from './page.ts'
import { tableDefinitions } from './tables.ts'
import { watched } from './talk-acts.ts'
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
  /** How many rows there are in the logs in the end. */
  readonly rows: number
  /** How often somebody got a lock. */
  readonly locks: number
  /** Rows that the log refused, a lock or a role being against them. */
  readonly refused: number
  readonly chat: number
  /** Things done with comments. */
  readonly comments: number
}

const ACTS = 200
/** Longer than a reader's silence, a half-open socket's and the longest wait for another attempt, together. */
const PEACE_MS = 180_000
/** Everyone has left, the server forgets what nobody reads. */
const EMPTY_MS = 120_000

/** Who has left is gone for everyone. */
const GONE_MS = 4_000
/** A socket that broke without a word is given up by then. */
const SILENT_MS = LIMITS.silenceMs + LIMITS.pingMs + 5_000
/** Who was on a node that died is gone for everyone: presence that is not said again for 30 s, looked at every 10 s. */
const FORGOTTEN_MS = 42_000

/** Lives one history. Throws HistoryFailed. */
export async function live(seed: number): Promise<Outcome> {
  const world = new World(seed, await tableDefinitions())
  try {
    await turmoil(world)
    await peace(world)
    await checkEnd(world.pages, world)
    await world.talk.checkEnd(world.pages)
    await late(world)
    await parting(world)
    await farewell(world)
    return outcomeOf(world)
  } catch (error) {
    world.note('here it went wrong')
    throw new HistoryFailed(seed, world.story, error)
  } finally {
    world.tables.close()
  }
}

function outcomeOf({ words, house, rows, story, watch, talk }: World): Outcome {
  const events = talk.events()
  return {
    story,
    words: words.all.length,
    committed: words.all.filter(({ committed }) => committed).length,
    rows: house.beatIds.reduce((sum, id) => sum + rows.headSeq(id), 0),
    locks: watch.taken,
    refused: rows.refused,
    chat: events.filter(({ type }) => type === 'chat').length,
    comments: events.filter(({ type }) => type === 'comment').length,
  }
}

async function turmoil(world: World): Promise<void> {
  const { chance } = world
  for (const page of world.pages)
    for (const beatId of world.house.beatIds) if (chance.happens(0.8)) page.hold(beatId)
  await world.pass(chance.between(0, 300))
  for (let acts = 0; acts < ACTS; acts++) {
    if (chance.happens(0.12)) await happen(world)
    else act(world)
    await world.pass(chance.weighted({ none: 3, short: 5, long: 1 }) === 'none' ? 0 : pause(world))
  }
}

/** Mostly moments; now and then long enough for a lost or an idle holder's lock to end. */
function pause({ chance }: World): number {
  if (chance.happens(0.12)) return chance.between(100, 4_000)
  if (chance.happens(0.02)) return chance.between(15_000, 80_000)
  return chance.happens(0.006) ? chance.between(290_000, 330_000) : chance.between(1, 60)
}

/**
 * Everything heals and everyone comes back, while locks still stand; then these are ended, and who was refused and
 * may write by now tries again.
 */
async function peace(world: World): Promise<void> {
  world.note('peace')
  world.database.heal()
  world.fleet.net?.heal()
  await world.pass(10_000)
  world.fleet.startAll()
  for (const person of world.people) person.isOffline = false
  for (const page of world.pages) for (const beatId of world.house.beatIds) page.hold(beatId)
  await restUntil(world, (page) => isAtRest(world, page))
  checkLocks(world.pages, world.watch, world)
  await checkWords(world.pages, world)
  world.note('no more locks')
  await restUntil(world, (page) => {
    settleAll(world, page)
    return isAtRest(world, page) && knowsAll(world, page)
  })
  checkLocks(world.pages, world.watch, world)
}

/** Lets time pass until each page has come there. */
async function restUntil(world: World, isThere: (page: Page) => boolean): Promise<void> {
  for (let passed = 0; passed < PEACE_MS; passed += 1_000) {
    await world.pass(1_000)
    if (world.pages.map(isThere).every(Boolean)) break
  }
  await world.pass(5_000)
}

function settleAll(world: World, page: Page): void {
  const { room, person } = page
  if (person.userId === OWNER)
    for (const { beatId } of world.watch.standing())
      watched(world, page, room.unlockBeat(beatId), () => undefined)
  watched(world, page, room.openThreads(), () => undefined)
  watched(world, page, room.loadOlderChat(), () => undefined)
  insertAll(world, page)
}

/** All that was ever said is on the page, and nothing is locked. */
function knowsAll({ watch }: World, { room }: Page): boolean {
  const { chat, threads } = room.getSnapshot()
  return watch.standing().length === 0 && threads.state === 'ready' && !chat.hasOlder
}

function insertAll(world: World, page: Page): void {
  if (world.house.roles.get(page.person.userId) === 'viewer') return
  for (const { id } of page.room.drawer.list()) insertRefused(world, page, id)
}

function isAtRest({ house }: World, { room, held, line }: Page): boolean {
  const { connection, chat, threads } = room.getSnapshot()
  if (connection.state !== 'connected' || line?.isBroken !== false) return false
  if ([...chat.outgoing, ...threads.outgoing].some(({ state }) => state === 'pending')) return false
  return house.beatIds.every((beatId) => {
    const { state, unsaved } = held.get(beatId)?.getSnapshot() ?? {}
    return state === 'synced' && unsaved === 0
  })
}

/** Everyone stirs: by itself a caret is told again only after a while, and not by this clock. */
async function checkCompany(world: World): Promise<void> {
  const { pages, house } = world
  for (const { held } of pages)
    for (const beat of held.values())
      beat.getSnapshot().awareness.setLocalStateField('at', world.chance.below(1_000))
  await world.pass(GONE_MS)
  try {
    checkPresence(pages, house)
  } catch {
    // A server may have given up a silent socket at this very moment.
    await world.pass(1_000)
    checkPresence(pages, house)
  }
  checkCarets(pages, house.beatIds)
}

/** Somebody comes to each node, and is told how it stands. */
async function late(world: World): Promise<void> {
  await world.pass(SILENT_MS)
  for (const server of world.fleet.living) {
    const page = world.openPage(OWNER, server)
    await world.pass(3_000)
    checkBoard(page, world)
    checkLocks([page], world.watch, world)
    checkPresence(world.pages, world.house)
    page.leave()
    world.pages.pop()
  }
}

/** Some leave; and where there are several nodes one dies, whose people come back elsewhere. Soon all are seen where they are. */
async function parting(world: World): Promise<void> {
  const { pages, fleet, scheduler, chance } = world
  const going = chance.pick(world.people)
  for (const page of pages.filter(({ person }) => person === going)) {
    page.leave()
    pages.splice(pages.indexOf(page), 1)
    scheduler.after(FATE, GONE_MS, () => {
      const left = scheduler.pending(page.name) + page.listeners
      if (left > 0) world.fail(new Violation(`${page.name} has left ${left} timers or listeners behind`))
    })
  }
  await checkCompany(world)
  if (fleet.net === undefined) return
  fleet.kill()
  await restUntil(world, (page) => isAtRest(world, page))
  await world.pass(FORGOTTEN_MS)
  await checkCompany(world)
}

/** Everyone leaves: nothing may be left of them, nor of their rooms. */
async function farewell(world: World): Promise<void> {
  const { pages, scheduler, fleet } = world
  for (const page of pages) page.leave()
  await world.pass(EMPTY_MS)
  for (const page of pages) {
    const left = scheduler.pending(page.name) + page.listeners
    if (left > 0) throw new Violation(`${page.name} has left ${left} timers or listeners behind`)
  }
  for (const server of fleet.living) {
    const { name, listeners } = server
    const { rooms, sockets } = server.rooms.size
    if (rooms + sockets + listeners > 0)
      throw new Violation(`${rooms} rooms, ${sockets} sockets and ${listeners} listeners are left of ${name}`)
    server.stop()
  }
  // Whatever it has asked the database is answered.
  await world.pass(2 * LONGEST_WAY_MS)
  for (const owner of [...fleet.living.map(({ name }) => name), NETWORK, FATE]) {
    const left = scheduler.pending(owner)
    if (left > 0) throw new Violation(`${left} timers are left of ${owner}`)
  }
}

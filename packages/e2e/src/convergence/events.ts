import { CARD_FIELDS } from '@storyweave/protocol'
import { Violation } from './checks.ts'
import { OWNER, STORY, written } from './house.ts'
import { FATE, type World } from './world.ts'

/** What happens to people: in the house, in the database, to the server. */

const EVENTS = {
  kill: 2,
  away: 2,
  role: 5,
  create_beat: 2,
  delete_beat: 1,
  create_scene: 2,
  reorder: 2,
  foreign: 4,
  compact: 4,
} as const

/** What happens beside that where there are several nodes. */
const BETWEEN_NODES = { lossy: 2, cut: 2, part: 2, read: 2 } as const

const NOTHING_BETWEEN = { lossy: 0, cut: 0, part: 0, read: 0 } as const

type Event = keyof typeof EVENTS | keyof typeof BETWEEN_NODES

const MOST_BEATS = 5
const CHANGING = 3

const HAPPENINGS: Readonly<Record<Event, (world: World) => void | Promise<void>>> = {
  kill: (world) => world.fleet.kill(),
  away: goAway,
  role: (world) =>
    world.setRole(CHANGING, world.house.roles.get(CHANGING) === 'viewer' ? 'editor' : 'viewer'),
  create_beat: (world) => {
    if (world.house.beatIds.length >= MOST_BEATS) return
    const commit = world.house.createBeat(world.pen())
    world.note(`beat ${commit.beatId} is made`)
    world.announce(commit)
  },
  delete_beat: async (world) => {
    const beatId = world.chance.pick(world.house.beatIds.slice(2))
    if (beatId === undefined || world.watch.isClosedTo(OWNER, beatId)) return
    world.note(`beat ${beatId} is deleted`)
    world.announce(await world.house.deleteBeat(beatId))
  },
  create_scene: (world) => {
    const beatId = world.chance.pick(world.house.beatIds.filter((id) => world.house.scenesOf(id).length < 2))
    if (beatId === undefined || world.watch.isClosedTo(OWNER, beatId)) return
    world.note(`beat ${beatId} gets a scene`)
    world.announce(world.house.createScene(beatId, world.pen()))
  },
  reorder: (world) => {
    const { house, chance } = world
    const order = house.beatIds.toSorted(() => chance.fraction() - 0.5)
    world.note(`the beats are put in the order ${order}`)
    world.announce(house.reorder(order))
  },
  foreign: writeByAnotherHand,
  compact: ({ house, rows, chance }) => {
    const beatId = chance.pick(house.beatIds)
    if (beatId !== undefined) rows.compact(beatId)
  },
  lossy,
  cut,
  part,
  read: (world) => void readTables(world),
}

/** Time stands still until it has happened. */
export async function happen(world: World): Promise<void> {
  const { chance, fleet } = world
  const between = fleet.net === undefined ? NOTHING_BETWEEN : BETWEEN_NODES
  const event = chance.weighted<Event>({ ...EVENTS, ...between })
  await HAPPENINGS[event](world)
}

function goAway(world: World): void {
  const { database, scheduler, chance, house } = world
  if (database.isAway) return
  world.note('the database is away')
  database.isAway = true
  const awayMs = chance.between(10, 6_000)
  scheduler.after(FATE, awayMs, () => {
    world.note('the database is back')
    database.isAway = false
    house.rightsAreHeard(awayMs)
  })
}

/** As by an import, or by another node: refused, as everywhere, where somebody else holds the beat. */
function writeByAnotherHand(world: World): void {
  const { chance, house, rows, words, scheduler, watch } = world
  const beatId = chance.pick(house.beatIds.filter((id) => !watch.isClosedTo(OWNER, id)))
  const field = chance.pick(CARD_FIELDS)
  if (beatId === undefined || field === undefined) return
  const pen = world.pen()
  const userId = OWNER
  const word = words.coin(beatId, userId, 'another hand', scheduler.now())
  const bytes = written(pen, (doc) => doc.getText(field).insert(0, word.letter))
  world.note(`another hand writes in beat ${beatId}: ${word.letter}`)
  world.announce({ events: [], beatId, rows: [rows.write(beatId, { bytes, userId, pen })] })
}

/** Messages between nodes are lost for a while. */
function lossy({ fleet, chance, scheduler, note }: World): void {
  note('messages between nodes are lost')
  fleet.net?.lose(true)
  scheduler.after(FATE, chance.between(100, 15_000), () => {
    note('messages between nodes arrive again')
    fleet.net?.lose(false)
  })
}

/** One node hears no other, or none hears any; they know it. */
function cut({ fleet, chance, scheduler, note }: World): void {
  const names = fleet.living.map(({ name }) => name)
  const one = chance.pick(names)
  const cutOff = chance.happens(0.5) || one === undefined ? names : [one]
  note(`the bus is away for ${cutOff.join(', ')}`)
  fleet.net?.cut(cutOff)
  scheduler.after(FATE, chance.between(100, 20_000), () => {
    note(`the bus is back for ${cutOff.join(', ')}`)
    fleet.net?.mend(cutOff)
  })
}

/** Two nodes hear nothing of each other, and do not know it. */
function part({ fleet, chance, scheduler, note }: World): void {
  const [one, other] = fleet.living.map(({ name }) => name).toSorted(() => chance.fraction() - 0.5)
  if (one === undefined || other === undefined) return
  note(`${one} and ${other} do not hear each other`)
  fleet.net?.part(one, other)
  scheduler.after(FATE, chance.between(100, 40_000), () => {
    note(`${one} and ${other} hear each other again`)
    fleet.net?.rejoin(one, other)
  })
}

/** Somebody reads the tables at some node: what was on disk by then, by whatever node, is in them. */
async function readTables({ fleet, house, rows, note, fail }: World): Promise<void> {
  const server = fleet.any()
  if (server === undefined) return
  const heads = house.beatIds.map((beatId) => ({ beatId, head: rows.headSeq(beatId) }))
  try {
    await server.rooms.settle(STORY)
  } catch {
    return note(`${server.name} can’t say how the tables are`)
  }
  for (const { beatId, head } of heads) {
    const { seq } = rows.projection(beatId) ?? { seq: 0 }
    if (house.beatIds.includes(beatId) && seq < head)
      fail(new Violation(`beat ${beatId} is read as of row ${seq}, though row ${head} was on disk`))
  }
}

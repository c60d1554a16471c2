import { CARD_FIELDS } from '@storyweave/protocol'
import { OWNER, written } from './house.ts'
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

type Event = keyof typeof EVENTS

const MOST_BEATS = 5
const CHANGING = 3

const HAPPENINGS: Readonly<Record<Event, (world: World) => void | Promise<void>>> = {
  kill: (world) => world.killServer(),
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
}

/** Time stands still until it has happened. */
export async function happen(world: World): Promise<void> {
  await HAPPENINGS[world.chance.weighted(EVENTS)](world)
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

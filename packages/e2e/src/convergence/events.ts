import { CARD_FIELDS } from '@storyweave/protocol'
import { written } from './house.ts'
import { FATE, type World } from './world.ts'

/** What happens to people: in the house, in the database, to the server. */

const EVENTS = {
  kill: 2,
  away: 2,
  lock: 3,
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

const HAPPENINGS: Readonly<Record<Event, (world: World) => void>> = {
  kill: (world) => world.killServer(),
  away: goAway,
  lock,
  role: (world) =>
    world.setRole(CHANGING, world.house.roles.get(CHANGING) === 'viewer' ? 'editor' : 'viewer'),
  create_beat: (world) => {
    if (world.house.beatIds.length >= MOST_BEATS) return
    const commit = world.house.createBeat(world.pen())
    world.note(`beat ${commit.beatId} is made`)
    world.announce(commit)
  },
  delete_beat: (world) => {
    const beatId = world.chance.pick(world.house.beatIds.slice(2))
    if (beatId === undefined) return
    world.note(`beat ${beatId} is deleted`)
    world.announce(world.house.deleteBeat(beatId))
  },
  create_scene: (world) => {
    const beatId = world.chance.pick(world.house.beatIds.filter((id) => world.house.scenesOf(id).length < 2))
    if (beatId === undefined) return
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

export function happen(world: World): void {
  HAPPENINGS[world.chance.weighted(EVENTS)](world)
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

/** A person holds a beat for a while: the log refuses what others write there. */
function lock(world: World): void {
  const { chance, house, locks, people, scheduler } = world
  const beatId = chance.pick(house.beatIds)
  const holder = chance.pick(people.filter(({ userId }) => house.roles.get(userId) !== 'viewer'))
  if (beatId === undefined || holder === undefined || locks.has(beatId)) return
  world.note(`person ${holder.userId} locks beat ${beatId}`)
  locks.set(beatId, holder.userId)
  scheduler.after(FATE, chance.between(20, 3_000), () => locks.delete(beatId))
}

/** As by an import, or by another node. */
function writeByAnotherHand(world: World): void {
  const { chance, house, rows, words, scheduler } = world
  const beatId = chance.pick(house.beatIds)
  const field = chance.pick(CARD_FIELDS)
  if (beatId === undefined || field === undefined) return
  const pen = world.pen()
  const userId = 1
  const word = words.coin(beatId, userId, 'another hand', scheduler.now())
  const bytes = written(pen, (doc) => doc.getText(field).insert(0, word.letter))
  world.note(`another hand writes in beat ${beatId}: ${word.letter}`)
  world.announce({ event: undefined, beatId, rows: [rows.write(beatId, { bytes, userId, pen })] })
}

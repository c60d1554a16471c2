import { CARD_FIELDS, Fault } from '@storyweave/protocol'
import { DRAWER, Violation } from './checks.ts'
import { answerLock, askForLock, lock, unlock } from './lock-acts.ts'
import type { Page } from './page.ts'
import { changeComment, chat, comment, look, settleRefused } from './talk-acts.ts'
import { FATE, type World } from './world.ts'
import { writeCard, writeProse } from './writing.ts'

/** Longer than all that a page has to write takes on its device. */
const KEPT_WITHIN_MS = 150

/** What people do. Each act is one of a history's steps. */

const PEOPLE = {
  card: 30,
  prose: 30,
  edit: 8,
  point: 4,
  open: 12,
  release: 4,
  insert: 3,
  reload: 3,
  crash: 2,
  cut: 4,
  offline: 2,
  signal: 2,
  leave: 1,
  lock: 9,
  unlock: 3,
  askForLock: 3,
  answerLock: 4,
  chat: 6,
  comment: 6,
  changeComment: 5,
  look: 4,
  settleRefused: 2,
} as const

type Act = keyof typeof PEOPLE

const ACTS: Readonly<Record<Act, (world: World, page: Page) => void>> = {
  card: (world, page) => write(world, page, 'card'),
  prose: (world, page) => write(world, page, 'prose'),
  edit: sendEdit,
  point,
  open: ({ chance }, page) => {
    const beat = chance.pick(page.room.getSnapshot().beats)
    if (beat !== undefined) page.hold(beat.id)
  },
  release: ({ chance }, page) => {
    const beatId = chance.pick([...page.held.keys()])
    if (beatId !== undefined) page.release(beatId)
  },
  insert: (world, page) => {
    const entry = world.chance.pick(page.room.drawer.list())
    if (entry !== undefined) insertRefused(world, page, entry.id)
  },
  reload,
  crash,
  cut: (world, page) => {
    if (page.line === undefined || page.line.isOver) return
    world.note(`${page.name}: its line breaks`)
    world.cut(page.line, 'both')
  },
  offline: goOffline,
  signal: ({ chance }, page) =>
    page.signal(chance.pick(['online', 'visible', 'hidden'] as const) ?? 'online'),
  leave: ({ scheduler, chance }, page) => {
    page.room.disconnect()
    scheduler.after(FATE, chance.between(1, 2_000), () => {
      if (!page.isGone) page.room.connect()
    })
  },
  lock,
  unlock,
  askForLock,
  answerLock,
  chat,
  comment,
  changeComment,
  look,
  settleRefused,
}

/** One of the people does something. */
export function act(world: World): void {
  const page = world.chance.pick(world.pages.filter(({ isGone }) => !isGone))
  if (page !== undefined) ACTS[world.chance.weighted(PEOPLE)](world, page)
}

function write(world: World, page: Page, where: 'card' | 'prose'): void {
  const { chance, words, house, scheduler } = world
  const [beatId, beat] = chance.pick([...page.held]) ?? []
  if (beatId === undefined || beat === undefined) return
  const { doc, state, scope } = beat.getSnapshot()
  // An editor shows nothing to write in before it knows anything; and lets readers write only by mistake.
  if (state === 'loading' || state === 'denied') return
  if (scope === 'readonly' && !chance.happens(0.15)) return
  const coin = (count: number) =>
    Array.from(
      { length: count },
      () => words.coin(beatId, page.person.userId, page.name, scheduler.now()).letter,
    ).join('')
  const writing = { doc, chance, coin, erase: (text: string) => words.erase(text) }
  const before = words.all.length
  const scene = chance.pick(house.scenesOf(beatId))
  if (where === 'card') writeCard(writing)
  else if (scene !== undefined) writeProse(writing, scene.key)
  const added = words.all.slice(before).map(({ letter }) => letter)
  world.note(`${page.name} writes in the ${where} of beat ${beatId} as ${doc.clientID}: ${added.join('')}`)
}

/** A change of the card by a JSON message. Only its answer tells what became of it. */
function sendEdit(world: World, page: Page): void {
  const { chance, house, words, scheduler } = world
  const beatId = chance.pick(house.beatIds)
  const field = chance.pick(CARD_FIELDS)
  if (beatId === undefined || field === undefined) return
  const word = words.coin(beatId, page.person.userId, `an edit of ${page.name}`, scheduler.now())
  const snapshot = page.held.get(beatId)?.getSnapshot()
  const base =
    snapshot === undefined || snapshot.state === 'loading' ? '' : snapshot.doc.getText(field).toString()
  const at = chance.below(base.length + 1)
  const wanted = `${base.slice(0, at)}${word.letter}${base.slice(at)}`
  world.note(`${page.name} sends an edit of beat ${beatId}: ${word.letter}`)
  page.sendEdit(beatId, { [field]: wanted }, { [field]: base }).then(
    () => {
      if (!word.committed)
        world.fail(new Violation(`the edit ${word.letter} is acknowledged, but not on disk`))
    },
    (error: unknown) => {
      if (!(error instanceof Fault)) return world.fail(error)
      world.note(`${page.name}: the edit ${word.letter} is refused: ${error.code}`)
      if (error.code !== 'unavailable') word.refused = true
      if (word.refused && word.committed)
        world.fail(new Violation(`the edit ${word.letter} is refused, but on disk`))
    },
  )
}

/** Words that were refused are tried again, where their writer may write by now. */
export function insertRefused(world: World, page: Page, entryId: number): void {
  const { drawer } = page.room
  const words = world.words.in(drawer.text(entryId))
  for (const word of words) word.mayRepeat = true
  drawer.insert(entryId).then(
    () => {
      // From now on it is this page that must not call them saved too early.
      for (const word of words) word.page = page.name
    },
    (error: unknown) => {
      if (!(error instanceof Fault)) return world.fail(error)
      world.note(`${page.name}: entry ${entryId} stays in the drawer: ${error.code}`)
    },
  )
}

function point({ chance, house }: World, page: Page): void {
  const [beatId, beat] = chance.pick([...page.held]) ?? []
  if (beatId === undefined || !house.beatIds.includes(beatId)) return
  beat?.getSnapshot().awareness.setLocalStateField('at', chance.below(1_000))
  page.room.sendCursorMove({ beat_id: beatId, position: chance.below(1_000) })
}

/** The page is left in order and opened again; words on their way to the device are kept. */
function reload(world: World, page: Page): void {
  const { scheduler } = world
  world.note(`${page.name} is reloaded`)
  page.leave()
  scheduler.after(FATE, KEPT_WITHIN_MS, () => {
    const left = scheduler.pending(page.name) + page.listeners
    if (left > 0) return world.fail(new Violation(`${page.name} has left ${left} timers or listeners behind`))
    openAgain(world, page)
  })
}

/** The page's memory is gone; what the device did not have yet is lost. */
function crash(world: World, page: Page): void {
  const { scheduler, chance, words } = world
  world.note(`${page.name} crashes`)
  const line = page.line?.isOver === false ? page.line : undefined
  page.crash()
  if (line !== undefined) world.cut(line, 'both')
  for (const word of words.all) if (word.page === page.name && !word.committed) word.lost = true
  scheduler.after(FATE, chance.between(1, 1_000), () => openAgain(world, page))
}

function openAgain(world: World, { person, held, name }: Page): void {
  world.pages.splice(
    world.pages.findIndex((page) => page.name === name),
    1,
  )
  const page = world.openPage(person.userId)
  for (const beatId of held.keys()) page.hold(beatId)
  void findKept(world, page, name)
}

/** What the device has of the page before is not lost, and now the new page's to bring home. */
async function findKept({ house, words, talk }: World, page: Page, before: string): Promise<void> {
  talk.crashed(before, await page.person.device.outgoing())
  for (const beatId of house.beatIds) {
    const keys = house.scenesOf(beatId).map(({ key }) => key)
    const kept = await page.person.device.textOf(beatId, keys)
    for (const word of words.in(kept)) if (word.page === before) word.lost = false
  }
  const drawer = await page.person.device.drawerText()
  for (const word of words.all) {
    if (word.page !== before) continue
    const isDrawn = drawer.includes(word.letter)
    if (isDrawn) word.lost = false
    // What lies in the drawer waits for its writer, and no page has to bring it home.
    if (!word.lost) word.page = isDrawn ? DRAWER : page.name
  }
}

function goOffline(world: World, { person }: Page): void {
  const { scheduler, chance, pages } = world
  if (person.isOffline) return
  world.note(`person ${person.userId} is offline`)
  person.isOffline = true
  for (const { line, person: owner } of pages) {
    if (owner === person && line !== undefined && !line.isOver) world.cut(line, 'both')
  }
  scheduler.after(FATE, chance.between(100, 20_000), () => {
    person.isOffline = false
    for (const page of pages) if (page.person === person && !page.isGone) page.signal('online')
  })
}

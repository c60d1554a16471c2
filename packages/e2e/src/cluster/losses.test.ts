import { MemoryStore, StoryRoom } from '@storyweave/client'
import { PostgresServer } from '@storyweave/server/db/postgres/testing-server.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Person } from '../support/person.ts'
import { nodePorts } from '../torture/node-ports.ts'
import { type TwoDesks, twoDesks } from './desks.ts'
import { Gate } from './gate.ts'
import type { Page } from './page.ts'
import { Seat } from './seat.ts'
import { hasPostgres, TwoNodes, whySkipped } from './two-nodes.ts'

// Losses that other engines are known for, each made to happen here with processes as people run them.

/** A node asks for a snapshot after 500 rows of its own. */
const ROWS = 520
/** With so many a document that leaves memory is asked for one. */
const FEW_ROWS = 60
const WITHIN = { timeout: 60_000 }

/** Types so many words, and waits until each is saved. */
async function write(page: Page, name: string, count: number): Promise<void> {
  page.look()
  const before = page.answers.length
  for (let word = 0; word < count; word++) page.type(`[${name}${word}]`, 'conflict')
  await page.until(() => page.answers.length === before + count)
  expect(page.answers.every((isTaken) => isTaken)).toBe(true)
}

/** What newcomers find at both nodes, by a fresh socket and by REST. */
async function expectEverywhere(people: readonly Person[], desks: TwoDesks, words: string[]): Promise<void> {
  for (const person of people) {
    const seat = await Seat.take(person, desks.story.id)
    const page = await seat.open(desks.beat.id)
    const [read] = await person.beatsOf(desks.story.id)
    for (const word of words) {
      expect(page.text('goal')).toContain(word)
      expect(read?.goal).toContain(word)
    }
    seat.close()
  }
}

describe.skipIf(!hasPostgres)(`known losses, with two nodes${whySkipped}`, () => {
  let house: TwoNodes
  let gate: Gate
  let ann: Person
  let ben: Person
  /** Left by everybody at the very beginning: looked at last, when it leaves memory. */
  let left: { readonly desks: TwoDesks; readonly open: () => Promise<void> }

  beforeAll(async () => {
    house = await TwoNodes.start()
    gate = await Gate.build(house.databaseUrl)
    ann = await house.signUp(0, 'Ann')
    ben = await house.signUp(1, 'Ben')
    const desks = await twoDesks(ann, ben)
    const page = await desks.own.open(desks.beat.id)
    await write(page, 'row', FEW_ROWS)
    left = { desks, open: await gate.close(desks.beat.id) }
    expect(await page.save('[before]')).toBe(true)
    desks.own.close()
    desks.other.close()
  })
  afterAll(async () => {
    await gate.remove()
    await house.remove()
  })

  // Hocuspocus with its Redis extension: of two instances one stores the whole document as it knows it, the other one
  // skips its own store meanwhile and forgets the document with its last client.
  test('an edit acknowledged at one node while the other stores the document, and whose writer leaves', async () => {
    const desks = await twoDesks(ann, ben)
    const { own, other, beat } = desks
    const open = await gate.close(beat.id)
    const [mine, theirs] = [await own.open(beat.id), await other.open(beat.id)]
    await write(mine, 'row', ROWS)
    await expect.poll(() => gate.waiting(beat.id), WITHIN).toBeGreaterThan(0)
    expect(await theirs.save('[while it was stored]')).toBe(true)
    other.close()
    own.close()
    await open()
    await expect.poll(() => gate.snapshotOf(beat.id), WITHIN).toBeGreaterThanOrEqual(ROWS)
    await expectEverywhere([ann, ben], desks, ['[while it was stored]'])
  })

  // Hocuspocus' Database extension writes the whole document, and the last write wins, however old what it holds.
  test('a slow store of one node that ends after a newer one of the other', async () => {
    const desks = await twoDesks(ann, ben)
    const { own, other, beat } = desks
    const open = await gate.close(beat.id)
    const [mine, theirs] = [await own.open(beat.id), await other.open(beat.id)]
    await write(mine, 'old', ROWS)
    await expect.poll(() => gate.waiting(beat.id), WITHIN).toBe(1)
    const old = await gate.headOf(beat.id)
    await gate.passAbove(beat.id, old)
    expect(await theirs.save('[newer]')).toBe(true)
    await write(theirs, 'new', ROWS)
    await expect.poll(() => gate.snapshotOf(beat.id), WITHIN).toBeGreaterThan(old)
    const newer = await gate.snapshotOf(beat.id)
    await open()
    await expect.poll(() => gate.waiting(beat.id), WITHIN).toBe(0)
    expect(await mine.save('[after both]')).toBe(true)
    expect(await gate.snapshotOf(beat.id)).toBeGreaterThanOrEqual(newer)
    await expectEverywhere([ann, ben], desks, ['[newer]', '[after both]'])
  })

  // The same, of what boards show: here the slow node stands still between its log and its tables.
  test('a card that a slow node stores after a newer one of the other', async () => {
    const desks = await twoDesks(ann, ben)
    const { own, other, beat, story } = desks
    const [mine, theirs] = [await own.open(beat.id), await other.open(beat.id)]
    const { pid } = house.nodes[0]
    expect(await mine.save('[older]')).toBe(true)
    process.kill(pid, 'SIGSTOP')
    try {
      await theirs.has('[older]')
      expect(await theirs.save('[newer]')).toBe(true)
      expect((await ben.beatsOf(story.id))[0]?.goal).toBe('[newer][older]')
    } finally {
      process.kill(pid, 'SIGCONT')
    }
    await mine.has('[newer]')
    await expectEverywhere([ann, ben], desks, ['[newer][older]'])
  })

  // y-websocket's server takes a document out of its map with the last client and stores it afterwards: who comes
  // meanwhile is given what was stored before.
  test('an edit while the document leaves memory, 30 s after its last reader', async () => {
    const { desks, open } = left
    await expect.poll(() => gate.waiting(desks.beat.id), WITHIN).toBeGreaterThan(0)
    const seat = await Seat.take(ann, desks.story.id)
    const page = await seat.open(desks.beat.id)
    expect(page.text()).toContain('[before]')
    expect(await page.save('[meanwhile]')).toBe(true)
    seat.close()
    await open()
    await expect.poll(() => gate.snapshotOf(desks.beat.id), WITHIN).toBeGreaterThan(FEW_ROWS)
    await expectEverywhere([ann, ben], desks, ['[before]', '[meanwhile]'])
  })
})

describe.skipIf(!hasPostgres)(`known losses, with a PostgreSQL that is stopped${whySkipped}`, () => {
  let postgres: PostgresServer
  let house: TwoNodes

  beforeAll(async () => {
    postgres = await PostgresServer.start()
    house = await TwoNodes.start(postgres.url())
  })
  afterAll(async () => {
    await house.remove()
    await postgres.remove()
  })

  // An engine that acknowledges from memory and stores on a debounce, as Hocuspocus does, has promised what it then
  // fails to store; the document goes with its last client.
  test('a store that fails, and the last client leaves: nothing was promised, and the words come home', async () => {
    const ann = await house.signUp(0, 'Ann')
    const ben = await house.signUp(1, 'Ben')
    const desks = await twoDesks(ann, ben)
    desks.own.close()
    desks.other.close()
    const store = new MemoryStore()
    const enter = () => {
      const ports = nodePorts({ token: ann.token, door: () => ann.address, store })
      const room = new StoryRoom({ storyId: desks.story.id, userId: ann.me.user_id }, ports)
      room.connect()
      return { room, page: room.openBeat(desks.beat.id) }
    }
    const first = enter()
    const saved = ({ room }: typeof first) => room.getSnapshot().save.state === 'saved'
    const canWrite = ({ page }: typeof first) => page.getSnapshot().scope === 'read-write'
    await expect.poll(() => canWrite(first), WITHIN).toBe(true)
    const type = (word: string) => first.page.getSnapshot().doc.getText('goal').insert(0, word)
    type('[promised]')
    await expect.poll(() => saved(first), WITHIN).toBe(true)

    await postgres.stop('immediate')
    const states = new Set<string>()
    first.room.subscribe(() => states.add(first.room.getSnapshot().save.state))
    states.clear()
    type('[not promised]')
    await first.room.kept()
    // The node hears of it, and can't write it.
    await expect.poll(() => house.nodes[0].errors, WITHIN).toContain('database_away')
    expect([...states]).not.toContain('saved')
    first.room.destroy()
    await house.nodes[0].kill()
    await postgres.restart()
    await house.nodes[0].start()
    await expect.poll(async () => (await fetch(`${ben.address}/readyz`)).status, WITHIN).toBe(200)
    expect((await ben.beatsOf(desks.story.id))[0]?.goal).toBe('[promised]')

    const second = enter()
    await expect.poll(() => saved(second), WITHIN).toBe(true)
    expect((await ben.beatsOf(desks.story.id))[0]?.goal).toBe('[not promised][promised]')
    second.room.destroy()
  })
})

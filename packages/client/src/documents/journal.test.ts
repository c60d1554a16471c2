import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { MemoryStore } from '../offline/memory-store.ts'
import { settled, World } from '../testing/world.ts'
import { DocumentJournal } from './journal.ts'

function journalIn(world: World) {
  const failures: unknown[] = []
  const journal = new DocumentJournal('beat/1', world.store, world.documentClock(), (error) =>
    failures.push(error),
  )
  return { journal, failures }
}

/** Updates of one document that grows by a letter each. */
function letters(count: number): Uint8Array[] {
  const doc = new Y.Doc()
  const updates: Uint8Array[] = []
  doc.on('update', (update: Uint8Array) => updates.push(update))
  for (let index = 0; index < count; index++) doc.getText('t').insert(index, 'x')
  return updates
}

const [A, B, C] = letters(3) as [Uint8Array, Uint8Array, Uint8Array]

test('what the server sent is written together, a second later', async () => {
  const world = new World()
  const { journal } = journalIn(world)
  journal.received(A)
  journal.received(B)
  world.clock.advance(999)
  await settled()
  expect((await world.store.load('beat/1')).rows).toHaveLength(0)
  world.clock.advance(1)
  await settled()
  expect((await world.store.load('beat/1')).rows).toEqual([
    { id: 1, update: Y.mergeUpdates([A, B]), unsaved: 0 },
  ])
})

test('what is written here is written at once, behind what it may stand on', async () => {
  const world = new World()
  const { journal } = journalIn(world)
  journal.received(A)
  journal.made(B, 2)
  await settled()
  const { rows } = await world.store.load('beat/1')
  expect(rows.map(({ unsaved }) => unsaved)).toEqual([0, 2])
  expect(world.clock.pending).toBe(0)
})

test('saved: what was given before, and nothing that came after', async () => {
  const world = new World()
  const { journal } = journalIn(world)
  journal.made(A, 1)
  journal.saved()
  journal.made(B, 1)
  await journal.flush()
  const { rows } = await world.store.load('beat/1')
  expect(rows.map(({ unsaved }) => unsaved)).toEqual([0, 1])
})

test('what an earlier visit left is marked as saved, too', async () => {
  const world = new World()
  await world.store.append('beat/1', [{ update: A, unsaved: 3 }])
  const { journal } = journalIn(world)
  await journal.load()
  journal.saved()
  await journal.flush()
  expect(await world.store.unsaved()).toEqual([])
})

test('a document of many rows is compacted', async () => {
  const world = new World()
  const { journal } = journalIn(world)
  for (const update of letters(450)) {
    journal.made(update, 1)
    journal.saved()
  }
  await journal.flush()
  const { rows } = await world.store.load('beat/1')
  expect(rows.length).toBeLessThan(210)
  const doc = new Y.Doc()
  for (const { update } of rows) Y.applyUpdate(doc, update)
  expect(doc.getText('t').length).toBe(450)
})

test('a failed write is told, and the next ones are tried all the same', async () => {
  const world = new World()
  let isFull = true
  world.store = new (class extends MemoryStore {
    override append(...of: Parameters<MemoryStore['append']>) {
      return isFull ? Promise.reject(new Error('full')) : super.append(...of)
    }
  })()
  const { journal, failures } = journalIn(world)
  journal.made(A, 1)
  await journal.flush()
  isFull = false
  journal.made(C, 1)
  await journal.flush()
  expect(failures).toHaveLength(1)
  expect((await world.store.load('beat/1')).rows.map(({ update }) => update)).toEqual([C])
})

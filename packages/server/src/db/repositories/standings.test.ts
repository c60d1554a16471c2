import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  addStory,
  addUser,
  describeEachDatabase,
  TEST_TIME,
  type TemporaryDatabase,
  temporaryDatabase,
} from '../testing.ts'
import { grantRole, standingsIn } from './permissions.ts'
import { transact } from './queries.ts'
import { markStoryDeleted } from './stories.ts'

const NOBODY = 2 ** 31 - 1

describeEachDatabase('standings', (kind) => {
  let database: TemporaryDatabase

  beforeAll(async () => {
    database = await temporaryDatabase({ kind })
  })
  afterAll(() => database.close())

  async function house() {
    const { userId: owner, storyId } = await addStory(database)
    const people = [await addUser(database, { name: 'Bo' }), await addUser(database), await addUser(database)]
    const [editor = 0, guest = 0, stranger = 0] = people
    const { db } = database
    await db.updateTable('users').set({ guest: true }).where('id', '=', guest).execute()
    const grant = { storyId, invitedBy: owner, at: TEST_TIME }
    await transact(db, async (trx) => {
      await grantRole(trx, { ...grant, userId: editor, role: 'editor' })
      await grantRole(trx, { ...grant, userId: guest, role: 'viewer' })
      await grantRole(trx, { ...grant, userId: owner, role: 'viewer' })
    })
    return { db, storyId, owner, editor, guest, stranger }
  }

  test('role-changes: how each of those asked about stands, and nobody else', async () => {
    const { db, storyId, owner, editor, guest, stranger } = await house()
    const standings = await standingsIn(db, storyId, [owner, editor, stranger, NOBODY])
    expect(standings?.size).toBe(2)
    expect(standings?.get(owner)).toMatchObject({ role: 'owner', guest: false })
    expect(standings?.get(editor)).toEqual({ role: 'editor', name: 'Bo', guest: false })
    expect((await standingsIn(db, storyId, [guest]))?.get(guest)).toMatchObject({
      role: 'viewer',
      guest: true,
    })
  })

  test('role-changes: a role in another story is none in this one', async () => {
    const [here, elsewhere] = [await house(), await house()]
    expect(await standingsIn(here.db, here.storyId, [elsewhere.owner, elsewhere.editor])).toEqual(new Map())
  })

  test('story-deleted: is told from a story in which nobody asked about has a role', async () => {
    const { db, storyId, owner } = await house()
    expect(await standingsIn(db, storyId, [])).toEqual(new Map())
    await transact(db, (trx) => markStoryDeleted(trx, storyId, TEST_TIME))
    expect(await standingsIn(db, storyId, [owner])).toBeUndefined()
    expect(await standingsIn(db, storyId, [])).toBeUndefined()
    expect(await standingsIn(db, NOBODY, [owner])).toBeUndefined()
  })
})

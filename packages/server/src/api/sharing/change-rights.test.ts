import { Fault } from '@storyweave/protocol'
import { expect, test } from 'vitest'
import { temporaryDatabase } from '../../db/testing.ts'
import { changeRights } from './change-rights.ts'

async function changed(work: () => Promise<void>): Promise<{ error: unknown; told: string[] }> {
  const database = await temporaryDatabase()
  const told: string[] = []
  const rooms = {
    rightsChanged: (storyId: number) => told.push(`changed ${storyId}`),
    inDoubt: (storyId: number) => told.push(`in doubt ${storyId}`),
  }
  const error = await changeRights({ db: database.db, rooms }, 7, work).catch((error: unknown) => error)
  await database.close()
  return { error, told }
}

test('role-changes: the room asks again after a change of rights', async () => {
  expect(await changed(async () => undefined)).toEqual({ error: undefined, told: ['changed 7'] })
})

test('role-changes: a change whose answer was lost may have been made: the room looks for itself', async () => {
  const lost = new Error('The connection broke.')
  expect(await changed(() => Promise.reject(lost))).toEqual({ error: lost, told: ['in doubt 7'] })
})

test('role-changes: a refusal has changed nothing', async () => {
  const no = new Fault('forbidden', 'No.')
  expect(await changed(() => Promise.reject(no))).toEqual({ error: no, told: [] })
})

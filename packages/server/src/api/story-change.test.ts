import { Fault } from '@storyweave/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { changeStory, type StoryCommand } from './story-change.ts'
import { startTestServer, type TestServer } from './testing.ts'

let server: TestServer
let command: StoryCommand

beforeAll(async () => {
  server = await startTestServer()
  const alice = await server.person('Alice')
  const { body: story } = await alice.post('/api/stories', { title: 'The Lighthouse' })
  const proof = { via: 'token', guest: false, email: null, sessionId: null, expiresAt: null } as const
  const principal = { userId: alice.id, name: 'Alice', ...proof }
  command = { principal, storyId: story.id, action: 'discuss' }
})

afterAll(() => server.close())

async function doubtsAfter(error: Error): Promise<readonly number[]> {
  const doubts: number[] = []
  const rooms = { ...server.context.rooms, inDoubt: (storyId: number) => void doubts.push(storyId) }
  const failing = changeStory({ ...server.context, rooms }, command, async () => {
    throw error
  })
  await expect(failing).rejects.toBe(error)
  return doubts
}

test('doubt-resolved: what failed without a refusal may be on disk, and the room looks', async () => {
  expect(await doubtsAfter(new Error('Connection terminated'))).toEqual([command.storyId])
})

test('doubt-resolved: what was refused is in no doubt', async () => {
  expect(await doubtsAfter(new Fault('conflict', 'Somebody was faster.'))).toEqual([])
})

import type { StoryPresence } from '@storyweave/protocol'
import { expect, test } from 'vitest'
import { HousePresence } from './house-presence.ts'
import { Neighbours } from './neighbours.ts'
import { decodeHouseMessage } from './node-codec.ts'
import { SimulatedTimers } from './testing.ts'

const user = (user_id: number) => ({ user_id, user_name: `Person ${user_id}`, color: '#123456' })

function node() {
  const timers = new SimulatedTimers()
  const said: unknown[] = []
  const messenger = {
    publish: (_: string, bytes: Uint8Array) => void said.push(decodeHouseMessage(bytes)),
    subscribe: () => () => undefined,
    isUp: true,
    onChange: () => () => undefined,
  }
  const here: StoryPresence[] = []
  const neighbours = new Neighbours({ messenger, note: () => undefined })
  const presence = new HousePresence({ timers, neighbours, here: () => here })
  return { timers, said, here, presence }
}

test('house-presence: is said when it changes, and again every ten seconds', async () => {
  const { timers, said, here } = node()
  await timers.pass(1_000)
  expect(said).toEqual([{ kind: 'present', stories: [] }])
  here.push({ story_id: 1, users: [user(1)] })
  await timers.pass(5_000)
  expect(said).toHaveLength(2)
  await timers.pass(6_000)
  expect(said).toHaveLength(3)
  expect(said.at(-1)).toEqual({ kind: 'present', stories: [{ story_id: 1, users: [user(1)] }] })
})

test('house-presence: people on several nodes are there once; a node that is silent for 30 s is gone', async () => {
  const { timers, presence } = node()
  presence.heard('a', [{ story_id: 1, users: [user(1), user(2)] }])
  await timers.pass(20_000)
  presence.heard('b', [{ story_id: 1, users: [user(2), user(3)] }])
  expect(presence.elsewhere().get(1)).toEqual([user(1), user(2), user(3)])
  await timers.pass(10_000)
  expect(presence.elsewhere().get(1)).toEqual([user(2), user(3)])
})

test('house-presence: a node that stops says so', async () => {
  const { timers, said, presence } = node()
  presence.end()
  expect(said).toEqual([{ kind: 'present', stories: [] }])
  expect(timers.isIdle).toBe(true)
})

import type { StoryEvent } from '@storyweave/protocol'
import { beforeEach, expect, test } from 'vitest'
import * as Y from 'yjs'
import { type Guest, House, TIME } from './testing-house.ts'

/** Something was committed, and the answer to that was lost: nobody told the rooms. */

let house: House
let guest: Guest

beforeEach(async () => {
  house = new House()
  guest = await house.enter(1)
  guest.open()
  await house.timers.pass(0)
})

const event: StoryEvent = {
  ...{ type: 'chat', story_seq: 1, id: 1, message: 'Hello', mentions: [], beats: [], client_id: 'a' },
  ...{ user_id: 9, user_name: 'Nine', timestamp: TIME },
}

const chats = () => guest.messages.filter(({ type }) => type === 'chat')

test('doubt-resolved: events that nobody announced are read and told, once', async () => {
  house.events = [event]
  house.rooms.inDoubt(1)
  await house.timers.pass(2_000)
  expect(chats()).toEqual([event])
  house.rooms.inDoubt(1)
  await house.timers.pass(2_000)
  expect(chats()).toHaveLength(1)
})

test('doubt-resolved: also where the database is away for a while', async () => {
  house.events = [event]
  house.isAway = true
  house.rooms.inDoubt(1)
  await house.timers.pass(5_000)
  expect(chats()).toEqual([])
  house.isAway = false
  await house.timers.pass(1_000)
  expect(chats()).toEqual([event])
})

test('doubt-resolved: rows of open documents are told, and roles are asked for', async () => {
  const doc = new Y.Doc()
  doc.clientID = 77
  doc.getText('goal').insert(0, 'By another hand')
  house.memory.append(house.row(Y.encodeStateAsUpdate(doc), -2, [77]))
  house.roles.set(1, 'viewer')
  house.rooms.inDoubt(1)
  await house.timers.pass(2_000)
  expect(guest.frames).toContain('update')
  expect(guest.messages).toContainEqual({ type: 'permission_changed', role: 'viewer' })
})

test('doubt-resolved: a room that is being opened at that moment', async () => {
  const other = new House()
  other.events = [event]
  const entering = other.enter(1)
  other.rooms.inDoubt(1)
  const late = await entering
  await other.timers.pass(2_000)
  expect(late.messages.filter(({ type }) => type === 'chat')).toEqual([event])
})

test('doubt-resolved: where nobody is nothing is done', async () => {
  house.rooms.inDoubt(2)
  guest.leave()
  house.rooms.inDoubt(1)
  await house.timers.pass(120_000)
  expect(house.rooms.size).toEqual({ rooms: 0, sockets: 0 })
  expect(house.notes).toEqual([])
})

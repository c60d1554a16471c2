import { Fault, type Notification } from '@storyweave/protocol'
import { describe, expect, test } from 'vitest'
import type { RestClient } from '../rest/client.ts'
import { AT, connected, initial } from '../testing/room.ts'
import { settled } from '../testing/world.ts'
import { NotificationInbox } from './inbox.ts'

const notification = (id: number, read = false): Notification => ({
  id,
  kind: 'mentioned',
  message: `n${id}`,
  story_id: 7,
  beat_id: null,
  scene_id: null,
  comment_id: null,
  chat_message_id: null,
  actor_id: 2,
  actor_name: 'Ada',
  read,
  timestamp: AT,
})

/** A server that keeps notifications 1 to 4, two on a page. */
function server() {
  const kept = new Map([1, 2, 3, 4].map((id) => [id, notification(id, id < 3)]))
  const state = { isAway: false, requests: 0 }
  const reach = async () => {
    if (state.isAway) throw new Fault('unavailable', 'away')
  }
  const mark = (read: boolean) => async (id: number) => {
    await reach()
    kept.set(id, notification(id, read))
  }
  const unread = () => [...kept.values()].filter((one) => !one.read).length
  const rest: RestClient['notifications'] = {
    list: async ({ after } = {}) => {
      state.requests++
      await reach()
      const newest = [...kept.values()].sort((one, other) => other.id - one.id)
      const from = after === undefined ? 0 : Number(after)
      const next = from + 2 < newest.length ? `${from + 2}` : null
      return { notifications: newest.slice(from, from + 2), unread: unread(), next }
    },
    markRead: mark(true),
    markUnread: mark(false),
    markAllRead: async () => {
      await reach()
      for (const id of kept.keys()) kept.set(id, notification(id, true))
    },
    preferences: async () => ({ email: true }),
    setPreferences: async (preferences) => preferences,
  }
  const happen = (id: number) => kept.set(id, notification(id))
  return { rest, state, unread, happen, inbox: new NotificationInbox(rest) }
}

const shown = (inbox: NotificationInbox) =>
  inbox.getSnapshot().notifications.map(({ id, read }) => (read ? `${id}` : `${id}!`))

describe('reading', () => {
  test('newest first, a page at a time', async () => {
    const { inbox } = server()
    expect(inbox.getSnapshot().state).toBe('new')
    await inbox.load()
    expect(inbox.getSnapshot()).toMatchObject({ state: 'ready', unread: 2, hasOlder: true })
    expect(shown(inbox)).toEqual(['4!', '3!'])
    await Promise.all([inbox.loadOlder(), inbox.loadOlder()])
    expect(shown(inbox)).toEqual(['4!', '3!', '2', '1'])
    expect(inbox.getSnapshot().hasOlder).toBe(false)
    await inbox.loadOlder()
    expect(shown(inbox)).toHaveLength(4)
  })

  test('what can not be read is said, and tried again', async () => {
    const { inbox, state } = server()
    state.isAway = true
    await expect(inbox.load()).rejects.toMatchObject({ code: 'unavailable' })
    expect(inbox.getSnapshot().state).toBe('failed')
    state.isAway = false
    await inbox.load()
    expect(inbox.getSnapshot().state).toBe('ready')
  })
})

describe('marking', () => {
  test('read and unread, counted once', async () => {
    const { inbox, unread } = server()
    await inbox.load()
    const marked = inbox.markRead(4)
    expect([shown(inbox), inbox.getSnapshot().unread]).toEqual([['4', '3!'], 1])
    await marked
    await inbox.markRead(4)
    expect([inbox.getSnapshot().unread, unread()]).toEqual([1, 1])
    await inbox.markUnread(4)
    expect([inbox.getSnapshot().unread, unread()]).toEqual([2, 2])
    await inbox.markAllRead()
    expect([shown(inbox), inbox.getSnapshot().unread]).toEqual([['4', '3'], 0])
  })

  test('taken back where the server does not agree', async () => {
    const { inbox, state } = server()
    await inbox.load()
    state.isAway = true
    const marked = inbox.markRead(4)
    expect(shown(inbox)).toEqual(['4', '3!'])
    await expect(marked).rejects.toMatchObject({ code: 'unavailable' })
    expect([shown(inbox), inbox.getSnapshot().unread]).toEqual([['4!', '3!'], 2])
    await expect(inbox.markAllRead()).rejects.toMatchObject({ code: 'unavailable' })
    expect(inbox.getSnapshot().unread).toBe(2)
  })
})

test('rooms bring what is new, each once, until they are not listened to', async () => {
  const { inbox } = server()
  const { room, say, seen } = await connected()
  const other = await connected()
  const stop = inbox.listenTo(room)
  inbox.listenTo(other.room)
  let told = 0
  inbox.subscribe(() => told++)
  say(initial({ unread: 2 }))
  expect(inbox.getSnapshot().unread).toBe(2)
  say({ type: 'notification', ...notification(9) })
  other.say({ type: 'notification', ...notification(9) })
  expect([shown(inbox), inbox.getSnapshot().unread, told]).toEqual([['9!'], 3, 2])
  expect(seen().unread).toBe(3)
  stop()
  say({ type: 'notification', ...notification(10) })
  expect(shown(inbox)).toEqual(['9!'])
})

describe('a room is entered again', () => {
  test('what came meanwhile is read, where the list was read before', async () => {
    const { inbox, state, happen } = server()
    const { room, say } = await connected()
    inbox.listenTo(room)
    say(initial({ unread: 2 }))
    await settled()
    expect(state.requests).toBe(0)
    const first = inbox.load()
    say(initial({ unread: 2 }))
    await first
    await settled()
    expect(state.requests).toBe(1)
    happen(5)
    say(initial({ unread: 3 }))
    await settled()
    expect([shown(inbox), inbox.getSnapshot().unread]).toEqual([['5!', '4!'], 3])
  })

  test('what could not be read is tried again, and a reading that has begun before is followed by another', async () => {
    const { inbox, state, happen } = server()
    const { room, say } = await connected()
    inbox.listenTo(room)
    state.isAway = true
    await expect(inbox.load()).rejects.toMatchObject({ code: 'unavailable' })
    say(initial())
    await settled()
    expect(inbox.getSnapshot().state).toBe('failed')
    state.isAway = false
    say(initial())
    await settled()
    expect([inbox.getSnapshot().state, shown(inbox)]).toEqual(['ready', ['4!', '3!']])
    const older = inbox.loadOlder()
    say(initial())
    happen(5)
    await older
    await settled()
    expect(shown(inbox)).toEqual(['5!', '4!'])
  })
})

describe('a notification that comes between request and answer', () => {
  /** A list that is answered when the test says so, and a room that tells. */
  async function reading() {
    const { rest } = server()
    const gate = Promise.withResolvers<void>()
    const inbox = new NotificationInbox({
      ...rest,
      list: async (options) => {
        const page = await rest.list(options)
        await gate.promise
        return page
      },
    })
    const { room, say } = await connected()
    inbox.listenTo(room)
    return { inbox, open: () => gate.resolve(), say }
  }

  test('stays, and is counted', async () => {
    const { inbox, open, say } = await reading()
    const loaded = inbox.load()
    await settled()
    say({ type: 'notification', ...notification(9) })
    open()
    await loaded
    expect([shown(inbox), inbox.getSnapshot().unread]).toEqual([['9!', '4!', '3!'], 3])
  })

  test('is counted once where the page has it as well', async () => {
    const { inbox, open, say } = await reading()
    const loaded = inbox.load()
    say({ type: 'notification', ...notification(4) })
    open()
    await loaded
    expect([shown(inbox), inbox.getSnapshot().unread]).toEqual([['4!', '3!'], 2])
  })

  test('stays when an older page is added', async () => {
    const { inbox, open, say } = await reading()
    open()
    await inbox.load()
    const older = inbox.loadOlder()
    say({ type: 'notification', ...notification(9) })
    await older
    expect([shown(inbox), inbox.getSnapshot().unread]).toEqual([['9!', '4!', '3!', '2', '1'], 3])
  })
})

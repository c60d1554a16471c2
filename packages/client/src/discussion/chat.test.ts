import type { ChatMessage, ServerMessage } from '@storyweave/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { HistoryPort } from '../ports.ts'
import { AT, connected, initial, roomIn, sentTexts } from '../testing/room.ts'
import { settled, World } from '../testing/world.ts'

const message = (id: number, more: Partial<ChatMessage> = {}): ChatMessage => ({
  id,
  message: `m${id}`,
  user_id: 2,
  user_name: 'Ada',
  mentions: [],
  beats: [],
  client_id: null,
  timestamp: AT,
  ...more,
})

const told = (id: number, story_seq: number, more: Partial<ChatMessage> = {}): ServerMessage => ({
  type: 'chat',
  story_seq,
  ...message(id, more),
})

const ids = (messages: readonly ChatMessage[]) => messages.map(({ id }) => id)

async function reconnect(world: World): Promise<void> {
  const before = world.sockets.length
  world.socket.events.closed(1006)
  while (world.sockets.length === before) {
    world.clock.advance(500)
    await settled()
  }
  world.socket.events.opened()
}

describe('messages', () => {
  test('ordered by id, each once, with what came before the page', async () => {
    const { say, seen } = await connected()
    say(initial({ chat: [message(1), message(2)] }))
    say(told(4, 6))
    say(told(3, 7))
    say(told(4, 6))
    expect(ids(seen().chat.messages)).toEqual([1, 2, 3, 4])
    expect(seen().chat.messages[3]).toEqual(message(4))
  })

  test('after a reconnect what was missed is there, and nothing twice', async () => {
    const { world, say, seen } = await connected()
    say(initial({ chat: [message(1), message(2)] }))
    await reconnect(world)
    say(initial({ story_seq: 8, chat: [message(4), message(5)] }))
    say(told(3, 6))
    say(told(4, 7))
    say(told(5, 8))
    expect(ids(seen().chat.messages)).toEqual([1, 2, 3, 4, 5])
  })

  test('resync: messages before a hole are older ones, to be loaded', async () => {
    const { world, say, seen } = await connected()
    say(initial({ chat: [message(1), message(2)] }))
    await reconnect(world)
    say(initial({ story_seq: 900, chat: [message(700), message(701)] }))
    say({ type: 'resync' })
    expect(ids(seen().chat.messages)).toEqual([700, 701])
    expect(seen().chat.hasOlder).toBe(true)
  })

  test('older ones are loaded a page at a time, two askers getting one', async () => {
    const world = new World()
    const asked: number[] = []
    const history: HistoryPort = {
      chatBefore: async (_story, before) => {
        asked.push(before)
        return { messages: [message(before - 1), message(before - 2)], next: before > 10 ? 'more' : null }
      },
      comments: () => Promise.reject(new Error('not asked')),
    }
    const { room, say, seen } = await connected(world, { history })
    say(initial({ chat: Array.from({ length: 50 }, (_, at) => message(12 + at)) }))
    expect(seen().chat).toMatchObject({ hasOlder: true, isLoadingOlder: false })
    const both = Promise.all([room.loadOlderChat(), room.loadOlderChat()])
    expect(seen().chat.isLoadingOlder).toBe(true)
    await both
    await room.loadOlderChat()
    await room.loadOlderChat()
    expect(asked).toEqual([12, 10])
    expect(ids(seen().chat.messages).slice(0, 5)).toEqual([8, 9, 10, 11, 12])
    expect(seen().chat).toMatchObject({ hasOlder: false, isLoadingOlder: false })
  })

  test('a page that can not be had rejects, and may be asked for again', async () => {
    const { room, say, seen } = await connected()
    say(initial({ chat: Array.from({ length: 50 }, (_, at) => message(12 + at)) }))
    await expect(room.loadOlderChat()).rejects.toMatchObject({ code: 'unavailable' })
    expect(seen().chat).toMatchObject({ hasOlder: true, isLoadingOlder: false })
  })
})

describe('what is new', () => {
  test('who was never here has nothing to catch up on; then others’ messages count until they are seen', async () => {
    const { room, say, seen } = await connected()
    say(initial({ chat: [message(1), message(2)] }))
    expect(seen().chat).toMatchObject({ unread: 0, firstUnread: undefined })
    say(told(3, 6, { user_id: 1 }))
    say(told(4, 7))
    say(told(5, 8))
    expect(seen().chat).toMatchObject({ unread: 2, firstUnread: 4 })
    const stop = room.lookAtChat()
    expect(seen().chat).toMatchObject({ unread: 0, firstUnread: 4 })
    say(told(6, 9))
    expect(seen().chat).toMatchObject({ unread: 0, firstUnread: 4 })
    stop()
    stop()
    expect(seen().chat.firstUnread).toBeUndefined()
  })

  test('what comes while one looks is not new', async () => {
    const { room, say, seen } = await connected()
    say(initial({ chat: [message(1)] }))
    const stop = room.lookAtChat()
    say(told(2, 6))
    expect(seen().chat).toMatchObject({ unread: 0, firstUnread: undefined })
    stop()
    say(told(3, 7))
    expect(seen().chat).toMatchObject({ unread: 1, firstUnread: 3 })
    const stopAgain = room.lookAtChat()
    say(initial({ chat: [message(1), message(2), message(3), message(4)] }))
    expect(seen().chat, 'came while the connection was away').toMatchObject({ unread: 0, firstUnread: 4 })
    stopAgain()
  })

  test('how far I read is remembered on this device', async () => {
    const { world, room, say } = await connected()
    say(initial({ chat: [message(1)] }))
    await settled()
    room.destroy()
    const next = roomIn(world)
    next.room.connect()
    await settled()
    world.socket.events.opened()
    next.say(initial({ chat: [message(1), message(2), message(3)] }))
    expect(next.room.getSnapshot().chat).toMatchObject({ unread: 2, firstUnread: 2 })
  })
})

describe('what I say', () => {
  const sent = (world: World) => sentTexts(world).filter(({ type }) => type === 'chat')

  test('is shown as pending at once, and once as a message', async () => {
    const { world, room, say, seen } = await connected()
    await settled()
    const clientId = room.sendChat('Hello')
    expect(sent(world)).toEqual([
      { type: 'chat', message: 'Hello', request_id: clientId, client_id: clientId },
    ])
    expect(seen().chat.outgoing).toMatchObject([{ clientId, message: 'Hello', state: 'pending' }])
    expect(room.hasUnsaved()).toBe(true)
    say({ type: 'ack', request_id: clientId, result: { id: 9 } })
    // Stored, but not told yet: it does not vanish from the screen in between.
    expect(seen().chat.outgoing).toHaveLength(1)
    expect(room.hasUnsaved()).toBe(false)
    say(told(9, 6, { user_id: 1, client_id: clientId }))
    expect([seen().chat.outgoing.length, ids(seen().chat.messages)]).toEqual([0, [9]])
    await settled()
    expect(await world.store.outgoing()).toEqual([])
  })

  test('its event may come before its ack', async () => {
    const { room, say, seen } = await connected()
    await settled()
    const clientId = room.sendChat('Hello')
    say(told(9, 6, { user_id: 1, client_id: clientId }))
    expect(seen().chat.outgoing).toEqual([])
    say({ type: 'ack', request_id: clientId, result: { id: 9 } })
    expect(seen().chat.outgoing).toEqual([])
  })

  test('said while offline it is kept, also over a reload, and sent later, once, in order', async () => {
    const { world, room } = await connected()
    world.socket.events.closed(1006)
    const first = room.sendChat('One')
    const second = room.sendChat('Two')
    await room.kept()
    room.destroy()
    const next = roomIn(world)
    await settled()
    expect(next.room.getSnapshot().chat.outgoing.map(({ message: said }) => said)).toEqual(['One', 'Two'])
    next.room.connect()
    await settled()
    world.socket.events.opened()
    expect(sent(world)).toEqual([])
    next.say(initial())
    expect(sent(world)).toMatchObject([{ client_id: first }])
    next.say({ type: 'ack', request_id: first, result: { id: 9 } })
    expect(sent(world)).toMatchObject([{ client_id: first }, { client_id: second }])
  })

  test('a refusal is shown with its reason; the writer sends it again, or takes it back', async () => {
    const { world, room, say, seen } = await connected()
    await settled()
    const clientId = room.sendChat('Hello')
    say({ type: 'error', code: 'forbidden', message: 'You may not.', request_id: clientId })
    expect(seen().chat.outgoing).toMatchObject([
      { state: 'failed', reason: { code: 'forbidden', message: 'You may not.' } },
    ])
    expect(room.hasUnsaved()).toBe(false)
    room.retryMessage(clientId)
    expect(sent(world)).toHaveLength(2)
    say({ type: 'error', code: 'forbidden', message: 'You may not.', request_id: clientId })
    room.discardMessage(clientId)
    expect(seen().chat.outgoing).toEqual([])
    await settled()
    expect(await world.store.outgoing()).toEqual([])
  })

  test('what passes is tried again when the server says, and without an answer after 10 s', async () => {
    const { world, room, say } = await connected()
    await settled()
    const clientId = room.sendChat('Hello')
    say({
      type: 'error',
      code: 'rate_limited',
      message: 'Slower.',
      request_id: clientId,
      retry_after_ms: 700,
    })
    world.clock.advance(699)
    expect(sent(world)).toHaveLength(1)
    world.clock.advance(1)
    expect(sent(world)).toHaveLength(2)
    world.clock.advance(10_000)
    expect(sent(world).map(({ client_id }) => client_id)).toEqual([clientId, clientId, clientId])
  })

  test('nothing, or too much, is refused at once', async () => {
    const { room, seen } = await connected()
    expect(() => room.sendChat('  ')).toThrow('must not be empty')
    expect(() => room.sendChat('x'.repeat(4_001))).toThrow('4000 characters at most')
    expect(seen().chat.outgoing).toEqual([])
  })

  test('under cuts, lost answers and repeats: nothing twice, nothing missing, in order', async () => {
    const acts = fc.array(fc.constantFrom('say', 'say', 'serve', 'serve', 'deaf', 'cut'), {
      minLength: 5,
      maxLength: 40,
      size: 'max',
    })
    await fc.assert(
      fc.asyncProperty(acts, async (script) => {
        const { world, room, say, seen } = await connected()
        const stored: ChatMessage[] = []
        let toldTo = 0
        let heard = 0
        let said = 0
        /** Stores what was sent since, each `client_id` once; tells it, or goes deaf before it could. */
        const serve = (isHeard: boolean) => {
          const fresh = sent(world).slice(heard)
          heard += fresh.length
          for (const { message: words, client_id } of fresh) {
            const before = stored.find((one) => one.client_id === client_id)
            const id = before?.id ?? stored.length + 1
            if (before === undefined) stored.push(message(id, { user_id: 1, message: words, client_id }))
            if (!isHeard) continue
            for (; toldTo < stored.length; toldTo++)
              say({ type: 'chat', story_seq: 6 + toldTo, ...at(toldTo) })
            say({ type: 'ack', request_id: client_id, result: { id } })
          }
        }
        const at = (place: number): ChatMessage => stored[place] ?? message(0)
        const cut = async () => {
          await reconnect(world)
          heard = 0
          say(initial({ story_seq: 5 + stored.length, chat: stored.slice(-50) }))
          stored.forEach((one, place) => {
            say({ type: 'chat', story_seq: 6 + place, ...one })
          })
          toldTo = stored.length
        }
        for (const act of script) {
          if (act === 'say') room.sendChat(`${++said}`)
          if (act === 'serve') serve(true)
          if (act === 'deaf') serve(false)
          if (act === 'cut') await cut()
          await settled()
          const { messages, outgoing } = seen().chat
          const shown = [...messages, ...outgoing].map((one) => Number(one.message))
          expect(new Set(shown).size).toBe(said)
        }
        await cut()
        for (let round = 0; round <= said; round++) serve(true)
        expect(seen().chat.outgoing).toEqual([])
        expect(seen().chat.messages.map((one) => Number(one.message))).toEqual(
          Array.from({ length: said }, (_, place) => place + 1),
        )
        room.destroy()
      }),
      { numRuns: 60 },
    )
  })
})

describe('typing', () => {
  const typed = (user_id: number, where: 'chat' | number = 'chat'): ServerMessage => ({
    type: 'typing',
    where,
    user_id,
    user_name: `P${user_id}`,
  })

  test('others are seen for 5 s after their last word of it, or until what they typed is there', async () => {
    const { world, say, seen } = await connected()
    say(typed(2))
    say(typed(3, 44))
    world.clock.advance(3_000)
    say(typed(2))
    const before = seen().typing
    expect(before).toEqual([
      { userId: 2, userName: 'P2', where: 'chat' },
      { userId: 3, userName: 'P3', where: 44 },
    ])
    world.clock.advance(2_000)
    expect(seen().typing.map(({ userId }) => userId)).toEqual([2])
    say(told(9, 6))
    expect(seen().typing).toEqual([])
  })

  test('I say so at once, then every 3 s, anew after a message and in another place', async () => {
    const { world, room } = await connected()
    const said = () => sentTexts(world).flatMap(({ type, where }) => (type === 'typing' ? [where] : []))
    room.setTyping('chat')
    room.setTyping('chat')
    world.clock.advance(2_999)
    room.setTyping('chat')
    expect(said()).toEqual(['chat'])
    world.clock.advance(1)
    room.setTyping('chat')
    room.setTyping(44)
    expect(said()).toEqual(['chat', 'chat', 44])
    room.sendChat('Done')
    room.setTyping(44)
    expect(said()).toEqual(['chat', 'chat', 44, 44])
  })

  test('nobody types while the server is away', async () => {
    const { world, say, seen } = await connected()
    say(typed(2))
    world.socket.events.closed(1006)
    expect(seen().typing).toEqual([])
  })
})

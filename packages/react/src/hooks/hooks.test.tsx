// @vitest-environment happy-dom
import { act, cleanup, renderHook } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
import { StoryWeaveProvider } from '../provider/story-weave-provider.tsx'
import { createTestRoom, type TestRoom } from '../testing/index.ts'
import { useBeatLock } from './use-beat-lock.ts'
import { useChat } from './use-chat.ts'
import { useThreads } from './use-threads.ts'
import { type UseWebSocketOptions, useWebSocket } from './use-web-socket.ts'

let made: TestRoom
afterEach(() => {
  cleanup()
  made.close()
})

/** A hook as Ada has it, with Ben in the room. */
async function asAda<Result>(hook: () => Result) {
  made = createTestRoom()
  const [ada, ben] = [made.person('Ada'), made.person('Ben')]
  const bens = ben.room
  const rendered = renderHook(hook, { wrapper: ada.Wrapper, reactStrictMode: true })
  await made.pass()
  return { ada, bens, seen: () => rendered.result.current, ...rendered }
}

test('useBeatLock: mine, asked for, declined, and then theirs', async () => {
  const { seen, bens } = await asAda(() => useBeatLock(1))
  expect(seen()).toMatchObject({ held: undefined, mine: false, others: false })
  await act(async () => void seen().lock())
  await made.pass()
  expect(seen()).toMatchObject({ held: { locked_by_name: 'Ada' }, mine: true, others: false })
  const asked = bens.askForLock(1)
  await made.pass()
  await asked
  expect(seen().question).toMatchObject({ userName: 'Ben' })
  await act(async () => void seen().answer(false))
  await made.pass()
  expect(seen()).toMatchObject({ mine: true, question: undefined })
  await act(async () => void seen().unlock())
  const locked = bens.lockBeat(1)
  await made.pass()
  await locked
  expect(seen()).toMatchObject({ mine: false, others: true })
  await act(async () => void seen().ask())
  await made.pass()
  expect(seen().asked).toMatchObject({ state: 'waiting' })
})

test('useChat: both speak, typing is seen, and nothing changes where nothing has happened', async () => {
  const { seen, bens, rerender } = await asAda(() => useChat())
  act(() => void seen().send('Hello'))
  bens.sendChat('Good evening')
  await made.pass()
  expect(
    seen()
      .messages.map(({ message }) => message)
      .sort(),
  ).toEqual(['Good evening', 'Hello'])
  bens.setTyping('chat')
  await made.pass()
  expect(seen().typists).toMatchObject([{ userName: 'Ben', where: 'chat' }])
  const before = seen()
  rerender()
  expect(seen()).toBe(before)
})

test('useThreads: opens them by itself, and filters', async () => {
  const { seen, bens } = await asAda(() => useThreads({ beatId: 1, resolved: false, withWordsOf: 2 }))
  expect(seen().state).toBe('ready')
  bens.createComment({ beat_id: 1, content: 'Why fog?' })
  await made.pass()
  expect(seen().threads).toMatchObject([{ first: { content: 'Why fog?' } }])
  const id = seen().threads[0]?.first.id ?? 0
  await act(async () => void seen().resolve(id))
  await made.pass()
  expect(seen().threads).toEqual([])
})

test('useWebSocket: below a provider, people, messages and the connection’s ups and downs', async () => {
  made = createTestRoom()
  const ada = made.person('Ada')
  const bens = made.person('Ben').room
  const heard = {
    onMessage: vi.fn<Required<UseWebSocketOptions>['onMessage']>(),
    onOpen: vi.fn<() => void>(),
    onClose: vi.fn<Required<UseWebSocketOptions>['onClose']>(),
    onError: vi.fn<Required<UseWebSocketOptions>['onError']>(),
  }
  const types = () => heard.onMessage.mock.calls.map(([{ type }]) => type)
  const { result } = renderHook(() => useWebSocket({ storyId: 1, userId: 99, ...heard }), {
    wrapper: ada.Wrapper,
    reactStrictMode: true,
  })
  await made.pass()
  expect(result.current.isConnected).toBe(true)
  expect(result.current.users.map(({ user_name }) => user_name)).toEqual(['Ben', 'Ada'])
  expect(heard.onOpen).toHaveBeenCalled()

  act(() => {
    result.current.sendChat('Hello')
    result.current.lockBeat(1)
    result.current.sendEdit(1, { title: 'New Title' })
  })
  await made.pass()
  expect(types()).toEqual(expect.arrayContaining(['chat', 'beat_lock']))
  expect(bens.getSnapshot()).toMatchObject({
    beats: [{ title: 'New Title' }],
    locks: [{ locked_by_name: 'Ada' }],
    chat: { messages: [{ message: 'Hello' }] },
  })
  act(() => result.current.sendMessage({ type: 'beat_lock', beat_id: 7 }))
  await made.pass()
  expect(heard.onError).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ code: 'not_found' }))

  act(() => ada.goOffline())
  await made.pass()
  expect(result.current).toMatchObject({ isConnected: false, users: [] })
  expect(heard.onClose).toHaveBeenCalledOnce()
  act(() => ada.goOnline())
  await made.pass()
  expect(result.current.isConnected).toBe(true)
  act(() => result.current.disconnect())
  await made.pass()
  expect(result.current.isConnected).toBe(false)
  act(() => result.current.reconnect())
  await made.pass()
  expect(result.current.isConnected).toBe(true)
})

test('useWebSocket: reconnect makes a fresh socket, where there is one, while it waits, and after it has ended', async () => {
  made = createTestRoom()
  const ada = made.person('Ada')
  const bens = made.person('Ben').room
  const heard = { onOpen: vi.fn<() => void>(), onClose: vi.fn<() => void>() }
  const { result } = renderHook(() => useWebSocket({ storyId: 1, ...heard }), { wrapper: ada.Wrapper })
  await made.pass()
  act(() => result.current.lockBeat(1))
  await made.pass()
  expect(heard.onOpen).toHaveBeenCalledTimes(1)

  act(() => result.current.reconnect())
  expect(result.current).toMatchObject({ isConnected: false, users: [] })
  await made.pass()
  expect(result.current.isConnected).toBe(true)
  expect(result.current.users).toHaveLength(2)
  expect([heard.onClose.mock.calls.length, heard.onOpen.mock.calls.length]).toEqual([1, 2])
  // Who reconnects has not said goodbye.
  expect(bens.getSnapshot().locks).toMatchObject([{ locked_by_name: 'Ada' }])

  act(() => ada.goOffline())
  await made.pass(0)
  act(() => result.current.reconnect())
  await made.pass(0)
  expect(result.current.isConnected).toBe(false)

  act(() => ada.goOnline())
  await made.pass()
  act(() => result.current.disconnect())
  await made.pass(60_000)
  expect(result.current.isConnected).toBe(false)
  act(() => result.current.reconnect())
  await made.pass()
  expect(result.current.isConnected).toBe(true)
  expect(heard.onOpen).toHaveBeenCalledTimes(4)
})

test('useWebSocket: reconnect does nothing and breaks nothing before there is a room', () => {
  made = createTestRoom()
  const { provider } = made.person('Ada')
  const { me: _, ...nobody } = provider
  const { result } = renderHook(() => useWebSocket({ storyId: 1 }), {
    wrapper: ({ children }) => <StoryWeaveProvider {...nobody}>{children}</StoryWeaveProvider>,
  })
  expect(() => act(() => result.current.reconnect())).not.toThrow()
  expect(result.current.isConnected).toBe(false)
})

// @vitest-environment happy-dom
import { cleanup, renderHook, waitFor } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
import { useWebSocket } from './use-web-socket.ts'

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

/** A network on which every request gets a ticket, and sockets open and stay silent. */
function stubNetwork() {
  const asked: string[] = []
  const sockets: string[] = []
  vi.stubGlobal('fetch', async (input: string | URL) => {
    asked.push(String(input))
    return Response.json({ ticket: 'abc', expires_at: new Date(0).toISOString() })
  })
  class Socket {
    onopen: (() => void) | null = null
    constructor(url: URL) {
      sockets.push(url.href)
      queueMicrotask(() => this.onopen?.())
    }
    send(): void {}
    close(): void {}
  }
  vi.stubGlobal('WebSocket', Socket)
  return { asked, sockets }
}

test('useWebSocket: without a provider it says who writes by name, as a server in open mode takes it', async () => {
  const { asked, sockets } = stubNetwork()
  const { result } = renderHook(() =>
    useWebSocket({
      storyId: 7,
      userId: 1,
      userName: 'Alice',
      userEmail: 'alice@example.com',
      baseUrl: 'http://localhost:8080',
    }),
  )
  await waitFor(() => expect(result.current.isConnected).toBe(true))
  const url = new URL(asked[0] ?? '')
  expect(url.pathname).toBe('/collaboration/ticket')
  expect(Object.fromEntries(url.searchParams)).toEqual({
    user_id: '1',
    user_name: 'Alice',
    user_email: 'alice@example.com',
  })
  expect(sockets[0]).toMatch(/^ws:\/\/localhost:8080\/collaboration\/ws\/story\/7\?ticket=abc&/)
})

test('useWebSocket: where nobody says who writes, it says what is missing', () => {
  const quiet = vi.spyOn(console, 'error').mockImplementation(() => {})
  expect(() => renderHook(() => useWebSocket({ storyId: 7 }))).toThrow('give it a userId')
  quiet.mockRestore()
})

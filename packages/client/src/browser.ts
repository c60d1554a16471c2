import { DeviceStore } from './offline/device-store.ts'
import { databaseName } from './offline/idb-store.ts'
import type { Cancel, ClientPorts, Signal, SocketEvents, SocketLike } from './ports.ts'
import { createRestClient, type RestClient } from './rest/client.ts'
import { StoryRoom } from './room/story-room.ts'
import type { StoryRoomApi } from './types.ts'

export interface BrowserRoomOptions {
  readonly storyId: number
  /** Who writes: what is kept on this device is kept for them alone. */
  readonly userId: number
  /** Where the server is; the page's own origin if left out. */
  readonly baseUrl?: string
  /** A session token or JWT, where no cookie speaks. */
  readonly token?: string
  /** The version of the text's schema; 1 if left out. */
  readonly schema?: number
  /** Hears of oddities that nobody has to act on; `console.debug` if left out. Never gets text of people. */
  readonly note?: ClientPorts['note']
}

/** REST as this page speaks it: to its own origin, as whoever its cookie names. */
export function createBrowserRest(options: { baseUrl?: string; token?: string } = {}): RestClient {
  const { baseUrl = location.origin, token } = options
  // `fetch` wants to be called as a method of the window.
  return createRestClient({ baseUrl, fetch: (...of) => fetch(...of), ...(token !== undefined && { token }) })
}

/** A story's room on the browser's own socket, timers and storage. Begins with `connect()`. */
export function createStoryRoom(options: BrowserRoomOptions): StoryRoomApi {
  return new StoryRoom(options, browserPorts(options))
}

function browserPorts(options: BrowserRoomOptions): ClientPorts {
  const { baseUrl = location.origin, storyId, userId, note = console.debug } = options
  const rest = createBrowserRest(options)
  const storeFailed = (error: unknown) =>
    note('store_failed', { reason: error instanceof Error ? error.name : 'unknown' })
  return {
    now: () => Date.now(),
    random: () => Math.random(),
    setTimer: (run, delayMs) => {
      const timer = setTimeout(run, delayMs)
      return () => clearTimeout(timer)
    },
    openSocket: (path, events) => openWebSocket(baseUrl, path, events),
    fetchTicket: async () => (await rest.ticket()).ticket,
    checkStory: async (id) => {
      await rest.stories.get(id)
    },
    onSignal: onPageSignal,
    store: DeviceStore.forStory(databaseName(userId, storyId), storeFailed),
    note,
  }
}

function openWebSocket(baseUrl: string, path: string, events: SocketEvents): SocketLike {
  const url = new URL(baseUrl.replace(/\/$/, '') + path)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  const socket = new WebSocket(url)
  socket.binaryType = 'arraybuffer'
  socket.onopen = () => events.opened()
  socket.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => {
    if (typeof data === 'string') events.text(data)
    else events.bytes(new Uint8Array(data))
  }
  // An error is always followed by a close.
  socket.onclose = ({ code }) => events.closed(code)
  return {
    send: (data) => socket.send(data as string | Uint8Array<ArrayBuffer>),
    close: (code, reason) => socket.close(code, reason),
  }
}

function onPageSignal(listener: (signal: Signal) => void): Cancel {
  const online = () => listener('online')
  const looked = () => listener(document.visibilityState === 'visible' ? 'visible' : 'hidden')
  const hidden = () => listener('hidden')
  addEventListener('online', online)
  addEventListener('pagehide', hidden)
  document.addEventListener('visibilitychange', looked)
  return () => {
    removeEventListener('online', online)
    removeEventListener('pagehide', hidden)
    document.removeEventListener('visibilitychange', looked)
  }
}

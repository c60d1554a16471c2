import { DeviceStore } from './offline/device-store.ts'
import { databaseName } from './offline/idb-store.ts'
import type { Cancel, ClientPorts, Signal, SocketEvents, SocketLike, TabMessage, TabsPort } from './ports.ts'
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
  /** Gets a new token before the old one expires, where a token speaks. */
  readonly refreshToken?: () => Promise<string>
  /** The version of the text's schema; 1 if left out. */
  readonly schema?: number
  /** How requests are sent; the page's own `fetch` if left out. */
  readonly fetch?: typeof globalThis.fetch
  /** Hears of oddities that nobody has to act on; `console.debug` if left out. Never gets text of people. */
  readonly note?: ClientPorts['note']
}

/** REST as this page speaks it: to its own origin, as whoever its cookie names. */
export function createBrowserRest(
  options: Pick<BrowserRoomOptions, 'baseUrl' | 'token' | 'fetch'> = {},
): RestClient {
  const { baseUrl = pageOrigin(), token } = options
  // `fetch` wants to be called as a method of the window.
  const send = options.fetch ?? ((...of) => fetch(...of))
  return createRestClient({ baseUrl, fetch: send, ...(token !== undefined && { token }) })
}

/** Where a page is rendered on a server there is none, and nothing is asked for. */
const pageOrigin = (): string => (typeof location === 'undefined' ? '' : location.origin)

/** A story's room on the browser's own socket, timers and storage. Begins with `connect()`. */
export function createStoryRoom(options: BrowserRoomOptions): StoryRoomApi {
  return new StoryRoom(options, browserPorts(options))
}

function browserPorts(options: BrowserRoomOptions): ClientPorts {
  const { baseUrl = pageOrigin(), storyId, userId, note = console.debug } = options
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
    tabs: tabsOf(databaseName(userId, storyId)),
    history: {
      chatBefore: (id, before) => rest.chat.list(id, { before }),
      comments: (id, after) => rest.comments.list(id, after === undefined ? {} : { after }),
    },
    ...(options.refreshToken && { refreshToken: options.refreshToken }),
    note,
  }
}

/** Not 1000 and not 1001, which say goodbye and let go of locks. */
const NETWORK_GONE = 4000

/** Tabs of the same person and story share a channel as they share a database; it is open while somebody listens. */
function tabsOf(name: string): TabsPort {
  let channel: BroadcastChannel | undefined
  return {
    post: (message) => channel?.postMessage(message),
    listen: (listener) => {
      const opened = new BroadcastChannel(name)
      channel = opened
      opened.onmessage = ({ data }: MessageEvent<TabMessage>) => listener(data)
      return () => {
        opened.close()
        channel = undefined
      }
    },
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
  const ended = (code: number) => {
    removeEventListener('offline', cut)
    socket.onclose = null
    events.closed(code)
  }
  // A socket without a network stays open, and silent, for as long as nobody asks.
  const cut = () => {
    socket.close(NETWORK_GONE)
    ended(NETWORK_GONE)
  }
  addEventListener('offline', cut)
  // An error is always followed by a close.
  socket.onclose = ({ code }) => ended(code)
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

import {
  type ClientPorts,
  createRestClient,
  MemoryStore,
  type OfflineStore,
  type RestClient,
  type SocketEvents,
  type SocketLike,
} from '@storyweave/client'
import { WebSocket } from 'ws'

/** What the application's client needs of the world, in Node: `ws`, `fetch`, and a store in memory. */

export interface NodePortsOptions {
  readonly token: string
  /** Where to connect and to ask this time: of several nodes any will do. */
  readonly door: () => string
  readonly store?: OfflineStore
  /** At least 0, less than 1. */
  readonly random?: () => number
  readonly note?: ClientPorts['note']
}

/** An answer that takes longer is given up, and asked for again. */
const REST_PATIENCE_MS = 15_000

export function nodePorts({ token, door, store, random, note }: NodePortsOptions): ClientPorts {
  const rest = (): RestClient =>
    createRestClient({
      ...{ baseUrl: door(), token },
      fetch: (input, init) => fetch(input, { ...init, signal: AbortSignal.timeout(REST_PATIENCE_MS) }),
    })
  return {
    now: () => Date.now(),
    random: random ?? (() => Math.random()),
    setTimer: (run, delayMs) => {
      const timer = setTimeout(run, delayMs)
      return () => clearTimeout(timer)
    },
    openSocket: (path, events) => openSocket(`${door().replace(/^http/, 'ws')}${path}`, events),
    fetchTicket: async () => (await rest().ticket()).ticket,
    checkStory: async (storyId) => void (await rest().stories.get(storyId)),
    onSignal: () => () => undefined,
    store: store ?? new MemoryStore(),
    history: {
      chatBefore: (storyId, before) => rest().chat.list(storyId, { before }),
      comments: (storyId, after) => rest().comments.list(storyId, after === undefined ? {} : { after }),
    },
    note: note ?? (() => undefined),
  }
}

function openSocket(url: string, events: SocketEvents): SocketLike {
  const socket = new WebSocket(url)
  socket.on('open', () => events.opened())
  socket.on('message', (data: Buffer, isBinary: boolean) => {
    if (isBinary) events.bytes(new Uint8Array(data))
    else events.text(data.toString())
  })
  socket.on('close', (code) => events.closed(code))
  // What breaks is told by its close.
  socket.on('error', () => undefined)
  return {
    send: (data) => socket.send(data),
    close: (code, reason) => socket.close(code, reason),
  }
}

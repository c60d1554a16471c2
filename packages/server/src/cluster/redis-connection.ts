import { createClient } from '@redis/client'
import type { Endpoint, RedisAddress } from './redis-address.ts'

/** Who is asked, and as whom: a cluster hands us on to another endpoint than the address's own. */
export interface Door {
  readonly address: RedisAddress
  readonly endpoint: Endpoint
}

/** What the library gives up after by itself. Whoever opens a connection is less patient. */
const CONNECT_TIMEOUT_MS = 10_000

function makeClient({ address, endpoint }: Door) {
  const { username, password, isSecure } = address
  return createClient({
    socket: {
      ...endpoint,
      ...(isSecure ? { tls: true } : {}),
      // A connection that breaks is replaced by us, with everything that belongs to it.
      reconnectStrategy: false,
      connectTimeout: CONNECT_TIMEOUT_MS,
    },
    ...(password === undefined ? {} : { username, password }),
    name: 'storyweave',
    // Each asks for a right that a careful house need not give.
    disableClientInfo: true,
    maintNotifications: 'disabled',
    disableOfflineQueue: true,
    // None: a signal for each command costs more than the command, and beats find out what hangs.
    commandOptions: { timeout: 0 },
  })
}

type Client = ReturnType<typeof makeClient>

/** One connection to Redis: it breaks once, and is over then. */
export class RedisConnection {
  readonly client: Client
  readonly #over = Promise.withResolvers<never>()
  #isOver = false

  constructor(door: Door) {
    this.client = makeClient(door)
    this.client.on('error', (error: Error) => this.#end(error))
    this.client.on('sharded-channel-moved', () =>
      this.#end(new Error('our channels have moved to another node of the cluster')),
    )
    // The library goes on connecting what was destroyed meanwhile.
    this.client.on('connect', () => this.#isOver && this.client.destroy())
    this.#over.promise.catch(() => undefined)
  }

  /** Rejects when the connection breaks, or is closed; never resolves. */
  get over(): Promise<never> {
    return this.#over.promise
  }

  async open(): Promise<void> {
    await Promise.race([this.client.connect(), this.over])
  }

  close(): void {
    this.#end(new Error('it was closed'))
  }

  #end(error: Error): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#over.reject(error)
    this.client.destroy()
  }
}

import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { Database } from '@hocuspocus/extension-database'
import { Redis, type Configuration as RedisSettings } from '@hocuspocus/extension-redis'
import { type Extension, Server } from '@hocuspocus/server'
import { type ClientFrame, decodeServerFrame, encodeClientFrame } from '@storyweave/protocol'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import * as Y from 'yjs'

// The losses of packages/e2e/src/cluster/losses.test.ts, made to happen in Hocuspocus as it is installed here: what
// these tests expect is how somebody else's engine behaves. Where one fails, Hocuspocus has changed, and what we say
// of it has to change too. All is real but the database, whose role is played by a Map: so a store can be held back.

const REDIS_URL = process.env['STORYWEAVE_TEST_REDIS_URL']
const whySkipped = REDIS_URL === undefined ? ' (skipped: STORYWEAVE_TEST_REDIS_URL is not set)' : ''

const WITHIN = { timeout: 20_000, interval: 10 }
const KEY = 'beat/1'
/** Longer than any test, in milliseconds. */
const NEVER = 600_000

/** What Hocuspocus says where it leaves the storing to another node, and where a store has failed. */
const LEFT_TO_ANOTHER = 'Another instance is already storing this document'
const KEPT_IN_MEMORY = 'Document stays in memory to avoid data loss'

/** Holds back whoever passes, until it is opened. */
class Gate {
  readonly #opened = Promise.withResolvers<void>()
  #reached = 0

  readonly pass = (): Promise<void> => {
    this.#reached += 1
    return this.#opened.promise
  }

  /** Resolves when somebody stands before it. */
  async reached(): Promise<void> {
    await expect.poll(() => this.#reached, WITHIN).toBe(1)
  }

  open(): void {
    this.#opened.resolve()
  }
}

const textOf = (doc: Y.Doc): string => doc.getText('goal').toString()

/** The database: a row for each document, written as a whole by the node that stores. */
class Table {
  readonly #rows = new Map<string, Uint8Array>()
  /** The nodes whose stores have ended well, in this order. */
  readonly stored: string[] = []
  /** What a store goes through before its row is written. */
  before: (node: string) => Promise<void> = () => Promise.resolve()

  extension(node: string): Database {
    return new Database({
      fetch: async ({ documentName }) => this.#rows.get(documentName) ?? null,
      store: async ({ documentName, state }) => {
        await this.before(node)
        this.#rows.set(documentName, state)
        this.stored.push(node)
      },
    })
  }

  fail(): void {
    this.before = () => Promise.reject(new Error('The database is away.'))
  }

  work(): void {
    this.before = () => Promise.resolve()
  }

  get text(): string {
    const doc = new Y.Doc()
    const row = this.#rows.get(KEY)
    if (row !== undefined) Y.applyUpdate(doc, row)
    return textOf(doc)
  }
}

/** Somebody who writes, and counts what is not acknowledged as the stock provider does in `unsyncedChanges`. */
class Writer {
  readonly #doc = new Y.Doc()
  readonly #socket: WebSocket
  #isSynced = false
  #unacknowledged = 0

  private constructor(url: string) {
    this.#socket = new WebSocket(url)
    this.#socket.on('message', (data: Buffer) => this.#receive(data))
    this.#doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== this) this.#change({ type: 'update', key: KEY, update })
    })
  }

  static async comeTo(url: string): Promise<Writer> {
    const writer = new Writer(url)
    await once(writer.#socket, 'open')
    writer.#socket.send(encodeClientFrame({ type: 'auth', key: KEY, token: '' }))
    const stateVector = Y.encodeStateVector(writer.#doc)
    writer.#socket.send(encodeClientFrame({ type: 'step1', key: KEY, stateVector }))
    await expect.poll(() => writer.#isSynced && writer.#unacknowledged === 0, WITHIN).toBe(true)
    return writer
  }

  get text(): string {
    return textOf(this.#doc)
  }

  /** Resolves when the server has acknowledged the word. */
  async write(word: string): Promise<void> {
    const text = this.#doc.getText('goal')
    text.insert(text.length, word)
    await expect.poll(() => this.#unacknowledged, WITHIN).toBe(0)
  }

  async sees(text: string): Promise<void> {
    await expect.poll(() => this.text, WITHIN).toBe(text)
  }

  async leave(): Promise<void> {
    const closed = once(this.#socket, 'close')
    this.#socket.close()
    await closed
  }

  #change(frame: Extract<ClientFrame, { type: 'step2' | 'update' }>): void {
    this.#unacknowledged += 1
    this.#socket.send(encodeClientFrame(frame))
  }

  #receive(data: Buffer): void {
    const frame = decodeServerFrame(data)
    if (frame?.type === 'update' || frame?.type === 'step2') Y.applyUpdate(this.#doc, frame.update, this)
    if (frame?.type === 'step2') this.#isSynced = true
    if (frame?.type === 'step1') {
      const update = Y.encodeStateAsUpdate(this.#doc, frame.stateVector)
      this.#change({ type: 'step2', key: KEY, update })
    }
    if (frame?.type === 'denied') throw new Error(`The server has denied ${frame.key}: ${frame.reason}`)
    if (frame?.type === 'sync_status' && !frame.accepted) throw new Error('The server has refused an edit.')
    if (frame?.type === 'sync_status') this.#unacknowledged -= 1
  }
}

/** One Hocuspocus server. */
class Node {
  readonly server: Server
  readonly redis: Redis

  constructor(redis: Redis, database: Database, hooks: Extension, debounce: number) {
    this.redis = redis
    const settings = { port: 0, address: '127.0.0.1', quiet: true, stopOnSignals: false, debounce }
    this.server = new Server({ ...settings, extensions: [redis, database, hooks] })
  }

  come(): Promise<Writer> {
    return Writer.comeTo(this.server.webSocketURL)
  }

  /** Resolves when the document has left this server's memory. */
  async unloads(): Promise<void> {
    await expect.poll(() => this.server.hocuspocus.getDocumentsCount(), WITHIN).toBe(0)
  }

  /** Resolves when the unload under way has come to nothing. */
  async givesUpUnloading(): Promise<void> {
    const { hocuspocus } = this.server
    await expect.poll(() => hocuspocus.unloadingDocuments.size, WITHIN).toBe(0)
    expect(hocuspocus.getDocumentsCount()).toBe(1)
  }

  /** What somebody finds who comes when everybody is gone. */
  async newcomerFinds(): Promise<string> {
    const newcomer = await this.come()
    await newcomer.leave()
    await this.unloads()
    return newcomer.text
  }
}

interface Settings {
  readonly redis?: Partial<RedisSettings>
  /** Of node A. */
  readonly hooks?: Extension
  /** How long after an edit it is stored, if nobody leaves before, in milliseconds. */
  readonly debounce?: number
}

/** Two servers with one Redis and one database, for one test. */
class House {
  readonly table = new Table()
  readonly a: Node
  readonly b: Node
  readonly #prefix = `losses-elsewhere-${randomUUID()}`

  private constructor({ redis, hooks = {}, debounce = 1 }: Settings) {
    const { hostname: host, port } = new URL(REDIS_URL ?? '')
    // How long an unload waits for what others have to say: of no account here, as each test waits for that itself.
    const settings = { host, port: Number(port), prefix: this.#prefix, disconnectDelay: 50, ...redis }
    this.a = new Node(new Redis(settings), this.table.extension('A'), hooks, debounce)
    this.b = new Node(new Redis(settings), this.table.extension('B'), {}, debounce)
  }

  static async start(settings: Settings = {}): Promise<House> {
    const house = new House(settings)
    const servers = [house.a.server, house.b.server]
    onTestFinished(async () => {
      await Promise.all(servers.map((server) => server.destroy()))
    })
    await Promise.all(servers.map((server) => server.listen()))
    return house
  }

  /** Whether no node has the right to store the document. */
  async isUnlocked(): Promise<boolean> {
    return (await this.a.redis.pub.exists(`${this.#prefix}:${KEY}:lock`)) === 0
  }

  async expectToBeFound(text: string): Promise<void> {
    expect(this.table.text).toBe(text)
    expect(await this.a.newcomerFinds()).toBe(text)
    expect(await this.b.newcomerFinds()).toBe(text)
  }
}

/** The version that is installed, which its exports don't give. */
function version(): string {
  const main = createRequire(import.meta.url).resolve('@hocuspocus/server')
  return JSON.parse(readFileSync(join(main, '..', '..', 'package.json'), 'utf8')).version
}

describe.skipIf(REDIS_URL === undefined)(`two servers of Hocuspocus ${version()}${whySkipped}`, () => {
  /** All that Hocuspocus complains of. */
  let complaints: ReturnType<typeof vi.spyOn>
  const complained = () => complaints.mock.calls.flat().join('\n')

  beforeEach(() => {
    complaints = vi.spyOn(console, 'error').mockImplementation(() => {})
  })
  afterEach(() => {
    complaints.mockRestore()
  })

  // Of two nodes one has the lock and stores what it knew when it began. The other one skips its store, taking it that
  // the words are safe over there; but words that come over Redis make no node store.
  test("Hocuspocus loses: an edit acknowledged on B while A is storing, and then B's client leaves", async () => {
    // The lock lasts as long as this store of A's, as it does by default where a store takes less than a second.
    const house = await House.start({ redis: { lockTimeout: NEVER } })
    const [ann, ben] = [await house.a.come(), await house.b.come()]
    const slow = new Gate()
    house.table.before = slow.pass
    await ann.write('[first]')
    await slow.reached()
    await ben.sees('[first]')
    await ben.write('[acknowledged]')
    await ann.sees('[first][acknowledged]')
    await expect.poll(complained, WITHIN).toContain(LEFT_TO_ANOTHER)
    await ben.leave()
    await house.b.unloads()
    slow.open()
    await expect.poll(() => house.table.stored, WITHIN).toEqual(['A'])
    await ann.leave()
    await house.a.unloads()
    await house.expectToBeFound('[first]')
  })

  // The lock ends by itself after a second, whether the store has ended or not, and the last write wins.
  test('Hocuspocus loses: an edit stored by B, when an older and slower store of A ends after it', async () => {
    const house = await House.start()
    const [ann, ben] = [await house.a.come(), await house.b.come()]
    const slow = new Gate()
    house.table.before = (node) => (node === 'A' ? slow.pass() : Promise.resolve())
    await ann.write('[older]')
    await slow.reached()
    await expect.poll(() => house.isUnlocked(), WITHIN).toBe(true)
    await ben.sees('[older]')
    await ben.write('[acknowledged]')
    await ann.sees('[older][acknowledged]')
    await expect.poll(() => house.table.text, WITHIN).toBe('[older][acknowledged]')
    slow.open()
    await expect.poll(() => house.table.stored, WITHIN).toEqual(['B', 'A'])
    await Promise.all([ann.leave(), ben.leave()])
    await Promise.all([house.a.unloads(), house.b.unloads()])
    await house.expectToBeFound('[older]')
    expect(complaints).not.toHaveBeenCalled()
  })

  // A store that failed is not tried again before the next edit: the last client takes the document along.
  test('Hocuspocus loses: an edit whose store has failed, when the last client leaves', async () => {
    const house = await House.start()
    const ann = await house.a.come()
    house.table.fail()
    await ann.write('[acknowledged]')
    await expect.poll(complained, WITHIN).toContain(KEPT_IN_MEMORY)
    // The database is back before she leaves.
    house.table.work()
    await ann.leave()
    await house.a.unloads()
    await house.expectToBeFound('')
  })

  // Failing on the way out, it stays in memory for the next client, with whom it goes: that one has changed nothing.
  test('Hocuspocus loses: an edit whose store fails as the last client leaves, when a reader has come and gone', async () => {
    const house = await House.start({ debounce: NEVER })
    const ann = await house.a.come()
    await ann.write('[acknowledged]')
    house.table.fail()
    await ann.leave()
    await expect.poll(complained, WITHIN).toContain(KEPT_IN_MEMORY)
    house.table.work()
    expect(await house.a.newcomerFinds()).toBe('[acknowledged]')
    await house.expectToBeFound('')
  })

  describe('while a document leaves memory', () => {
    /** Ann has left, the document is about to be unloaded, and Ben comes, writes, and is the last to leave. */
    async function editDuringUnload(
      whenBenStores: (table: Table) => void,
    ): Promise<{ house: House; slow: Gate }> {
      const slow = new Gate()
      // By itself, the Redis extension waits here for a second.
      const house = await House.start({ debounce: NEVER, hooks: { beforeUnloadDocument: slow.pass } })
      const ann = await house.a.come()
      await ann.write('[before]')
      await ann.leave()
      await slow.reached()
      const ben = await house.a.come()
      expect(ben.text).toBe('[before]')
      await ben.write('[acknowledged]')
      whenBenStores(house.table)
      await ben.leave()
      return { house, slow }
    }

    // Before it takes the document away it looks again: for clients, and for stores that wait or run.
    test('Hocuspocus keeps: an edit during unload, even where its store is slow', async () => {
      const storing = new Gate()
      const { house, slow } = await editDuringUnload((table) => {
        table.before = storing.pass
      })
      await storing.reached()
      slow.open()
      await house.a.givesUpUnloading()
      storing.open()
      await house.a.unloads()
      await house.expectToBeFound('[before][acknowledged]')
      expect(complaints).not.toHaveBeenCalled()
    })

    // What this store could not write would have stayed in memory, as above; the unload under way does not look at that.
    test('Hocuspocus loses: an edit during unload, whose store fails', async () => {
      const { house, slow } = await editDuringUnload((table) => table.fail())
      await expect.poll(complained, WITHIN).toContain(KEPT_IN_MEMORY)
      house.table.work()
      slow.open()
      await house.a.unloads()
      await house.expectToBeFound('[before]')
    })

    // Documents are unloaded by their names. A client whose onDisconnect hook takes its time asks for the unload of a
    // document that is long gone: the one that others write in meanwhile is taken from them, and a second one made.
    test('Hocuspocus loses: an edit in a document that is unloaded for a client of the one before', async () => {
      const slow = new Gate()
      let onDisconnect = slow.pass
      const house = await House.start({ hooks: { onDisconnect: () => onDisconnect() } })
      const [ann, eve] = [await house.a.come(), await house.a.come()]
      await ann.leave()
      await slow.reached()
      onDisconnect = () => Promise.resolve()
      await eve.leave()
      await house.a.unloads()

      const ben = await house.a.come()
      slow.open()
      await house.a.unloads()
      const cleo = await house.a.come()
      await ben.write('[acknowledged]')
      await expect.poll(() => house.table.text, WITHIN).toBe('[acknowledged]')
      await cleo.write('[by Cleo]')
      await expect.poll(() => house.table.text, WITHIN).toBe('[by Cleo]')
      await Promise.all([ben.leave(), cleo.leave()])
      await house.a.unloads()
      await house.expectToBeFound('[by Cleo]')
      expect(complaints).not.toHaveBeenCalled()
    })
  })
})

import { HocuspocusProvider, HocuspocusProviderWebsocket } from '@hocuspocus/provider'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import * as Y from 'yjs'
import { Person } from '../support/person.ts'
import { ServerProcess } from '../support/server-process.ts'
import { loadTrace, type Trace, type Txn } from './trace.ts'

/** The card's text the trace is replayed into. */
const FIELD = 'outcome'
/** Higher than the ids under which a server seeds its documents. */
const FIRST_CLIENT_ID = 1_000

const trace = loadTrace()
let server: ServerProcess

beforeAll(async () => {
  server = await ServerProcess.start()
})
afterAll(() => server.remove())

describe(`two stock providers replay a real session (${trace.source})`, () => {
  test('step-pair: both end at its content, and nothing is left unsynced', { timeout: 240_000 }, async () => {
    const ann = await Person.signUp(server.address, 'Ann')
    const story = await ann.newStory('Replay')
    const [beat] = await ann.beatsOf(story.id)
    if (beat === undefined) throw new Error('A new story has a beat.')
    const agents = [0, 1].map((agent) => new Agent(server, ann.token, story.id, beat.id, agent))
    await Promise.all(agents.map((agent) => agent.synced()))
    await replay(trace, agents)
    await Promise.all(agents.map((agent) => agent.settled(trace.endContent)))
    for (const agent of agents) {
      expect(agent.provider.document.getText(FIELD).toString()).toBe(trace.endContent)
      expect(agent.provider.unsyncedChanges).toBe(0)
      agent.close()
    }
    await server.kill()
    await server.start()
    const reader = new Agent(server, ann.token, story.id, beat.id)
    await reader.settled(trace.endContent)
    expect(reader.provider.document.getText(FIELD).toString()).toBe(trace.endContent)
    reader.close()
  })
})

/** One writer of the trace: a document that knows exactly what its writer knew, and a provider that carries it. */
class Agent {
  readonly provider: HocuspocusProvider
  /** Changes are made here, where nothing comes in by itself, and so positions mean what they meant. */
  readonly desk = new Y.Doc()
  /** The transactions that the desk has. */
  readonly known = new Set<number>()
  readonly #socket: HocuspocusProviderWebsocket

  /** Where both wrote at one place, the trace has the first agent's words first: Yjs puts the lower client id first. */
  constructor(server: ServerProcess, token: string, storyId: number, beatId: number, agent = 0) {
    this.desk.clientID = FIRST_CLIENT_ID + agent
    this.#socket = new HocuspocusProviderWebsocket({
      url: `${server.socketAddress}/collaboration/documents/story/${storyId}`,
      WebSocketPolyfill: WebSocket,
    })
    this.provider = new HocuspocusProvider({ name: `beat/${beatId}`, token, websocketProvider: this.#socket })
    this.provider.attach()
  }

  async synced(): Promise<void> {
    await this.#until(() => this.provider.isSynced)
    Y.applyUpdate(this.desk, Y.encodeStateAsUpdate(this.provider.document))
  }

  /** Resolves when the server has brought everything that `update` stands on. */
  async has(stateVector: ReadonlyMap<number, number>): Promise<void> {
    const { store } = this.provider.document
    await this.#until(() => [...stateVector].every(([client, clock]) => Y.getState(store, client) >= clock))
  }

  async settled(content: string): Promise<void> {
    const { document } = this.provider
    await this.#until(
      () => document.getText(FIELD).length === content.length && this.provider.unsyncedChanges === 0,
    )
  }

  /** Waits for events of the provider, never for a time. */
  #until(isTrue: () => boolean): Promise<void> {
    if (isTrue()) return Promise.resolve()
    return new Promise((resolve) => {
      const look = () => {
        if (!isTrue()) return
        this.provider.document.off('update', look)
        this.provider.off('synced', look)
        this.provider.off('unsyncedChanges', look)
        resolve()
      }
      this.provider.document.on('update', look)
      this.provider.on('synced', look)
      this.provider.on('unsyncedChanges', look)
    })
  }

  close(): void {
    this.provider.destroy()
    this.#socket.destroy()
    this.desk.destroy()
  }
}

/** Every transaction by its own agent, after exactly those it really came after. */
async function replay({ txns }: Trace, agents: readonly Agent[]): Promise<void> {
  const made: Uint8Array[] = []
  for (const [index, txn] of txns.entries()) {
    const agent = agents[txn.agent]
    if (agent === undefined) throw new Error(`The trace has an agent ${txn.agent}.`)
    const learned = learn(agent, txn.parents, txns, made)
    if (learned) await agent.has(Y.decodeStateVector(Y.encodeStateVector(agent.desk)))
    const update = patch(agent.desk, txn)
    made.push(update)
    agent.known.add(index)
    Y.applyUpdate(agent.provider.document, update, agent)
  }
}

/** Brings to the agent's desk what its writer had seen; true where that was something of the other's. */
function learn(
  agent: Agent,
  parents: readonly number[],
  txns: readonly Txn[],
  made: readonly Uint8Array[],
): boolean {
  const missing: number[] = []
  const ask = [...parents]
  for (let next = ask.pop(); next !== undefined; next = ask.pop()) {
    if (agent.known.has(next)) continue
    agent.known.add(next)
    missing.push(next)
    ask.push(...(txns[next]?.parents ?? []))
  }
  const updates = missing.sort((a, b) => a - b).flatMap((index) => made[index] ?? [])
  for (const update of updates) Y.applyUpdate(agent.desk, update)
  return updates.length > 0
}

function patch(desk: Y.Doc, { patches }: Txn): Uint8Array {
  const before = Y.encodeStateVector(desk)
  const text = desk.getText(FIELD)
  let update: Uint8Array | undefined
  const record = (bytes: Uint8Array) => {
    update = bytes
  }
  desk.on('update', record)
  desk.transact(() => {
    for (const [position, deleted, inserted] of patches) {
      const at = codeUnits(text, position)
      if (deleted > 0) text.delete(at, codeUnits(text, position + deleted) - at)
      if (inserted !== '') text.insert(at, inserted)
    }
  })
  desk.off('update', record)
  return update ?? Y.encodeStateAsUpdate(desk, before)
}

/** Where the code point `position` begins, in UTF-16 code units: the same number until a surrogate pair was typed. */
function codeUnits(text: Y.Text, position: number): number {
  return isPlain ? position : [...text.toString()].slice(0, position).join('').length
}

const isPlain = trace.txns.every(({ patches }) =>
  patches.every(([, , inserted]) => !/[\ud800-\udfff]/.test(inserted)),
)

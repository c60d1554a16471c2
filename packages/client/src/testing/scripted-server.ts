import {
  type ClientFrame,
  decodeClientFrame,
  encodeServerFrame,
  type ServerFrame,
} from '@storyweave/protocol'
import * as Y from 'yjs'
import { BeatDocuments } from '../documents/beat-documents.ts'
import type { DrawerEntry, NewDrawerEntry } from '../drawer/entry.ts'
import type { World } from './world.ts'

/** The other end of a socket, frame by frame in the test's hand. */
export class ScriptedServer {
  readonly #receive: (bytes: Uint8Array) => void
  #sent: ClientFrame[] = []
  /** The server's documents by key: what a test takes in here is in the server's state. */
  readonly #docs = new Map<string, Y.Doc>()

  constructor(receive: (bytes: Uint8Array) => void) {
    this.#receive = receive
  }

  readonly hear = (bytes: Uint8Array): void => {
    const frame = decodeClientFrame(bytes)
    if (frame === undefined) throw new Error('The client sent what is no frame.')
    this.#sent.push(frame)
  }

  /** What the client has sent since the last call. */
  take(): ClientFrame[] {
    const frames = this.#sent
    this.#sent = []
    return frames
  }

  /** The frames sent since the last call, in short: `step2 beat/7`. */
  heard(): string[] {
    return this.take().map(({ type, key }) => `${type} ${key.replace('\u0000', '#')}`)
  }

  say(frame: ServerFrame): void {
    this.#receive(encodeServerFrame(frame))
  }

  doc(key: string): Y.Doc {
    const doc = this.#docs.get(key) ?? new Y.Doc()
    this.#docs.set(key, doc)
    return doc
  }

  /** Answers Auth and Step1: scope, and a step-pair. */
  welcome(key: string, scope: 'read-write' | 'readonly' = 'read-write'): void {
    const doc = this.doc(key.split('\u0000', 1)[0] ?? key)
    this.say({ type: 'scope', key, scope })
    this.say({ type: 'step1', key, stateVector: Y.encodeStateVector(doc) })
    this.say({ type: 'step2', key, update: Y.encodeStateAsUpdate(doc) })
  }

  /** Takes in everything the client sent, and acknowledges each part of it. */
  store(): void {
    for (const frame of this.take()) {
      if (frame.type !== 'step2' && frame.type !== 'update') continue
      Y.applyUpdate(this.doc(frame.key.split('\u0000', 1)[0] ?? frame.key), frame.update)
      this.say({ type: 'sync_status', key: frame.key, accepted: true })
    }
  }

  refuse(key: string, code: string): void {
    this.say({
      type: 'stateless',
      key,
      payload: JSON.stringify({ type: 'refused', code, message: `no: ${code}` }),
    })
    this.say({ type: 'sync_status', key, accepted: false })
  }
}

/** The documents of one page, wired to a scripted server. */
export function documentsIn(world: World) {
  const titles: [number, string][] = []
  const failures: unknown[] = []
  const drawer: DrawerEntry[] = []
  const here: NewDrawerEntry[] = []
  const putBack: number[] = []
  const documents: BeatDocuments = new BeatDocuments({
    clock: world.documentClock(),
    store: world.store,
    send: (frame) => server.hear(frame),
    changed: () => {},
    titled: (beatId, title) => titles.push([beatId, title]),
    wrote: () => {},
    kept: (entries) => drawer.push(...entries),
    keptHere: (entries) => here.push(...entries),
    putBack: (beatId) => putBack.push(beatId),
    storeFailed: (error) => failures.push(error),
    note: (event) => world.notes.push(event),
  })
  const server = new ScriptedServer((bytes) => documents.receive(bytes))
  return { documents, server, titles, failures, drawer, here, putBack }
}

import { randomInt } from 'node:crypto'
import { beatDocumentName, decodeServerFrame, encodeClientFrame } from '@storyweave/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import * as Y from 'yjs'
import { Person } from '../support/person.ts'
import { ServerProcess } from '../support/server-process.ts'

const ROUNDS = 20
/** Letters after whose acknowledgement the server is killed: at random, so that it is hit at any moment. */
const MOST_LETTERS = 400
const FIELD = 'goal'

let server: ServerProcess

beforeAll(async () => {
  server = await ServerProcess.start()
})
afterAll(() => server.remove())

describe('durable: killed while a writer types', () => {
  test(`durable: ${ROUNDS} rounds, and no acknowledged letter is missing`, { timeout: 600_000 }, async () => {
    const ann = await Person.signUp(server.address, 'Ann')
    const story = await ann.newStory('Power cuts')
    const [beat] = await ann.beatsOf(story.id)
    if (beat === undefined) throw new Error('A new story has a beat.')
    let acknowledged = 0
    let missing = 0
    for (let round = 0; round < ROUNDS; round++) {
      const writer = await Writer.open(server, ann, story.id, beat.id, round)
      const killAfter = randomInt(1, MOST_LETTERS)
      await writer.typeUntil(killAfter, () => server.kill())
      acknowledged += writer.acknowledged.length
      await server.start()
      const reader = await Writer.open(server, ann, story.id, beat.id, round)
      const text = reader.doc.getText(FIELD).toString()
      missing += writer.acknowledged.filter((word) => !text.includes(word)).length
      reader.close()
    }
    process.stdout.write(`killed ${ROUNDS} times, ${acknowledged} words acknowledged, ${missing} missing\n`)
    expect(acknowledged).toBeGreaterThan(ROUNDS)
    expect(missing).toBe(0)
  })
})

/** A writer who types on without waiting, and knows which words were acknowledged. */
class Writer {
  readonly doc = new Y.Doc()
  readonly acknowledged: string[] = []
  readonly #socket: WebSocket
  readonly #key: string
  readonly #round: number
  readonly #unacknowledged: string[] = []
  #typed = 0
  #heard: () => void = () => undefined

  private constructor(socket: WebSocket, key: string, round: number) {
    this.#socket = socket
    this.#key = key
    this.#round = round
    socket.on('message', (data: Buffer) => this.#receive(data))
    // The connection breaks when the server is killed; that is the test.
    socket.on('error', () => undefined)
  }

  /** Resolves when the document is here and its own Step2 was acknowledged. */
  static async open(
    { socketAddress }: ServerProcess,
    { token }: Person,
    storyId: number,
    beatId: number,
    round: number,
  ): Promise<Writer> {
    const socket = new WebSocket(`${socketAddress}/collaboration/documents/story/${storyId}?token=${token}`)
    const writer = new Writer(socket, beatDocumentName(beatId), round)
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve)
      socket.once('error', reject)
    })
    writer.#unacknowledged.push('')
    socket.send(encodeClientFrame({ type: 'auth', key: writer.#key, token: '' }))
    const stateVector = Y.encodeStateVector(writer.doc)
    socket.send(encodeClientFrame({ type: 'step1', key: writer.#key, stateVector }))
    await writer.#until(() => writer.#unacknowledged.length === 0)
    return writer
  }

  #receive(data: Buffer): void {
    const frame = decodeServerFrame(data)
    if (frame?.type === 'step2' || frame?.type === 'update') Y.applyUpdate(this.doc, frame.update, 'server')
    if (frame?.type === 'step1') {
      const update = Y.encodeStateAsUpdate(this.doc, frame.stateVector)
      this.#socket.send(encodeClientFrame({ type: 'step2', key: this.#key, update }))
    }
    if (frame?.type === 'sync_status') this.#acknowledge(frame.accepted)
    this.#heard()
  }

  #acknowledge(accepted: boolean): void {
    const word = this.#unacknowledged.shift()
    if (word === undefined || !accepted)
      throw new Error('An acknowledgement that nobody waits for, or a refusal.')
    if (word !== '') this.acknowledged.push(word)
  }

  #until(isTrue: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#heard = () => {
        if (isTrue()) resolve()
      }
      this.#heard()
    })
  }

  /** Types words of its own, some ahead of their acknowledgements, until `count` of them were acknowledged. */
  async typeUntil(count: number, kill: () => Promise<void>): Promise<void> {
    const ahead = 8
    await new Promise<void>((resolve) => {
      const goOn = () => {
        if (this.acknowledged.length >= count) resolve()
        else while (this.#unacknowledged.length < ahead) this.#type()
      }
      this.#heard = goOn
      goOn()
    })
    this.#type()
    await kill()
  }

  #type(): void {
    this.#typed += 1
    const word = `[${this.#round}.${this.#typed}]`
    const before = Y.encodeStateVector(this.doc)
    this.doc.getText(FIELD).insert(0, word)
    this.#unacknowledged.push(word)
    const update = Y.encodeStateAsUpdate(this.doc, before)
    this.#socket.send(encodeClientFrame({ type: 'update', key: this.#key, update }))
  }

  close(): void {
    this.#socket.close()
  }
}

import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { decodeServerFrame } from '@storyweave/protocol'
import { WebSocket } from 'ws'
import { percentile } from './percentile.ts'
import { authFrame, emptyStep2Frame, keystrokes, lettersIn, step1Frame } from './wire.ts'
import type { Place, Report, Workload } from './workload.ts'

/** The load generator, a process of its own: raw sockets, frames made in advance. */

/** Sockets opened at a time: an upgrade costs more than what is measured here. */
const OPENED_TOGETHER = 20
const SETTLE_MS = 3_000

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
const workload = JSON.parse((await lines.next()).value ?? '') as Workload
const { places, speaks, peoplePerRoom, updatesPerSecond, warmUpSeconds, seconds, windows } = workload

interface Counts {
  sent: number
  acknowledged: number
  delivered: number
  readonly latencies: number[]
}

let counts: Counts = { sent: 0, acknowledged: 0, delivered: 0, latencies: [] }

class Room {
  readonly #place: Place
  readonly #frames: Uint8Array[]
  /** When each update was sent that the first reader has not seen; readers see them in this order. */
  readonly #unseen: number[] = []
  #writer: WebSocket | undefined
  #next = 0

  constructor(place: Place) {
    this.#place = place
    const forSeconds = warmUpSeconds + windows * seconds + 1
    this.#frames = keystrokes(place.key, Math.ceil(forSeconds * updatesPerSecond))
  }

  async open(): Promise<void> {
    const sockets: WebSocket[] = []
    for (let person = 0; person < peoplePerRoom; person++) sockets.push(await this.#join(person))
    this.#writer = sockets[0]
  }

  async #join(person: number): Promise<WebSocket> {
    const { urls, key } = this.#place
    const socket = new WebSocket(urls[person % urls.length] ?? '', {
      headers: workload.headers,
      perMessageDeflate: false,
    })
    const synced = new Promise<void>((resolve) => {
      socket.on('message', (data: Buffer, isBinary: boolean) => {
        if (isBinary) this.#receive(socket, person, data, resolve)
      })
    })
    await once(socket, 'open')
    if (speaks === 'relay') return socket
    socket.send(authFrame(key))
    socket.send(step1Frame(key))
    await synced
    return socket
  }

  #receive(socket: WebSocket, person: number, data: Buffer, synced: () => void): void {
    // The one-byte question is answered as every client does.
    if (data.length === 1) return socket.send(Uint8Array.of(10))
    if (speaks === 'relay') return this.#seen(person, 1)
    const frame = decodeServerFrame(data)
    if (frame?.type === 'update') this.#seen(person, lettersIn(frame.update))
    else if (frame?.type === 'sync_status' && frame.accepted) counts.acknowledged += person === 0 ? 1 : 0
    else if (frame?.type === 'sync_status') throw new Error('The server has refused an update.')
    else if (frame?.type === 'denied') throw new Error(`The server has denied ${frame.key}: ${frame.reason}`)
    else if (frame?.type === 'step1') socket.send(emptyStep2Frame(this.#place.key))
    else if (frame?.type === 'step2') synced()
  }

  #seen(person: number, letters: number): void {
    counts.delivered += letters
    if (person !== 1) return
    const now = performance.now()
    for (const sentAt of this.#unseen.splice(0, letters)) counts.latencies.push(now - sentAt)
  }

  write(): void {
    const frame = this.#frames[this.#next]
    if (frame === undefined || this.#writer === undefined) throw new Error('There is nothing more to write.')
    this.#next += 1
    this.#unseen.push(performance.now())
    this.#writer.send(frame)
    counts.sent += 1
  }
}

const report = (line: Report): void => {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** Every room writes `updatesPerSecond` times a second, the rooms spread evenly over the time between. */
async function write(rooms: readonly Room[], forSeconds: number): Promise<void> {
  const start = performance.now()
  const total = Math.round(forSeconds * updatesPerSecond) * rooms.length
  const perMs = (rooms.length * updatesPerSecond) / 1_000
  for (let written = 0; written < total; ) {
    const due = Math.min(total, Math.floor((performance.now() - start) * perMs))
    for (; written < due; written++) rooms[written % rooms.length]?.write()
    await pause(1)
  }
}

const rooms = places.map((place) => new Room(place))
for (let from = 0; from < rooms.length; from += OPENED_TOGETHER) {
  await Promise.all(rooms.slice(from, from + OPENED_TOGETHER).map((room) => room.open()))
}
await write(rooms, warmUpSeconds)
await pause(SETTLE_MS)
report({ phase: 'warm' })
for await (const _ of lines) {
  counts = { sent: 0, acknowledged: 0, delivered: 0, latencies: [] }
  await write(rooms, seconds)
  await pause(SETTLE_MS)
  const { sent, acknowledged, delivered, latencies } = counts
  const [p50, p99] = [percentile(latencies, 0.5), percentile(latencies, 0.99)]
  report({ phase: 'window', sent, acknowledged, delivered, p50, p99 })
}
process.exit()

import { MemoryStore } from '../offline/memory-store.ts'
import type { OfflineStore } from '../offline/store.ts'
import type { ClientPorts, Signal, SocketEvents } from '../ports.ts'
import { FakeClock } from './fake-clock.ts'

/** A socket as the client's side opened it; the test plays the server. */
export class FakeSocket {
  readonly path: string
  readonly events: SocketEvents
  readonly sent: (string | Uint8Array)[] = []
  closedWith: number | undefined

  constructor(path: string, events: SocketEvents) {
    this.path = path
    this.events = events
  }

  send(data: string | Uint8Array): void {
    this.sent.push(data)
  }

  close(code: number): void {
    this.closedWith = code
  }
}

/** Everything around a client, in the test's hand: its clock, its network, its device. */
export class World {
  readonly clock = new FakeClock()
  readonly sockets: FakeSocket[] = []
  readonly notes: string[] = []
  store: OfflineStore = new MemoryStore()
  ticket: () => Promise<string> = async () => 'ticket'
  story: () => Promise<void> = async () => {}
  chance = 0.5
  readonly #signals = new Set<(signal: Signal) => void>()
  #clients = 0

  get socket(): FakeSocket {
    const socket = this.sockets.at(-1)
    if (socket === undefined) throw new Error('No socket was opened.')
    return socket
  }

  get listeners(): number {
    return this.#signals.size
  }

  signal(signal: Signal): void {
    for (const listener of this.#signals) listener(signal)
  }

  ports(): ClientPorts {
    return {
      now: () => this.clock.now(),
      setTimer: (run, delayMs) => this.clock.setTimer(run, delayMs),
      // Two documents of one page must not share a Yjs client id.
      random: () => this.chance + ++this.#clients / 2 ** 32,
      openSocket: (path, events) => {
        const socket = new FakeSocket(path, events)
        this.sockets.push(socket)
        return socket
      },
      fetchTicket: () => this.ticket(),
      checkStory: () => this.story(),
      onSignal: (listener) => {
        this.#signals.add(listener)
        return () => this.#signals.delete(listener)
      },
      store: this.store,
      note: (event) => this.notes.push(event),
    }
  }

  /** Time and chance for one document: each gets another Yjs client id. */
  documentClock() {
    return {
      now: () => this.clock.now(),
      setTimer: (run: () => void, delayMs: number) => this.clock.setTimer(run, delayMs),
      random: () => ++this.#clients / 1_000,
    }
  }
}

/** Lets every promise that can settle without time passing do so. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await Promise.resolve()
}

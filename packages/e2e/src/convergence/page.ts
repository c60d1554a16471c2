// The client's parts for browsers are typed by the DOM; nothing of it is used here.
/// <reference lib="dom" />
import {
  type BeatDocument,
  type ClientPorts,
  type HistoryPort,
  type Signal,
  type SocketEvents,
  StoryRoom,
  type StoryRoomSnapshot,
} from '@storyweave/client'
import type { CardChanges } from '@storyweave/protocol'
import type { Chance } from './chance.ts'
import type { Device } from './device.ts'
import { STORY } from './house.ts'
import { Line } from './line.ts'
import type { Scheduler } from './scheduler.ts'

/** One person, with a device and any number of pages on it. */
export interface Person {
  readonly userId: number
  readonly device: Device
  /** The Yjs client ids under which this person's pages have written. */
  readonly pens: Set<number>
  /** Without a network. */
  isOffline: boolean
}

export interface PageOptions {
  /** Names the page, and owns all that it plans. */
  readonly name: string
  readonly person: Person
  readonly scheduler: Scheduler
  readonly chance: Chance
  /** Resolves when the server has answered; rejects where it can't be reached. */
  readonly reach: (person: Person) => Promise<void>
  readonly connect: (line: Line, page: Page) => void
  readonly history: HistoryPort
  readonly note: (event: string) => void
}

/** One tab: the real client on a simulated network and device. */
export class Page {
  readonly name: string
  readonly person: Person
  readonly room: StoryRoom
  readonly held = new Map<number, BeatDocument>()
  readonly #options: PageOptions
  readonly #signals = new Set<(signal: Signal) => void>()
  /** The socket that the page has opened last. */
  line: Line | undefined
  isGone = false
  /** What was looked at already. */
  readonly seen: {
    chat?: StoryRoomSnapshot['chat']
    threads?: StoryRoomSnapshot['threads']
  } = {}

  constructor(options: PageOptions) {
    this.name = options.name
    this.person = options.person
    this.#options = options
    this.room = new StoryRoom({ storyId: STORY, userId: options.person.userId }, this.#ports())
    this.room.connect()
  }

  get listeners(): number {
    return this.#signals.size
  }

  #ports(): ClientPorts {
    const { name, person, scheduler, chance, reach, history, note } = this.#options
    return {
      now: scheduler.now,
      setTimer: (run, delayMs) => scheduler.after(name, delayMs, run),
      random: () => this.#draw(),
      openSocket: (path, events) => this.#openSocket(path, events),
      fetchTicket: async () => {
        await reach(person)
        return 'ticket'
      },
      checkStory: () => reach(person),
      onSignal: (listener) => {
        this.#signals.add(listener)
        return () => this.#signals.delete(listener)
      },
      history,
      store: person.device.storeOf(name, scheduler, chance),
      note: (event, details) => note(`${event} ${JSON.stringify(details)}`),
    }
  }

  /** Any of this may become the client id of a document: also of one that is opened, or made anew, unseen. */
  #draw(): number {
    const drawn = this.#options.chance.fraction()
    this.person.pens.add(Math.floor(drawn * 2 ** 32))
    return drawn
  }

  #openSocket(path: string, events: SocketEvents): Line {
    const { scheduler, chance, connect } = this.#options
    const line = new Line(path, events, scheduler, chance)
    this.line = line
    connect(line, this)
    return line
  }

  signal(signal: Signal): void {
    for (const listener of [...this.#signals]) listener(signal)
  }

  hold(beatId: number): void {
    if (this.held.has(beatId)) return
    this.held.set(beatId, this.room.openBeat(beatId))
  }

  release(beatId: number): void {
    this.held.get(beatId)?.release()
    this.held.delete(beatId)
  }

  sendEdit(beatId: number, changes: CardChanges, base: CardChanges): Promise<void> {
    return this.room.sendEdit(beatId, changes, base)
  }

  /** The page is left in peace: what it still writes to its device is written. */
  leave(): void {
    this.isGone = true
    this.room.destroy()
  }

  /** The page is gone from one moment to the next: nothing of it reaches the server or the device any more. */
  crash(): void {
    this.isGone = true
    this.line?.abandon()
    // Awareness holds a real timer, which would outlive the history.
    this.room.destroy()
    this.#options.scheduler.die(this.name)
  }
}

import { Fault, type Role } from '@storyweave/protocol'
import { Chance } from './chance.ts'
import { checkHolder, checkPage, checkRow } from './checks.ts'
import { DATABASE, Database } from './database.ts'
import { Device } from './device.ts'
import { Fleet } from './fleet.ts'
import { type Commit, House, OWNER, STORY } from './house.ts'
import { type Line, NETWORK } from './line.ts'
import { LockWatch } from './lock-watch.ts'
import type { NodeBus } from './node-net.ts'
import { Page, type Person } from './page.ts'
import { Rows } from './rows.ts'
import { Scheduler } from './scheduler.ts'
import { Server } from './server.ts'
import { Tables } from './tables.ts'
import { Talk } from './talk.ts'
import { Words } from './words.ts'

/** The owner of what the history itself has planned. */
export const FATE = 'fate'

const WRITER = 2
const CHANGING = 3
const READER = 4

/** Two tabs of one person share a device. */
const PAGES_OF: readonly number[] = [OWNER, WRITER, WRITER, CHANGING, READER]

const ROLES = new Map<number, Role>([
  [OWNER, 'owner'],
  [WRITER, 'editor'],
  [CHANGING, 'editor'],
  [READER, 'viewer'],
])

/** People, their devices and pages, servers that die and come back, and a database that outlives them all. */
export class World {
  readonly scheduler = new Scheduler()
  readonly chance: Chance
  readonly words = new Words()
  readonly tables: Tables
  readonly rows: Rows
  readonly house: House
  readonly database: Database
  readonly people: readonly Person[]
  readonly pages: Page[] = []
  readonly watch: LockWatch
  readonly talk: Talk
  readonly fleet: Fleet
  readonly #log: string[] = []
  #pages = 0
  /** Since when there is a room, and the database answers; milliseconds since 1970 UTC. */
  #calmSince: number | undefined
  #failure: { readonly error: unknown } | undefined

  /** `definitions` are those of the tables. */
  constructor(seed: number, definitions: readonly string[]) {
    this.chance = new Chance(seed)
    const { scheduler, chance, words } = this
    this.tables = new Tables(definitions)
    this.talk = new Talk(this.tables)
    this.rows = new Rows({
      holders: (at) => new Map(this.watch.standing(at).map(({ beatId, userId }) => [beatId, userId])),
      writers: () => [...this.house.roles].flatMap(([userId, role]) => (role === 'viewer' ? [] : [userId])),
      stored: (row) => checkHolder(this.watch, row),
      committed: (row) => checkRow({ house: this.house, words }, row),
      headMoved: (beatId, seq) => this.house.headMoved(beatId, seq),
      projected: (projection) => this.house.projected(projection),
    })
    this.house = new House(ROLES, this.rows, this.tables, scheduler.now)
    this.watch = new LockWatch({
      house: this.house,
      tables: this.tables,
      now: scheduler.now,
      calmSince: () => this.#calmSince,
      nodes: () => this.fleet,
    })
    this.database = new Database({ rows: this.rows, scheduler, chance, lostAnswers: 0.01 })
    this.fleet = this.#makeFleet(seed % 2 === 0 ? 2 + ((seed / 2) % 2) : 1)
    this.people = [...ROLES.keys()].map((userId) => ({
      userId,
      device: new Device(),
      pens: new Set<number>(),
      isOffline: false,
    }))
    for (let beats = 0; beats < 2; beats++) this.house.createBeat(this.pen())
    this.fleet.startAll()
    for (const userId of PAGES_OF) this.openPage(userId)
  }

  /** A Yjs client id that nobody has. */
  pen(): number {
    return this.chance.below(2 ** 32)
  }

  readonly note = (what: string): void => {
    this.#log.push(`${String(Math.round(this.scheduler.elapsed)).padStart(6)} ms  ${what}`)
  }

  /** What has happened, line by line. */
  get story(): string {
    return this.#log.join('\n')
  }

  person(userId: number): Person {
    const person = this.people.find((one) => one.userId === userId)
    if (person === undefined) throw new Error(`There is no person ${userId}.`)
    return person
  }

  #makeFleet(size: number): Fleet {
    const { database, scheduler, chance } = this
    return new Fleet({
      ...{ size, database, scheduler, chance },
      make: (name, bus) => this.#makeServer(name, bus),
      killed: ({ lines }) => {
        for (const line of lines) if (!line.isBroken) this.cut(line, 'page')
      },
      later: (ms, run) => scheduler.after(FATE, ms, run),
      note: (what) => this.note(what),
    })
  }

  #makeServer(name: string, bus: NodeBus | undefined): Server {
    const { tables, database, scheduler, chance, watch } = this
    const note = (event: string) => this.note(`${name}: ${event}`)
    return new Server({ name, bus, tables, database, scheduler, chance, watch, note })
  }

  /** A line breaks: one side or both notice it soon, late, or only by the silence. */
  cut(line: Line, noticing: 'page' | 'both'): void {
    const { scheduler, chance } = this
    line.break()
    if (chance.happens(0.8)) scheduler.after(NETWORK, chance.between(1, 50), () => line.endPage())
    if (noticing === 'page' || chance.happens(0.3)) return
    scheduler.after(NETWORK, chance.between(1, 5_000), () => line.server.closed(1006))
  }

  /** `at`: a server that it comes to in any case. */
  openPage(userId: number, at?: Server): Page {
    this.#pages += 1
    const name = `page-${this.#pages}`
    const { scheduler, chance } = this
    const page = new Page({
      name,
      person: this.person(userId),
      scheduler,
      chance,
      reach: (person) => this.#reach(name, person),
      connect: (line, { person }) => this.#connect(line, person, at),
      history: {
        chatBefore: (_storyId, before) =>
          this.#rest(name, userId, (server) => server.chatBefore(userId, before)),
        comments: (_storyId, after) => this.#rest(name, userId, (server) => server.comments(userId, after)),
      },
      note: (event) => this.note(`${name}: ${event}`),
    })
    this.pages.push(page)
    this.note(`${name} is opened by person ${userId}`)
    return page
  }

  async #reach(page: string, person: Person): Promise<void> {
    await this.scheduler.wait(page, this.chance.between(1, 60))
    if (person.isOffline || this.fleet.living.length === 0) throw nobodyAnswers()
  }

  async #rest<Answer>(
    page: string,
    userId: number,
    ask: (server: Server) => Promise<Answer>,
  ): Promise<Answer> {
    await this.#reach(page, this.person(userId))
    const server = this.fleet.any()
    if (server === undefined) throw nobodyAnswers()
    const answer = await ask(server)
    await this.#reach(page, this.person(userId))
    return answer
  }

  #connect(line: Line, person: Person, at: Server | undefined): void {
    line.knock(() => {
      const server = at ?? this.fleet.any()
      if (server === undefined || person.isOffline) return line.refuse()
      void server.accept(line, person.userId)
    })
  }

  /** The rooms are told of what another hand has committed, sooner or later; or by nobody, where its node has died. */
  announce({ events, beatId, rows }: Commit): void {
    const delay = this.chance.happens(0.7) ? 0 : this.chance.between(1, 800)
    if (this.fleet.net !== undefined && this.chance.happens(0.1)) return
    const server = this.fleet.any()
    this.scheduler.after(FATE, delay, () => {
      const teller = this.fleet.net === undefined ? this.fleet.any() : server
      if (rows.length > 0) teller?.rooms.documentChanged(STORY, beatId, rows)
      for (const event of events) teller?.rooms.announce(STORY, event)
    })
  }

  setRole(userId: number, role: Role): void {
    this.note(`person ${userId} is ${role} now`)
    this.house.setRole(userId, role)
    this.watch.roleChanged(userId)
    this.fleet.any()?.rooms.rightsChanged(STORY)
  }

  /** Something went wrong where nobody can throw it to. */
  readonly fail = (error: unknown): void => {
    this.#failure ??= { error }
  }

  /** Lets one thing happen, and looks whether all is well. False: nothing will happen any more. */
  async step(): Promise<boolean> {
    const goesOn = await this.scheduler.step()
    if (this.#failure !== undefined) throw this.#failure.error
    this.#feelCalm()
    this.watch.look()
    this.talk.look()
    // What servers and the database do comes to pages by the network alone, and takes nothing back that was on disk.
    if (isServers(this.scheduler.lastOwner)) return goesOn
    for (const page of this.pages) {
      if (page.isGone) continue
      this.talk.checkPage(page)
      const doubt = checkPage(page, this)
      if (doubt !== undefined) await doubt
    }
    return goesOn
  }

  #feelCalm(): void {
    for (const server of this.fleet.living) if (server.rooms.isDatabaseAway) server.cannotSweep()
    const isCalm = this.fleet.living.some(({ rooms }) => rooms.size.rooms > 0) && !this.database.isAway
    this.#calmSince = isCalm ? (this.#calmSince ?? this.scheduler.now()) : undefined
  }

  /** Lets so much time pass. */
  async pass(ms: number): Promise<void> {
    let isOver = false
    this.scheduler.after(FATE, ms, () => {
      isOver = true
    })
    while (!isOver) await this.step()
  }
}

const isServers = (owner: string): boolean => owner === DATABASE || owner.startsWith('server-')

const nobodyAnswers = (): Fault => new Fault('unavailable', 'Nobody answers.')

import { Fault, type Role } from '@storyweave/protocol'
import { Chance } from './chance.ts'
import { checkPage, checkRow } from './checks.ts'
import { Database, LONGEST_WAY_MS } from './database.ts'
import { Device } from './device.ts'
import { type Commit, House, OWNER, STORY } from './house.ts'
import { type Line, NETWORK } from './line.ts'
import { Page, type Person } from './page.ts'
import { Rows } from './rows.ts'
import { Scheduler } from './scheduler.ts'
import { Server } from './server.ts'
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

/** People, their devices and pages, one server after the other, and a database that outlives them all. */
export class World {
  readonly scheduler = new Scheduler()
  readonly chance: Chance
  readonly words = new Words()
  readonly rows: Rows
  readonly house: House
  readonly database: Database
  readonly people: readonly Person[]
  readonly pages: Page[] = []
  /** Who holds which beat; others' rows are refused. */
  readonly locks = new Map<number, number>()
  /** In half of the histories the log asks for rights as well. */
  readonly #logChecksRoles: boolean
  readonly #log: string[] = []
  server: Server | undefined
  #servers = 0
  #pages = 0
  #failure: { readonly error: unknown } | undefined

  constructor(seed: number) {
    this.chance = new Chance(seed)
    const { scheduler, chance, words } = this
    this.#logChecksRoles = chance.happens(0.5)
    this.rows = new Rows({
      refuses: ({ beatId, userId }) => {
        if ((this.locks.get(beatId) ?? userId) !== userId) return 'beat_locked'
        return this.#logChecksRoles && this.house.roles.get(userId) === 'viewer' ? 'forbidden' : undefined
      },
      committed: (row) => checkRow({ house: this.house, words }, row),
    })
    this.house = new House(ROLES, this.rows, scheduler.now)
    this.database = new Database({ rows: this.rows, scheduler, chance, lostAnswers: 0.01 })
    this.people = [...ROLES.keys()].map((userId) => ({
      userId,
      device: new Device(),
      pens: new Set<number>(),
      isOffline: false,
    }))
    for (let beats = 0; beats < 2; beats++) this.house.createBeat(this.pen())
    this.startServer()
    for (const userId of PAGES_OF) this.openPage(userId)
  }

  /** A Yjs client id that nobody has. */
  pen(): number {
    return this.chance.below(2 ** 32)
  }

  note(what: string): void {
    this.#log.push(`${String(this.scheduler.elapsed).padStart(6)} ms  ${what}`)
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

  startServer(): void {
    if (this.server !== undefined) return
    const { house, database, scheduler, chance } = this
    this.#servers += 1
    const name = `server-${this.#servers}`
    this.note(`${name} starts`)
    this.server = new Server({
      name,
      house,
      database,
      scheduler,
      chance,
      note: (event) => this.note(`${name}: ${event}`),
    })
  }

  /** The server's memory is gone. It comes back when what it had sent to the database is decided. */
  killServer(): void {
    const { server, scheduler, chance } = this
    if (server === undefined) return
    this.note(`${server.name} is killed`)
    this.server = undefined
    this.database.lost(server.name)
    scheduler.die(server.name)
    for (const line of server.lines) if (!line.isBroken) this.cut(line, 'page')
    scheduler.after(FATE, LONGEST_WAY_MS + chance.between(1, 4_000), () => this.startServer())
  }

  /** A line breaks: one side or both notice it soon, late, or only by the silence. */
  cut(line: Line, noticing: 'page' | 'both'): void {
    const { scheduler, chance } = this
    line.break()
    if (chance.happens(0.8)) scheduler.after(NETWORK, chance.between(1, 50), () => line.endPage())
    if (noticing === 'page' || chance.happens(0.3)) return
    scheduler.after(NETWORK, chance.between(1, 5_000), () => line.server.closed(1006))
  }

  openPage(userId: number): Page {
    this.#pages += 1
    const name = `page-${this.#pages}`
    const { scheduler, chance } = this
    const page = new Page({
      name,
      person: this.person(userId),
      scheduler,
      chance,
      reach: (person) => this.#reach(name, person),
      connect: (line, { person }) => this.#connect(line, person),
      note: (event) => this.note(`${name}: ${event}`),
    })
    this.pages.push(page)
    this.note(`${name} is opened by person ${userId}`)
    return page
  }

  async #reach(page: string, person: Person): Promise<void> {
    await this.scheduler.wait(page, this.chance.between(1, 60))
    if (person.isOffline || this.server === undefined) throw new Fault('unavailable', 'Nobody answers.')
  }

  #connect(line: Line, person: Person): void {
    line.knock(() => {
      const { server } = this
      if (server === undefined || person.isOffline) return line.refuse()
      void server.accept(line, person.userId)
    })
  }

  /** The rooms are told of what another hand has committed, sooner or later. */
  announce({ event, beatId, rows }: Commit): void {
    const delay = this.chance.happens(0.7) ? 0 : this.chance.between(1, 800)
    this.scheduler.after(FATE, delay, () => {
      if (rows.length > 0) this.server?.rooms.documentChanged(STORY, beatId, rows)
      if (event !== undefined) this.server?.rooms.announce(STORY, event)
    })
  }

  setRole(userId: number, role: Role): void {
    this.note(`person ${userId} is ${role} now`)
    this.house.setRole(userId, role)
    this.server?.rooms.rightsChanged(STORY)
  }

  /** Something went wrong where nobody can throw it to. */
  fail(error: unknown): void {
    this.#failure ??= { error }
  }

  /** Lets one thing happen, and looks whether all is well. False: nothing will happen any more. */
  async step(): Promise<boolean> {
    const goesOn = await this.scheduler.step()
    if (this.#failure !== undefined) throw this.#failure.error
    for (const page of this.pages) {
      if (page.isGone) continue
      page.notePens()
      const doubt = checkPage(page, this)
      if (doubt !== undefined) await doubt
    }
    return goesOn
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

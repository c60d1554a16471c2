import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { openDatabase } from '@storyweave/server/db/open.ts'
import type { Kysely } from 'kysely'
import { Chance } from '../convergence/chance.ts'
import { checkStory, FAULTS, Faults } from './checks.ts'
import { type Fate, Fates, NODE_FATES, SERVICE_FATES } from './fates.ts'
import { TorturedHouse } from './house.ts'
import { falseClaims, trespasses, watchLocks } from './lock-log.ts'
import { type LogLines, readLog } from './log-lines.ts'
import { newStory, type Somebody, signUp, type TorturedStory } from './people.ts'
import { readAt, sameTexts, textsOf } from './readings.ts'
import { Writer } from './writer.ts'

export interface TortureOptions {
  readonly seed: number
  readonly nodes: number
  readonly writers: number
  /** Writers of one story. */
  readonly together: number
  readonly beats: number
  /** Between two acts of one writer, on average. */
  readonly actEveryMs: number
  readonly outageMs: number
  /** Each of these once, one after the other, in an order of the seed's; or all of them at random for so long. */
  readonly fates: { readonly once: readonly Fate[] } | { readonly forMs: number }
  readonly say: (line: string) => void
}

export interface TortureResult {
  readonly faults: readonly string[]
  readonly fates: ReadonlyMap<Fate, number>
  readonly words: {
    readonly typed: number
    readonly acknowledged: number
    readonly missing: number
    readonly refused: number
    readonly nowhere: number
    readonly handedBack: number
    readonly doubtful: number
  }
  readonly locks: { readonly taken: number; readonly refused: number; readonly trespasses: number }
  readonly chat: number
  readonly comments: number
  /** Of a single word; and of everyone together. */
  readonly longestWaitMs: number
  readonly longestSilenceMs: number
  readonly convergedMs: number
  /** Of each node, in mebibytes, at the beginning and at the end. */
  readonly memory: readonly (readonly (number | undefined)[])[]
  readonly log: LogLines
}

/** Longer than every patience of client and server together. */
const SETTLE_WITHIN_MS = 120_000
const LOOK_EVERY_MS = 50

/** Writers at work in a house whose nodes and servers fail, and what came of it. */
export async function torture(options: TortureOptions): Promise<TortureResult> {
  const house = await TorturedHouse.start(options.nodes)
  try {
    const database = await openDatabase({
      ...{ url: house.postgres.url(), connections: 2, nodeId: randomUUID(), now: Date.now },
      // It is stopped with the nodes' connections; it is asked when it is there.
      onError: () => undefined,
    })
    try {
      return await new Torture(options, house, database.db as unknown as Kysely<never>).run()
    } finally {
      await database.close()
    }
  } finally {
    await house.remove()
  }
}

class Torture {
  readonly #options: TortureOptions
  readonly #house: TorturedHouse
  readonly #db: Kysely<never>
  readonly #chance: Chance
  readonly #writers: Writer[] = []
  readonly #faults = new Faults()
  #heardAt = performance.now()
  #longestSilenceMs = 0
  #isOver = false

  constructor(options: TortureOptions, house: TorturedHouse, db: Kysely<never>) {
    this.#options = options
    this.#house = house
    this.#db = db
    this.#chance = new Chance(options.seed)
  }

  async run(): Promise<TortureResult> {
    const { say } = this.#options
    await watchLocks(this.#db)
    const stories = await this.#furnish()
    await this.#settled('everyone is there')
    await this.#house.weigh()
    say(`${this.#writers.length} writers in ${stories.length} stories on ${this.#house.nodes.length} nodes`)
    this.#heardAt = performance.now()
    const work = this.#writers.map((writer, number) => this.#work(writer, number))
    const fates = await this.#fates()
    this.#isOver = true
    await Promise.all(work)
    const convergedMs = await this.#converge()
    await this.#house.weigh()
    await this.#check(stories)
    for (const writer of this.#writers) writer.end()
    return this.#result(fates, convergedMs)
  }

  async #furnish(): Promise<readonly TorturedStory[]> {
    const { writers, together, beats, seed } = this.#options
    const door = this.#house.nodeAddresses[0] ?? ''
    const people: Somebody[] = []
    for (let number = 0; number < writers; number++) {
      const setupToken = number === 0 ? this.#house.setupToken : undefined
      people.push(await signUp(door, this.#house.origin, { number, setupToken }))
    }
    const stories: TorturedStory[] = []
    for (let from = 0; from < people.length; from += together) {
      const mine = people.slice(from, from + together)
      const story = await newStory(door, mine, beats)
      stories.push(story)
      for (const [place, person] of mine.entries()) {
        const number = from + place
        const chance = new Chance(seed + 1 + number)
        const doors = () => this.#house.doors
        const acknowledged = (at: number) => this.#heard(at)
        const writer = new Writer({ number, person, story, chance, doors, acknowledged })
        writer.begin()
        this.#writers.push(writer)
      }
    }
    return stories
  }

  #heard(at: number): void {
    this.#longestSilenceMs = Math.max(this.#longestSilenceMs, at - this.#heardAt)
    this.#heardAt = at
  }

  async #work(writer: Writer, number: number): Promise<void> {
    const pace = new Chance(this.#options.seed + 10_000 + number)
    while (!this.#isOver) {
      await wait(this.#options.actEveryMs * 2 * pace.fraction())
      if (this.#isOver) return
      // A message waits for its answer as its writer does not.
      void writer.act().catch((error: unknown) => this.#faults.add('a writer failed', String(error)))
    }
  }

  async #fates(): Promise<Fates> {
    const { fates: wanted, outageMs, say } = this.#options
    const fates = new Fates({ house: this.#house, chance: this.#chance, outageMs, say })
    if ('once' in wanted) {
      for (const fate of shuffled(wanted.once, this.#chance)) {
        await fates.befall(fate)
        await wait(outageMs / 2)
      }
      return fates
    }
    const until = performance.now() + wanted.forMs
    const isOver = () => performance.now() >= until
    await Promise.all([fates.reign(NODE_FATES, isOver), fates.reign(SERVICE_FATES, isOver)])
    return fates
  }

  /** Everyone is back and has nothing more to send, and all show the same. */
  async #converge(): Promise<number> {
    const begun = performance.now()
    this.#options.say('all works again; everyone rests')
    await this.#house.allUp()
    for (const writer of this.#writers) writer.rest()
    await this.#settled('everything is saved')
    await this.#until('all show the same', () => this.#different())
    return performance.now() - begun
  }

  #settled(what: string): Promise<void> {
    return this.#until(what, () => this.#writers.flatMap((writer) => unsettled(writer)))
  }

  /** Pages of one beat that do not show what its first page shows. */
  #different(): string[] {
    const first = new Map<number, ReadonlyMap<string, string>>()
    return this.#writers.flatMap(({ story, pages, person }) =>
      story.beats.flatMap((beat) => {
        const page = pages.get(beat.id)?.page
        if (page === undefined) return []
        const texts = textsOf(page.getSnapshot().doc, beat)
        const known = first.get(beat.id)
        if (known === undefined) first.set(beat.id, texts)
        return known === undefined || sameTexts(known, texts) ? [] : [`${person.name}: beat ${beat.id}`]
      }),
    )
  }

  async #until(what: string, whatIsLeft: () => readonly string[]): Promise<void> {
    const until = performance.now() + SETTLE_WITHIN_MS
    for (let left = whatIsLeft(); left.length > 0; left = whatIsLeft()) {
      if (performance.now() > until) return this.#faults.addAll(`not so after two minutes: ${what}`, left)
      await wait(LOOK_EVERY_MS)
    }
  }

  async #check(stories: readonly TorturedStory[]): Promise<void> {
    for (const story of stories) {
      const readings = await Promise.all(this.#house.nodeAddresses.map((door) => readAt(door, story)))
      const mine = this.#writers.filter((writer) => writer.story === story)
      checkStory(story, mine, readings, this.#faults)
    }
    const claims = this.#writers.flatMap((writer) => writer.claims)
    for (const { beatId, userId } of await falseClaims(this.#db, claims))
      this.#faults.add('locks granted that were never held', `beat ${beatId} to ${userId}`)
    const written = await trespasses(this.#db)
    if (written > 0) this.#faults.add('rows taken of others than the holder', String(written))
  }

  async #result(fates: Fates, convergedMs: number): Promise<TortureResult> {
    const books = this.#writers.map(({ book }) => book)
    const sum = (of: (book: Writer['book']) => number) => books.reduce((total, book) => total + of(book), 0)
    const wasPostgresAway = fates.counts.has('postgresStopped') || fates.counts.has('postgresHung')
    const errors = this.#house.nodes.map(({ process }) => process.errors).join('\n')
    const log = readLog(errors, wasPostgresAway)
    this.#faults.addAll('unexpected lines of the nodes', log.unexpected)
    const talks = this.#writers.map(({ talk }) => talk)
    return {
      ...{ faults: this.#faults.sentences, fates: fates.counts, convergedMs, log },
      words: {
        typed: sum(({ typed }) => typed),
        acknowledged: sum(({ acknowledged }) => acknowledged.size),
        missing: this.#faults.count(FAULTS.missing),
        refused: sum(({ refused }) => refused.size),
        nowhere: this.#faults.count(FAULTS.nowhere),
        handedBack: sum(({ handedBack }) => handedBack.size),
        doubtful: sum(({ doubtful }) => doubtful.size),
      },
      locks: {
        taken: this.#writers.reduce((total, { claims }) => total + claims.length, 0),
        refused: this.#writers.reduce((total, { locksRefused }) => total + locksRefused, 0),
        trespasses: await trespasses(this.#db),
      },
      chat: talks.reduce((total, { chat }) => total + chat.size, 0),
      comments: talks.reduce((total, { comments }) => total + comments.size, 0),
      longestWaitMs: Math.max(...books.map(({ longestWaitMs }) => longestWaitMs)),
      longestSilenceMs: this.#longestSilenceMs,
      memory: this.#house.nodes.map(({ memory }) => memory),
    }
  }
}

/** What this writer still waits for. */
function unsettled({ snapshot, pages, unsaid, person }: Writer): string[] {
  const { connection, save } = snapshot
  if (connection.state !== 'connected') return [`${person.name} is ${connection.state}`]
  if (save.state !== 'saved') return [`${person.name}: ${save.state}`]
  if (unsaid.size > 0) return [`${person.name}: ${unsaid.size} things said`]
  const open = [...pages].filter(([, { page }]) => page.getSnapshot().state !== 'synced')
  return open.map(([beatId]) => `${person.name}: beat ${beatId} is not in step`)
}

function shuffled<Thing>(things: readonly Thing[], chance: Chance): Thing[] {
  const left = [...things]
  return things.flatMap(() => left.splice(chance.below(left.length), 1))
}

import { type BeatDocument, MemoryStore, StoryRoom, type StoryRoomSnapshot } from '@storyweave/client'
import { type CardField, Fault } from '@storyweave/protocol'
import type { Chance } from '../convergence/chance.ts'
import type { LockClaim } from './lock-log.ts'
import { nodePorts } from './node-ports.ts'
import type { Somebody, TorturedBeat, TorturedStory } from './people.ts'
import { typeInScene } from './prose.ts'
import { Talk } from './talk.ts'
import { PendingWords, WordBook } from './words.ts'

export interface WriterOptions {
  readonly number: number
  readonly person: Somebody
  readonly story: TorturedStory
  readonly chance: Chance
  /** Of the load balancer and of the nodes. */
  readonly doors: () => readonly string[]
  /** Something of this writer was acknowledged. */
  readonly acknowledged: (at: number) => void
}

/** Documents that a writer has open. */
const PAGES = 2
/** Written in as a document; the third by messages alone, as a board does. */
const TYPED: readonly CardField[] = ['title', 'goal', 'conflict']
const AWAY_ACTS = { least: 2, most: 12 }

const ACTS = {
  type: 70,
  say: 5,
  point: 8,
  chat: 5,
  comment: 2,
  lock: 3,
  unlock: 3,
  ask: 1,
  leave: 1.5,
  reload: 0.7,
} as const
type Act = keyof typeof ACTS

/** A person at their desk, with the application's own client. */
export class Writer {
  readonly person: Somebody
  readonly story: TorturedStory
  readonly book: WordBook
  readonly talk: Talk
  readonly claims: LockClaim[] = []
  locksRefused = 0
  readonly #options: WriterOptions
  readonly #store = new MemoryStore()
  readonly #pages = new Map<number, { readonly page: BeatDocument; readonly words: PendingWords }>()
  #room: StoryRoom
  #awayFor = 0
  #said = 0

  constructor(options: WriterOptions) {
    this.#options = options
    this.person = options.person
    this.story = options.story
    this.book = new WordBook(options.number, options.acknowledged)
    this.talk = new Talk(() => options.acknowledged(performance.now()))
    this.#room = this.#enter(options.chance)
  }

  get snapshot(): StoryRoomSnapshot {
    return this.#room.getSnapshot()
  }

  /** By beat, what this writer has open. */
  get pages(): ReadonlyMap<number, { readonly page: BeatDocument; readonly words: PendingWords }> {
    return this.#pages
  }

  /** What the client still keeps because it is not sure that the server has it. */
  get unsaid(): ReadonlySet<string> {
    const { chat, threads } = this.snapshot
    return new Set([...chat.outgoing, ...threads.outgoing].map(({ clientId }) => clientId))
  }

  get drawerText(): string {
    return this.snapshot.refusedWords.map(({ id }) => this.#room.drawer.text(id)).join('\n')
  }

  #enter(chance: Chance): StoryRoom {
    const { person, doors } = this.#options
    const door = () => chance.pick(doors()) ?? ''
    const ports = nodePorts({ ...{ token: person.token, door, store: this.#store }, random: chance.fraction })
    const room = new StoryRoom({ storyId: this.story.id, userId: person.userId }, ports)
    room.onMessage((message) => this.talk.take(message))
    room.subscribe(() => this.#answerQuestions(room))
    room.connect()
    return room
  }

  begin(): void {
    const { chance } = this.#options
    const first = chance.below(this.story.beats.length)
    for (let page = 0; page < PAGES; page++) {
      const beat = this.story.beats[(first + page) % this.story.beats.length]
      if (beat !== undefined) this.#open(beat.id)
    }
  }

  #open(beatId: number, before?: PendingWords): void {
    const page = this.#room.openBeat(beatId)
    const words = new PendingWords(this.book, before?.all)
    words.follow(page)
    this.#pages.set(beatId, { page, words })
  }

  /** Does something. */
  async act(): Promise<void> {
    const { chance } = this.#options
    if (this.#awayFor > 0) this.#comeNearer()
    await this.#acts[chance.weighted(ACTS)]()
  }

  #comeNearer(): void {
    this.#awayFor -= 1
    if (this.#awayFor === 0) this.#room.connect()
  }

  /** Nothing is done any more; what was done is to arrive. */
  rest(): void {
    this.#awayFor = 0
    this.#room.connect()
    for (const { beat_id } of this.#own) void this.#room.unlockBeat(beat_id).catch(() => undefined)
  }

  end(): void {
    this.#room.destroy()
  }

  get #own() {
    return this.snapshot.locks.filter(({ locked_by }) => locked_by === this.person.userId)
  }

  #beat(): TorturedBeat {
    const open = this.story.beats.filter(({ id }) => this.#pages.has(id))
    const beat = this.#options.chance.pick(open)
    if (beat === undefined) throw new Error('A writer has a page.')
    return beat
  }

  readonly #acts: Readonly<Record<Act, () => void | Promise<void>>> = {
    type: () => this.#type(),
    say: () => this.#say(),
    point: () => this.#room.sendCursorMove({ beat_id: this.#beat().id, position: this.#said }),
    chat: () => {
      const text = this.#words('chat')
      this.talk.chat.set(this.#room.sendChat(text), text)
    },
    comment: () => {
      const content = this.#words('comment')
      this.talk.comments.set(this.#room.createComment({ beat_id: this.#beat().id, content }), content)
    },
    lock: () => this.#lock(),
    unlock: async () => {
      for (const { beat_id } of this.#own) await this.#tried(() => this.#room.unlockBeat(beat_id))
    },
    ask: async () => {
      const other = this.snapshot.locks.find(({ locked_by }) => locked_by !== this.person.userId)
      if (other !== undefined) await this.#tried(() => this.#room.askForLock(other.beat_id))
    },
    leave: () => {
      this.#room.disconnect()
      this.#awayFor = this.#options.chance.between(AWAY_ACTS.least, AWAY_ACTS.most)
    },
    reload: () => this.#reload(),
  }

  #words(what: string): string {
    this.#said += 1
    return `${what} ${this.#said} of ${this.person.name}`
  }

  /** Types a word where an editor would let them. */
  #type(): void {
    const { chance } = this.#options
    const beat = this.#beat()
    const { page, words } = this.#pages.get(beat.id) ?? {}
    const { scope, state, doc } = page?.getSnapshot() ?? {}
    if (doc === undefined || scope !== 'read-write' || state === 'loading') return
    const scene = chance.pick(beat.scenes)
    const word = this.book.next()
    words?.add(word)
    const isProse = scene !== undefined && chance.happens(0.5) && typeInScene(doc, scene.key, word.text)
    if (isProse) return
    const text = doc.getText(chance.pick(TYPED))
    text.insert(chance.happens(0.5) ? 0 : text.length, word.text)
  }

  /** The card of any beat, from the board: a message that is answered. */
  async #say(): Promise<void> {
    const beat = this.#options.chance.pick(this.story.beats)
    if (beat === undefined) return
    const word = this.book.next()
    try {
      await this.#room.sendEdit(beat.id, { outcome: word.text }, { outcome: '' })
      this.book.acknowledge(word)
    } catch (error) {
      const isRefused = error instanceof Fault && error.code !== 'unavailable'
      const fate = isRefused ? this.book.handedBack : this.book.doubtful
      fate.add(word.text)
    }
  }

  async #lock(): Promise<void> {
    const { id: beatId } = this.#beat()
    const askedAt = Date.now()
    const minutes = this.#options.chance.between(1, 3)
    if (!(await this.#tried(() => this.#room.lockBeat(beatId, minutes)))) {
      this.locksRefused += 1
      return
    }
    this.claims.push({ beatId, userId: this.person.userId, askedAt, answeredAt: Date.now() })
  }

  #answerQuestions(room: StoryRoom): void {
    for (const { beatId, userId } of room.getSnapshot().lockQuestions) {
      if (this.#answering.has(beatId)) continue
      this.#answering.add(beatId)
      void this.#tried(() => room.answerLock(beatId, userId, this.#options.chance.happens(0.7))).finally(() =>
        this.#answering.delete(beatId),
      )
    }
  }

  readonly #answering = new Set<number>()

  /** Whether the server did it; a refusal is an answer too. */
  async #tried(what: () => Promise<void>): Promise<boolean> {
    try {
      await what()
      return true
    } catch (error) {
      if (error instanceof Fault) return false
      throw error
    }
  }

  /** The page is closed and opened again; the device keeps what it has. */
  async #reload(): Promise<void> {
    const before = this.#room
    await before.kept()
    before.destroy()
    this.#awayFor = 0
    this.#room = this.#enter(this.#options.chance)
    for (const [beatId, { words }] of [...this.#pages]) this.#open(beatId, words)
  }
}

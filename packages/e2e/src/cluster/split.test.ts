import { type BeatDocument, StoryRoom } from '@storyweave/client'
import type { Scene } from '@storyweave/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Person } from '../support/person.ts'
import { nodePorts } from '../torture/node-ports.ts'
import { typeInScene } from '../torture/prose.ts'
import { twoDesks } from './desks.ts'
import { hasPostgres, TwoNodes, whySkipped } from './two-nodes.ts'

let house: TwoNodes
let ann: Person
let ben: Person

describe.skipIf(!hasPostgres)(`a scene that two write in, on two nodes${whySkipped}`, () => {
  beforeAll(async () => {
    house = await TwoNodes.start()
    ann = await house.signUp(0, 'Ann')
    ben = await house.signUp(1, 'Ben')
  })
  afterAll(() => house.remove())

  describe.each([{ redis: 'there' }, { redis: 'stopped' }] as const)('with Redis $redis', ({ redis }) => {
    beforeAll(() => (redis === 'stopped' ? house.redis.stop() : undefined))

    test('it is split at one node while somebody types into it at the other', async () => {
      const { story, beat } = await twoDesks(ann, ben)
      const text = 'The first block.\n\nThe second block.'
      const made = await ann.call<Scene>('POST', `/api/beats/${beat.id}/scenes`, { text })
      const writer = new Typist(ben, story.id, beat.id, made.key)
      try {
        await expect.poll(() => writer.type(), WITHIN).toBe(true)
        await expect.poll(() => writer.isSaved, WITHIN).toBe(true)
        const typing = setInterval(() => writer.type(), KEYS_MS)
        const split = await splitAtLast(ann, made.id)
        await expect.poll(() => writer.scenes, WITHIN).toBe(beat.scenes.length + 2)
        clearInterval(typing)
        await expect.poll(() => writer.isSaved, WITHIN).toBe(true)
        for (const person of [ann, ben]) {
          const texts = [await textOf(person, made), await textOf(person, split)]
          expect(texts[1]).toContain('[0]')
          const isThere = (word: string) => [...texts, writer.drawer].some((kept) => kept.includes(word))
          await expect.poll(() => writer.words.filter((word) => !isThere(word)), WITHIN).toEqual([])
        }
      } finally {
        writer.end()
      }
    })
  })
})

const WITHIN = { timeout: 20_000 }
/** Between two words of somebody who writes fast. */
const KEYS_MS = 150

/** Tried again as long as the other writes at that very moment. */
async function splitAtLast(person: Person, sceneId: number): Promise<Scene> {
  for (;;) {
    const answer = await person.ask('POST', `/api/scenes/${sceneId}/split`, { at: 1 })
    if (answer.status === 201) return (await answer.json()) as Scene
    expect(answer.status).toBe(409)
  }
}

/** As it was written: Markdown puts a backslash before a bracket. */
const textOf = async (person: Person, { id }: Scene): Promise<string> =>
  (await person.scene(id)).text.replaceAll('\\', '')

/** Somebody with the application's own client, who types words into a scene. */
class Typist {
  readonly words: string[] = []
  readonly #room: StoryRoom
  readonly #page: BeatDocument
  readonly #beatId: number
  readonly #sceneKey: string

  constructor({ token, address, me }: Person, storyId: number, beatId: number, sceneKey: string) {
    this.#room = new StoryRoom({ storyId, userId: me.user_id }, nodePorts({ token, door: () => address }))
    this.#room.connect()
    this.#page = this.#room.openBeat(beatId)
    this.#beatId = beatId
    this.#sceneKey = sceneKey
  }

  /** False where there is nothing to type into yet. */
  type(): boolean {
    const { doc, state, scope } = this.#page.getSnapshot()
    if (state !== 'synced' || scope !== 'read-write') return false
    const word = `[${this.words.length}]`
    if (!typeInScene(doc, this.#sceneKey, word)) return false
    this.words.push(word)
    return true
  }

  get isSaved(): boolean {
    return this.#room.getSnapshot().save.state === 'saved'
  }

  /** How many scenes the beat has, as far as is heard. */
  get scenes(): number {
    return this.#room.getSnapshot().beats.find(({ id }) => id === this.#beatId)?.scenes.length ?? 0
  }

  get drawer(): string {
    return this.#room
      .getSnapshot()
      .refusedWords.map(({ id }) => this.#room.drawer.text(id))
      .join('\n')
  }

  end(): void {
    this.#room.destroy()
  }
}

import fc from 'fast-check'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { textOfEntry } from '../drawer/entry.ts'
import { element, letters, scene, text } from '../testing/prose.ts'
import { documentsIn } from '../testing/scripted-server.ts'
import { settled, World } from '../testing/world.ts'
import type { BeatDocument } from '../types.ts'

const BEAT = 'beat/7'
const KEY = 'abcdefghijkl'

/** A letter that nobody else ever writes: no merge can tear it or make it up. */
const letterOf = (count: number): string => String.fromCharCode(0x4e00 + count)

const WEIGHTS = {
  title: 6,
  prose: 5,
  block: 1,
  late: 1,
  erase: 1,
  wait: 12,
  answer: 14,
  lock: 2,
  pending: 1,
  reconnect: 1,
  reload: 1,
  theirs: 2,
  tear: 2,
} as const

type Act = keyof typeof WEIGHTS

const steps = fc.array(
  fc.record({
    act: fc.oneof(
      ...Object.entries(WEIGHTS).map(([act, weight]) => ({ weight, arbitrary: fc.constant(act as Act) })),
    ),
    at: fc.nat({ max: 40 }),
  }),
  { minLength: 20, maxLength: 80, size: 'max' },
)

/** A writer's page and a server that refuses when the script says so. */
class Scene {
  readonly world = new World()
  made = documentsIn(this.world)
  #doc = new Y.Doc()
  beat: BeatDocument | undefined
  readonly typed = new Set<string>()
  /** The document that was written into before, and when. */
  last: Y.Doc | undefined
  lastSeenAt = 0
  #count = 0
  /** The key under which the page hears of others. */
  #heard: string | undefined

  async begin(): Promise<void> {
    this.#doc = this.made.server.doc(BEAT)
    scene(this.#doc, KEY, element('paragraph', text('.')))
    await this.open()
  }

  async open(): Promise<void> {
    await settled()
    this.made.documents.connected()
    this.beat = this.made.documents.open(7)
    await settled()
  }

  get doc(): Y.Doc {
    if (this.beat === undefined) throw new Error('The beat is not open.')
    return this.beat.getSnapshot().doc
  }

  coin(): string {
    const letter = letterOf(this.#count++)
    this.typed.add(letter)
    return letter
  }

  erased(words: string): void {
    for (const letter of words) this.typed.delete(letter)
  }

  /** Answers what has come, Auth and Step1 first; document frames with yes, or with this refusal. */
  answer(refusal?: string): void {
    const { server } = this.made
    for (const frame of server.take()) {
      if (frame.type === 'step1') {
        server.welcome(frame.key)
        this.#heard = frame.key
      }
      if (frame.type !== 'step2' && frame.type !== 'update') continue
      const isNew = !isContained(frame.update, this.#doc)
      if (isNew && (refusal !== undefined || !fits(frame.update, this.#doc))) {
        server.refuse(frame.key, refusal ?? 'pending')
        continue
      }
      Y.applyUpdate(this.#doc, frame.update)
      server.say({ type: 'sync_status', key: frame.key, accepted: true })
    }
  }

  disconnect(): void {
    this.made.documents.disconnected()
    this.made.server.take()
    this.#heard = undefined
  }

  /** Somebody deletes a paragraph with all that they see in it. */
  tear(at: number): void {
    const fragment = this.#doc.getXmlFragment(`scene/${KEY}`)
    if (fragment.length === 0) return
    const block = at % fragment.length
    this.erased(fragment.get(block).toString())
    const before = Y.encodeStateVector(this.#doc)
    fragment.delete(block, 1)
    const update = Y.encodeStateAsUpdate(this.#doc, before)
    if (this.#heard !== undefined) this.made.server.say({ type: 'update', key: this.#heard, update })
  }

  async reload(): Promise<void> {
    this.#heard = undefined
    const { drawer } = this.made
    await this.made.documents.destroy()
    this.made = documentsIn(this.world)
    this.made.drawer.push(...drawer)
    const fresh = this.made.server.doc(BEAT)
    Y.applyUpdate(fresh, Y.encodeStateAsUpdate(this.#doc))
    this.#doc = fresh
    await this.open()
  }

  /** Every letter typed is in the server's text, in this page's, or in the drawer. */
  async check(): Promise<void> {
    const found = [this.#doc, this.doc].map((doc) => doc.getText('title').toString() + prose(doc)).join('')
    const drawer = (await this.world.store.drawer()).map(textOfEntry).join('')
    for (const letter of this.typed) expect(found + drawer).toContain(letter)
    for (const letter of drawer) expect(prose(this.#doc) + this.#doc.getText('title')).not.toContain(letter)
  }
}

const prose = (doc: Y.Doc): string => doc.getXmlFragment(`scene/${KEY}`).toString()

const isContained = (update: Uint8Array, doc: Y.Doc): boolean =>
  [...Y.parseUpdateMeta(update).to].every(([client, clock]) => clock <= Y.getState(doc.store, client))

/** Whether all that an update stands on is there. */
function fits(update: Uint8Array, doc: Y.Doc): boolean {
  const copy = new Y.Doc()
  for (const one of [Y.encodeStateAsUpdate(doc), update]) Y.applyUpdate(copy, one)
  return copy.store.pendingStructs === null
}

const ACTS: Record<Act, (made: Scene, at: number) => void | Promise<void>> = {
  title: (made, at) => {
    const title = made.doc.getText('title')
    title.insert(at % (title.length + 1), made.coin())
  },
  prose: (made, at) => {
    const blocks = made.doc.getXmlFragment(`scene/${KEY}`).length
    if (blocks === 0) return
    const paragraph = letters(made.doc, KEY, at % blocks)
    paragraph.insert(at % (paragraph.length + 1), made.coin())
  },
  block: (made, at) => {
    const fragment = made.doc.getXmlFragment(`scene/${KEY}`)
    fragment.insert(at % (fragment.length + 1), [element('paragraph', text(made.coin()))])
  },
  erase: (made, at) => {
    const title = made.doc.getText('title')
    if (title.length === 0) return
    const from = at % title.length
    made.erased(title.toString().slice(from, from + 2))
    title.delete(from, Math.min(2, title.length - from))
  },
  /** Into the document that the editor had before, as long as a frame or so. */
  late: (made) => {
    const { last } = made
    if (last === undefined || last === made.doc || made.world.clock.now() > made.lastSeenAt) return
    last.getText('title').insert(0, made.coin())
  },
  wait: (made) => made.world.clock.advance(4),
  answer: (made) => made.answer(),
  lock: (made) => made.answer('beat_locked'),
  pending: (made) => made.answer('pending'),
  reconnect: (made) => {
    made.disconnect()
    made.made.documents.connected()
  },
  reload: (made) => made.reload(),
  theirs: (made, at) => {
    const doc = made.made.server.doc(BEAT)
    const title = doc.getText('title')
    title.insert(at % (title.length + 1), '-')
  },
  tear: (made, at) => made.tear(at),
}

test('whatever is typed, and whenever it is refused or what it stands in is deleted: it is in the text or in the drawer, after a reload too', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (script) => {
      const made = new Scene()
      await made.begin()
      for (const { act, at } of script) {
        const { doc, world } = { doc: made.doc, world: made.world }
        await ACTS[act](made, at)
        await settled()
        if (made.doc === doc) continue
        // A reload leaves no editor behind.
        made.last = act === 'reload' ? undefined : doc
        made.lastSeenAt = world.clock.now() + 100
      }
      made.world.clock.advance(2_000)
      await settled()
      await made.check()
      await made.reload()
      await made.check()
    }),
    { numRuns: 150 },
  )
}, 60_000)

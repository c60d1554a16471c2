import type { Beat } from '@storyweave/protocol'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Person } from '../support/person.ts'
import { Delays } from './delays.ts'
import { type TwoDesks, twoDesks } from './desks.ts'
import { Seat } from './seat.ts'
import { hasPostgres, TwoNodes, whySkipped } from './two-nodes.ts'

// What no table keeps, and Redis alone carries from node to node: who is there, where their carets are, who is
// typing, and who asks for a lock.

let house: TwoNodes
let ann: Person
let ben: Person
let beat: Beat
let own: Seat
let other: Seat
/** Beats with a question about their lock that the holder leaves without an answer: asked first, looked at last. */
let silent: TwoDesks
let active: TwoDesks

const delays = new Delays('What passes by')
const sit = async () => {
  ;({ beat, own, other } = await twoDesks(ann, ben))
}

/** Ann holds the lock, and Ben asks for it. */
async function ask({ own, other, beat }: Pick<TwoDesks, 'own' | 'other' | 'beat'>): Promise<void> {
  expect(await own.answer({ type: 'beat_lock', beat_id: beat.id })).toMatchObject({ type: 'ack' })
  await other.wire.message('beat_lock')
  expect(await other.answer({ type: 'beat_lock_request', beat_id: beat.id })).toMatchObject({ type: 'ack' })
  const asked = await delays.of('a question', own.wire.message('beat_lock_requested'))
  expect(asked).toMatchObject({ user_id: other.id })
}

const answerTo = ({ id }: Seat, grant: boolean) => ({
  ...{ type: 'beat_lock_answer', beat_id: beat.id, user_id: id, grant },
})
const isThere = ({ id }: Seat, { wire }: Seat) =>
  wire.message('presence_update', ({ users }) => users?.some(({ user_id }) => user_id === id) === true)
const isAlone = ({ wire }: Seat) => wire.message('presence_update', ({ users }) => users?.length === 1)

describe.skipIf(!hasPostgres)(`what passes between two nodes${whySkipped}`, () => {
  beforeAll(async () => {
    house = await TwoNodes.start()
    ann = await house.signUp(0, 'Ann')
    ben = await house.signUp(1, 'Ben')
    silent = await twoDesks(ann, ben)
    active = await twoDesks(ann, ben)
    await Promise.all([silent, active].map(ask))
    active.own.say({ type: 'cursor_move', beat_id: active.beat.id, position: 3 })
  })
  afterAll(async () => {
    delays.print()
    expect(house.errors).not.toMatch(/Unhandled|Uncaught|Node\.js v/)
    await house.remove()
  })

  describe('with Redis there', () => {
    beforeEach(sit)

    test('who comes and who goes', async () => {
      await delays.of('somebody who comes', isThere(other, own))
      own.forget()
      other.close()
      await delays.of('somebody who goes', isAlone(own))
    })

    test('who is lost without a goodbye', async () => {
      await isThere(other, own)
      own.forget()
      other.wire.drop()
      await delays.of('somebody who is lost', isAlone(own))
    })

    test('carets, and where somebody is who has no document open', async () => {
      const [mine, theirs] = [await own.open(beat.id), await other.open(beat.id)]
      mine.point(7)
      const isShown = theirs.until(() => theirs.carets().some(({ name, at }) => name === 'Ann' && at === 7))
      await delays.of('a caret', isShown)
      own.say({ type: 'cursor_move', beat_id: beat.id, position: 5, field: 'goal' })
      const moved = await delays.of('a cursor', other.wire.message('cursor_move'))
      expect(moved).toMatchObject({ user_id: own.id, position: 5, field: 'goal' })
      own.close()
      await delays.of(
        'a caret that is gone',
        theirs.until(() => theirs.carets().every(({ name }) => name !== 'Ann')),
      )
    })

    test('who is typing', async () => {
      other.say({ type: 'typing', where: 'chat' })
      const typing = await delays.of('somebody typing', own.wire.message('typing'))
      expect(typing).toMatchObject({ user_id: other.id, where: 'chat' })
    })

    test('lock-grant: who asks at one node is granted it at the other', async () => {
      await ask({ own, other, beat })
      expect(await own.answer(answerTo(other, true))).toMatchObject({ type: 'ack' })
      const answered = other.wire.message('beat_lock_answered')
      expect(await delays.of('a lock granted', answered)).toMatchObject({ granted: true })
      const page = await other.open(beat.id)
      expect(await page.save('[mine]')).toBe(true)
      expect(await (await own.open(beat.id)).save('[no]')).toBe(false)
    })

    test('lock-decline: the holder keeps it, and who asked is told', async () => {
      await ask({ own, other, beat })
      expect(await own.answer(answerTo(other, false))).toMatchObject({ type: 'ack' })
      const answered = other.wire.message('beat_lock_answered')
      expect(await delays.of('a lock declined', answered)).toMatchObject({ granted: false })
      expect(await (await other.open(beat.id)).save('[no]')).toBe(false)
    })

    test('lock-goodbye: of two sockets at two nodes the last one counts', async () => {
      const second = await Seat.take(ann, own.storyId, ben.address)
      expect(await own.answer({ type: 'beat_lock', beat_id: beat.id })).toMatchObject({ type: 'ack' })
      await second.wire.message('beat_lock')
      // Whoever comes to a node after somebody else is told of together with them.
      own.forget()
      other.close()
      await isAlone(own)
      other = await Seat.take(ben, own.storyId)
      await isThere(other, own)
      own.close()
      const page = await other.open(beat.id)
      expect(await page.save('[no]')).toBe(false)
      second.close()
      const gone = await delays.of('a holder who goes', other.wire.message('beat_unlock'))
      expect(gone).toMatchObject({ reason: 'disconnected' })
    })

    test('lock-silence: silence for 30 s at one node grants what was asked at the other', async () => {
      expect(await silent.other.wire.message('beat_lock_answered')).toMatchObject({ granted: true })
      expect(await (await silent.other.open(silent.beat.id)).save('[mine]')).toBe(true)
    })

    test('lock-silence: a holder who moved the caret at one node keeps it', async () => {
      expect(await active.other.wire.message('beat_lock_answered')).toMatchObject({ granted: false })
      expect(await (await active.other.open(active.beat.id)).save('[no]')).toBe(false)
    })
  })

  test('with Redis stopped nobody is shown who is not known to be there; when it is back all of it returns', async () => {
    await sit()
    const [mine, theirs] = [await own.open(beat.id), await other.open(beat.id)]
    await isThere(other, own)
    await house.redis.stop()
    mine.point(9)
    expect(await mine.save('[written meanwhile]')).toBe(true)
    await delays.of('a word without Redis', theirs.has('[written meanwhile]'))
    expect(theirs.carets()).toEqual([])
    const late = await twoDesks(ann, ben)
    await house.redis.restart()
    await delays.of('presence, after Redis is back', isThere(late.other, late.own))
    const isShown = theirs.until(() => theirs.carets().some(({ at }) => at === 9))
    await delays.of('a caret, after Redis is back', isShown)
    other.say({ type: 'cursor_move', beat_id: beat.id, position: 2 })
    await delays.of('a cursor, after Redis is back', own.wire.message('cursor_move'))
  })
})

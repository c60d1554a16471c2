import { type Beat, CLOSE, type Joined, type MadeLink, type Story } from '@storyweave/protocol'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Person } from '../support/person.ts'
import { refusedUpgrade, Wire } from '../support/wire.ts'
import { Delays } from './delays.ts'
import { editor, sharePath, twoDesks } from './desks.ts'
import { Seat, socketUrl } from './seat.ts'
import { hasPostgres, TwoNodes, whySkipped } from './two-nodes.ts'

let house: TwoNodes
/** At the first node, and owns the stories. */
let ann: Person
/** At the second. */
let ben: Person
let story: Story
let beat: Beat
let own: Seat
let other: Seat

const share = (person: Person) => ann.call('POST', sharePath(story.id), editor(person))
const permissionOf = (person: Person) => `/collaboration/stories/${story.id}/permissions/${person.me.user_id}`

describe.skipIf(!hasPostgres)(`two people on two nodes${whySkipped}`, () => {
  beforeAll(async () => {
    house = await TwoNodes.start()
    ann = await house.signUp(0, 'Ann')
    ben = await house.signUp(1, 'Ben')
  })
  afterAll(async () => {
    expect(house.errors).not.toMatch(/Unhandled|Uncaught|Node\.js v/)
    await house.remove()
  })

  describe.each([{ redis: 'there' }, { redis: 'stopped' }] as const)('with Redis $redis', ({ redis }) => {
    const delays = new Delays(`Redis ${redis}`)
    beforeAll(() => (redis === 'stopped' ? house.redis.stop() : undefined))
    afterAll(() => delays.print())
    beforeEach(async () => {
      ;({ story, beat, own, other } = await twoDesks(ann, ben))
    })

    test('one types, the other reads it, both ways, and each is told that it is saved', async () => {
      const [mine, theirs] = [await own.open(beat.id), await other.open(beat.id)]
      expect(await mine.save('[from Ann]')).toBe(true)
      await delays.of('a word in a document', theirs.has('[from Ann]'))
      expect(await theirs.save('[from Ben]')).toBe(true)
      await delays.of('a word in a document', mine.has('[from Ben]'))
      expect(mine.text()).toBe(theirs.text())
      const [read] = await ann.beatsOf(story.id)
      expect(read?.goal).toBe(mine.text())
    })

    test('who has the card on the board hears what changes in it, by whichever door', async () => {
      const page = await own.open(beat.id)
      page.type('typed ')
      const heard = (word: string) =>
        other.wire.message('edit', ({ changes }) => changes.goal?.includes(word) === true)
      const { user_name } = await delays.of('a card, by its document', heard('typed'))
      expect(user_name).toBe('Ann')
      await own.answer({ type: 'edit', beat_id: beat.id, changes: { goal: 'said' } })
      expect(await delays.of('a card, by a message', heard('said'))).toMatchObject({ user_name: 'Ann' })
      await ann.call('PATCH', `/api/beats/${beat.id}`, { goal: 'asked' })
      expect(await delays.of('a card, by REST', heard('asked'))).toMatchObject({ user_name: 'Ann' })
    })

    test('what changes in the outline', async () => {
      const made = await ann.call<Beat>('POST', `/api/stories/${story.id}/beats`, { title: 'Next' })
      const created = other.wire.message('beat_created')
      expect(await delays.of('a new beat', created)).toMatchObject({ beat: { id: made.id } })
      await ben.call('POST', `/api/beats/${made.id}/scenes`, { title: 'A scene' })
      await delays.of('a new scene', own.wire.message('scene_created'))
      await ben.call('DELETE', `/api/beats/${made.id}`)
      await delays.of('a deleted beat', own.wire.message('beat_deleted'))
    })

    test('chat, comments and what concerns one of them', async () => {
      await own.answer({ type: 'chat', message: 'Hello, @Ben' })
      await delays.of('a chat line', other.wire.message('chat'))
      const notified = other.wire.message('notification', ({ kind }) => kind === 'mentioned')
      await delays.of('a notification', notified)
      const comment = { beat_id: beat.id, content: 'Is this so?' }
      await other.answer({ type: 'comment', action: 'created', comment })
      const asked = await delays.of('a comment', own.wire.message('comment'))
      const reply = { parent_comment_id: asked.comment.id, content: 'It is.' }
      await own.answer({ type: 'comment', action: 'created', comment: reply })
      const isReply = () =>
        other.wire.message('comment', (said) => said.comment.parent_comment_id === asked.comment.id)
      await delays.of('a reply', isReply())
    })

    test('a lock of one closes the beat to the other, at once, by every door', async () => {
      const page = await other.open(beat.id)
      expect(await own.answer({ type: 'beat_lock', beat_id: beat.id })).toMatchObject({ type: 'ack' })
      // Known there or not yet: the log itself asks for it.
      expect(await page.save('[no]')).toBe(false)
      const edit = { type: 'edit', beat_id: beat.id, changes: { title: 'no' } }
      expect(await other.answer(edit)).toMatchObject({ code: 'beat_locked' })
      expect((await ben.ask('PATCH', `/api/beats/${beat.id}`, { title: 'no' })).status).toBe(423)
      expect(await other.answer({ type: 'beat_lock', beat_id: beat.id })).toMatchObject({
        code: 'beat_locked',
      })
      await delays.of('a lock', other.wire.message('beat_lock'))
      await own.answer({ type: 'beat_unlock', beat_id: beat.id })
      await delays.of('a released lock', other.wire.message('beat_unlock'))
      expect(await other.answer({ type: 'beat_lock', beat_id: beat.id })).toMatchObject({ type: 'ack' })
      expect((await ann.beatsOf(story.id))[0]?.title).not.toContain('no')
    })

    test('both ask for the lock in the same moment, and one gets it', async () => {
      const answers = await Promise.all(
        [own, other].map((seat) => seat.answer({ type: 'beat_lock', beat_id: beat.id })),
      )
      expect(answers.map(({ type }) => type).sort()).toEqual(['ack', 'error'])
    })

    test('a lower role is told within a second or two, and holds', async () => {
      const page = await other.open(beat.id)
      await ann.call('PATCH', permissionOf(ben), { role: 'viewer' })
      const told = other.wire.message('permission_changed', ({ role }) => role === 'viewer')
      await delays.of('a changed role', told)
      expect(await page.save('[no]')).toBe(false)
      await ann.call('PATCH', permissionOf(ben), { role: 'editor' })
      const back = other.wire.message('permission_changed', ({ role }) => role === 'editor')
      await delays.of('a changed role', back)
    })

    test('access taken away closes the socket with 4403', async () => {
      await ann.call('DELETE', permissionOf(ben))
      const closed = other.wire.whenClosed()
      expect(await delays.of('access taken away', closed)).toBe(CLOSE.accessRevoked)
      expect(await refusedUpgrade(await socketUrl(ben, story.id))).toBe(404)
    })

    test('signing out at one node closes the socket at the other with 4401', async () => {
      const cy = await house.signUp(1, `Cy ${redis}`)
      await share(cy)
      const seat = await Seat.take(cy, story.id)
      const headers = { authorization: `Bearer ${cy.token}`, 'content-type': 'application/json' }
      const out = await fetch(`${ann.address}/api/auth/sign-out`, { method: 'POST', headers, body: '{}' })
      expect(out.status).toBe(200)
      expect(await delays.of('a sign-out', seat.wire.whenClosed())).toBe(CLOSE.signedOut)
    })

    test('a deleted story closes the socket with 4404', async () => {
      await ann.call('DELETE', `/api/stories/${story.id}`)
      expect(await delays.of('a deleted story', other.wire.whenClosed())).toBe(CLOSE.storyDeleted)
    })

    test('a share link that is switched off puts its guests out', async () => {
      const link = await ann.call<MadeLink>('POST', `/collaboration/stories/${story.id}/links`, {})
      const joined = await fetch(`${ben.address}/collaboration/join`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ token: link.link.split('#')[1], name: 'Gil' }),
      })
      const { token } = (await joined.json()) as Joined
      const ticket = await fetch(`${ben.address}/collaboration/ticket`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
      })
      const said = (await ticket.json()) as { ticket: string }
      const address = ben.address.replace(/^http/, 'ws')
      const url = `${address}/collaboration/ws/story/${story.id}?ticket=${said.ticket}`
      const guest = await Wire.openAt(url)
      await guest.message('initial_state')
      await ann.call('PATCH', `/collaboration/stories/${story.id}/links/${link.id}`, { enabled: false })
      await delays.of('a link switched off', guest.message('access_revoked'))
      expect(await guest.whenClosed()).toBe(CLOSE.accessRevoked)
    })
  })
})

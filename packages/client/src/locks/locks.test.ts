import { encodeServerFrame, type ServerMessage } from '@storyweave/protocol'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { AT, author, connected, initial, sentTexts } from '../testing/room.ts'
import { settled, World } from '../testing/world.ts'

const ME = 1
const ADA = 2

/** A room whose server's clock is a minute ahead of this device's. */
async function room() {
  const world = new World()
  const at = (ms: number) => new Date(world.clock.now() + 60_000 + ms).toISOString()
  const made = await connected(world)
  made.say(initial({ server_time: at(0) }))
  const lock = (locked_by: number, ms: number) =>
    ({ beat_id: 10, locked_by, locked_by_name: `P${locked_by}`, expires_at: at(ms) }) as const
  const locked = (locked_by: number, ms: number): ServerMessage => ({
    type: 'beat_lock',
    ...lock(locked_by, ms),
  })
  const ack = (result?: unknown) => {
    const { request_id } = sentTexts(world).at(-1)
    made.say({ type: 'ack', request_id, result })
  }
  return { ...made, at, lock, locked, ack }
}

describe('who has locked what', () => {
  test('as told at first, taken, renewed, handed over, given back', async () => {
    const { say, seen, lock, locked, at } = await room()
    say(initial({ server_time: at(0), locks: [lock(ADA, 9_000)] }))
    expect(seen().locks).toMatchObject([{ beat_id: 10, locked_by: ADA }])
    say(locked(ME, 20_000))
    expect(seen().locks).toMatchObject([{ beat_id: 10, locked_by: ME, locked_by_name: 'P1' }])
    say({ type: 'beat_unlock', beat_id: 10, unlocked_by: ME, reason: 'released' })
    expect(seen().locks).toEqual([])
  })

  test('it ends by this device’s clock, whatever the server’s says, without a word of the server', async () => {
    const { world, say, seen, locked } = await room()
    say(locked(ADA, 9_000))
    expect(seen().locks[0]?.endsAt).toBe(world.clock.now() + 9_000)
    world.clock.advance(8_999)
    expect(seen().locks).toHaveLength(1)
    world.clock.advance(1)
    expect(seen().locks).toEqual([])
  })

  test('a deleted beat takes its lock with it', async () => {
    const { say, seen, locked } = await room()
    say(locked(ADA, 9_000))
    say({ type: 'beat_deleted', beat_id: 10, story_seq: 6, ...author })
    expect(seen().locks).toEqual([])
  })

  test('other news leave the list as it is', async () => {
    const { say, seen, locked } = await room()
    say(locked(ADA, 9_000))
    const before = seen().locks
    say({ type: 'edit', beat_id: 11, changes: { title: 'x' }, ...author })
    expect(seen().locks).toBe(before)
  })
})

describe('taking it', () => {
  test('an ack resolves; the time asked for is sent', async () => {
    const { world, room: story, ack } = await room()
    const taken = story.lockBeat(10, 45)
    expect(sentTexts(world).at(-1)).toMatchObject({ type: 'beat_lock', beat_id: 10, duration_minutes: 45 })
    ack()
    await taken
    const released = story.unlockBeat(10)
    expect(sentTexts(world).at(-1)).toMatchObject({ type: 'beat_unlock', beat_id: 10 })
    ack()
    await released
  })

  test('a refusal says whose lock it is, and until when', async () => {
    const { room: story, say } = await room()
    const taken = story.lockBeat(10)
    const details = { locked_by: ADA, locked_by_name: 'Ada', expires_at: AT }
    say({ type: 'error', code: 'beat_locked', message: 'no', request_id: 'ask-1', ...details })
    await expect(taken).rejects.toMatchObject({ code: 'beat_locked', details })
  })
})

describe('asking for it', () => {
  const question = (expires_at: string) =>
    ({ type: 'beat_lock_requested', beat_id: 10, user_id: ADA, user_name: 'Ada', expires_at }) as const

  test('the holder sees who asks, and answers', async () => {
    const { world, room: story, say, seen, locked, at, ack } = await room()
    say(locked(ME, 900_000))
    say(question(at(30_000)))
    expect(seen().lockQuestions).toEqual([
      { beatId: 10, userId: ADA, userName: 'Ada', endsAt: world.clock.now() + 30_000 },
    ])
    const answered = story.answerLock(10, ADA, false)
    expect(sentTexts(world).at(-1)).toMatchObject({ beat_id: 10, user_id: ADA, grant: false })
    ack()
    await answered
    expect(seen().lockQuestions).toEqual([])
  })

  test('a question is over by its time, with the lock, and with the socket', async () => {
    const { world, say, seen, locked, at } = await room()
    say(question(at(30_000)))
    world.clock.advance(30_000)
    expect(seen().lockQuestions).toEqual([])
    say(question(at(60_000)))
    say(locked(ADA, 900_000))
    expect(seen().lockQuestions).toEqual([])
    say(question(at(60_000)))
    world.socket.events.closed(1006)
    expect(seen().lockQuestions).toEqual([])
  })

  test('the asker waits, and sees the answer until the lock changes hands', async () => {
    const { world, room: story, say, seen, locked, at, ack } = await room()
    say(locked(ADA, 900_000))
    const asked = story.askForLock(10)
    ack({ expires_at: at(30_000) })
    await asked
    expect(seen().askedLocks).toEqual([{ beatId: 10, state: 'waiting', endsAt: world.clock.now() + 30_000 }])
    say({ type: 'beat_lock_answered', beat_id: 10, granted: false })
    expect(seen().askedLocks).toEqual([{ beatId: 10, state: 'declined' }])
    say(locked(ADA, 950_000))
    expect(seen().askedLocks).toHaveLength(1)
    say(locked(ME, 900_000))
    say({ type: 'beat_lock_answered', beat_id: 10, granted: true })
    expect(seen().askedLocks).toEqual([{ beatId: 10, state: 'granted' }])
    say({ type: 'beat_unlock', beat_id: 10, unlocked_by: ME, reason: 'released' })
    expect(seen().askedLocks).toEqual([])
  })

  test('a question that is never answered is forgotten a little after its time', async () => {
    const { world, room: story, say, seen, locked, at, ack } = await room()
    say(locked(ADA, 900_000))
    const asked = story.askForLock(10)
    ack({ expires_at: at(30_000) })
    await asked
    world.clock.advance(39_999)
    expect(seen().askedLocks).toHaveLength(1)
    world.clock.advance(1)
    expect(seen().askedLocks).toEqual([])
  })
})

describe('renewing it', () => {
  /** Writes a letter into beat 10. */
  async function writing() {
    const made = await room()
    const beat = made.room.openBeat(10)
    await settled()
    const server = new Y.Doc()
    const frame = { key: 'beat/10' } as const
    const bytes = (data: Uint8Array) => made.world.socket.events.bytes(data)
    bytes(encodeServerFrame({ ...frame, type: 'scope', scope: 'read-write' }))
    bytes(encodeServerFrame({ ...frame, type: 'step1', stateVector: Y.encodeStateVector(server) }))
    const write = () => beat.getSnapshot().doc.getText('goal').insert(0, 'x')
    const renewals = () => sentTexts(made.world).filter(({ type }) => type === 'beat_lock')
    return { ...made, write, renewals }
  }

  test('while I write and less than 5 minutes are left, once, for as long as I took it', async () => {
    const { world, room: story, say, locked, write, renewals, ack } = await writing()
    const taken = story.lockBeat(10, 60)
    ack()
    await taken
    say(locked(ME, 5 * 60_000))
    write()
    expect(renewals()).toHaveLength(1)
    world.clock.advance(1)
    write()
    write()
    expect(renewals()).toMatchObject([{}, { beat_id: 10, duration_minutes: 60 }])
    ack()
    await settled()
    say(locked(ME, 65 * 60_000))
    write()
    expect(renewals()).toHaveLength(2)
  })

  test('a renewal that fails is noted, and tried again at the next letter', async () => {
    const { world, say, locked, write, renewals } = await writing()
    say(locked(ME, 60_000))
    write()
    expect(renewals()).toMatchObject([{ duration_minutes: 30 }])
    say({ type: 'error', code: 'unavailable', message: 'away', request_id: renewals()[0].request_id })
    await settled()
    expect(world.notes).toEqual(['lock_not_renewed'])
    write()
    expect(renewals()).toHaveLength(2)
  })

  test('somebody else’s lock is theirs to renew', async () => {
    const { say, locked, write, renewals } = await writing()
    say(locked(ADA, 60_000))
    write()
    expect(renewals()).toEqual([])
  })
})

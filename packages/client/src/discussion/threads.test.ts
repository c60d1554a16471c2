import { type Comment, Fault, type ServerMessage } from '@storyweave/protocol'
import { describe, expect, test } from 'vitest'
import type { HistoryPort } from '../ports.ts'
import { AT, connected, initial, roomIn, sentTexts } from '../testing/room.ts'
import { settled, World } from '../testing/world.ts'

const comment = (id: number, more: Partial<Comment> = {}): Comment => ({
  id,
  story_id: 7,
  beat_id: 10,
  scene_id: null,
  parent_comment_id: null,
  user_id: 2,
  user_name: 'Ada',
  content: `c${id}`,
  mentions: [],
  anchor: null,
  quote: null,
  detached: false,
  resolved: false,
  resolved_by: null,
  deleted: false,
  created_at: AT,
  updated_at: AT,
  ...more,
})

let seq = 5
const event = (action: 'created' | 'updated' | 'deleted' | 'resolved', of: Comment): ServerMessage => ({
  type: 'comment',
  action,
  comment: of,
  story_seq: ++seq,
  user_id: 2,
  user_name: 'Ada',
  timestamp: AT,
})

/** A room whose comments come in two pages, when the test lets them. */
async function room() {
  seq = 5
  const world = new World()
  const pages = [[comment(1), comment(2)], [comment(3, { parent_comment_id: 1 })]]
  const asked: (string | undefined)[] = []
  const gate = { open: Promise.resolve() }
  const history: HistoryPort = {
    chatBefore: () => Promise.reject(new Error('not asked')),
    comments: async (_story, after) => {
      asked.push(after)
      await gate.open
      return after === undefined
        ? { comments: pages[0] ?? [], next: 'two' }
        : { comments: pages[1] ?? [], next: null }
    },
  }
  return { ...(await connected(world, { history })), pages, asked, gate }
}

const shape = (threads: readonly { first: Comment; replies: readonly Comment[] }[]) =>
  threads.map(({ first, replies }) => [first.id, replies.map(({ id }) => id)])

describe('reading', () => {
  test('all pages, when first asked for, once', async () => {
    const { room: story, seen, asked } = await room()
    expect(seen().threads).toEqual({ state: 'closed', threads: [], outgoing: [] })
    await Promise.all([story.openThreads(), story.openThreads()])
    await story.openThreads()
    expect(asked).toEqual([undefined, 'two'])
    expect(seen().threads.state).toBe('ready')
    expect(shape(seen().threads.threads)).toEqual([
      [1, [3]],
      [2, []],
    ])
  })

  test('events are applied; one that comes while the list is read wins over the list', async () => {
    const { room: story, say, seen, gate } = await room()
    let open = () => {}
    gate.open = new Promise((resolve) => {
      open = resolve
    })
    const opened = story.openThreads()
    expect(seen().threads.state).toBe('loading')
    say(event('updated', comment(2, { content: 'newer' })))
    open()
    await opened
    expect(seen().threads.threads[1]?.first.content).toBe('newer')
    say(event('created', comment(4, { parent_comment_id: 2 })))
    say(event('resolved', comment(1, { resolved: true })))
    expect(shape(seen().threads.threads)).toEqual([
      [1, [3]],
      [2, [4]],
    ])
    expect(seen().threads.threads[0]?.first.resolved).toBe(true)
  })

  test('what was read before the first greeting is read again: events in between were told to nobody', async () => {
    const world = new World()
    let stored = [comment(1)]
    const history: HistoryPort = {
      chatBefore: () => Promise.reject(new Error('not asked')),
      comments: async () => ({ comments: stored, next: null }),
    }
    const { room: story, say } = roomIn(world, { history })
    await story.openThreads()
    stored = [comment(1), comment(2)]
    story.connect()
    await settled()
    world.socket.events.opened()
    say(initial())
    expect(story.getSnapshot().threads.state).toBe('ready')
    await settled()
    expect(shape(story.getSnapshot().threads.threads)).toEqual([
      [1, []],
      [2, []],
    ])
  })

  test('an event that is repeated after a newer one of the same comment says nothing new', async () => {
    const { room: story, say, seen } = await room()
    await story.openThreads()
    const older = event('updated', comment(2, { content: 'older' }))
    say(older)
    say(event('updated', comment(2, { content: 'newer' })))
    say(older)
    expect(seen().threads.threads[1]?.first.content).toBe('newer')
  })

  test('replies have the place and the state of their thread', async () => {
    const { room: story, say, seen } = await room()
    await story.openThreads()
    say(event('resolved', comment(1, { resolved: true, resolved_by: 2, detached: true })))
    const [reply] = seen().threads.threads[0]?.replies ?? []
    expect(reply).toMatchObject({ id: 3, resolved: true, resolved_by: 2, detached: true })
    say(event('updated', comment(2, { content: 'other' })))
    expect(seen().threads.threads[0]?.replies[0]).toBe(reply)
  })

  test('a deleted reply is gone; a deleted beginning stays as long as it has replies', async () => {
    const { room: story, say, seen } = await room()
    await story.openThreads()
    say(event('deleted', comment(1, { deleted: true, content: '' })))
    say(event('deleted', comment(2, { deleted: true, content: '' })))
    expect(shape(seen().threads.threads)).toEqual([[1, [3]]])
    say(event('deleted', comment(3, { parent_comment_id: 1, deleted: true, content: '' })))
    expect(seen().threads.threads).toEqual([])
  })

  test('what can not be read is said, and tried again', async () => {
    const { room: story, seen, gate } = await room()
    gate.open = Promise.reject(new Fault('unavailable', 'away'))
    await expect(story.openThreads()).rejects.toMatchObject({ code: 'unavailable' })
    expect(seen().threads.state).toBe('failed')
    gate.open = Promise.resolve()
    await story.openThreads()
    expect(seen().threads.state).toBe('ready')
  })

  test('resync reads them anew, if they were asked for', async () => {
    const { world, room: story, say, seen, pages, asked, gate } = await room()
    say({ type: 'resync' })
    await settled()
    expect(asked).toEqual([])
    await story.openThreads()
    pages[0] = [comment(2)]
    pages[1] = []
    say({ type: 'resync' })
    await settled()
    expect(shape(seen().threads.threads)).toEqual([[2, []]])
    gate.open = Promise.reject(new Fault('unavailable', 'away'))
    say({ type: 'resync' })
    await settled()
    expect([seen().threads.state, world.notes]).toEqual(['failed', ['comments_not_read']])
  })
})

describe('writing', () => {
  test('a new comment is pending until its event has come', async () => {
    const { world, room: story, say, seen } = await room()
    await story.openThreads()
    const clientId = story.createComment({ content: 'Mine', beat_id: 10 })
    expect(sentTexts(world).at(-1)).toEqual({
      type: 'comment',
      action: 'created',
      comment: { content: 'Mine', beat_id: 10 },
      request_id: clientId,
      client_id: clientId,
    })
    expect(seen().threads.outgoing).toMatchObject([
      { clientId, state: 'pending', comment: { content: 'Mine' } },
    ])
    expect(seen().chat.outgoing).toEqual([])
    say({ type: 'ack', request_id: clientId, result: { id: 9 } })
    expect(seen().threads.outgoing).toHaveLength(1)
    say(event('created', comment(9, { user_id: 1, content: 'Mine' })))
    expect(seen().threads.outgoing).toEqual([])
    expect(shape(seen().threads.threads)).toContainEqual([9, []])
  })

  test('one whose event comes before its answer stands there once, and waits for the answer all the same', async () => {
    const { world, room: story, say, seen } = await room()
    await story.openThreads()
    const first = story.createComment({ content: 'Mine', beat_id: 10 })
    const second = story.createComment({ content: 'Mine', beat_id: 10, parent_comment_id: 1 })
    say(event('created', comment(8, { user_id: 3, content: 'Mine' })))
    say(event('created', comment(9, { user_id: 1, content: 'Mine', parent_comment_id: 1 })))
    expect(seen().threads.outgoing.map(({ clientId }) => clientId)).toEqual([first, second])
    say(event('created', comment(10, { user_id: 1, content: 'Mine' })))
    expect(seen().threads.outgoing.map(({ clientId }) => clientId)).toEqual([second])
    await settled()
    expect(await world.store.outgoing()).toHaveLength(2)
    say({ type: 'ack', request_id: first, result: { id: 10 } })
    await story.destroy()
    expect((await world.store.outgoing()).map(({ clientId }) => clientId)).toEqual([second])
  })

  test('one that was refused is shown, whatever seemed to be it', async () => {
    const { room: story, say, seen } = await room()
    await story.openThreads()
    const clientId = story.createComment({ content: 'Mine', beat_id: 10 })
    say(event('created', comment(9, { user_id: 1, content: 'Mine' })))
    expect(seen().threads.outgoing).toEqual([])
    say({ type: 'error', code: 'forbidden', message: 'No.', request_id: clientId })
    expect(seen().threads.outgoing).toMatchObject([{ clientId, state: 'failed' }])
  })

  test('where no threads are shown, its ack is all there is to wait for', async () => {
    const { room: story, say, seen } = await room()
    await settled()
    const clientId = story.createComment({ content: 'Mine', beat_id: 10 })
    say({ type: 'ack', request_id: clientId, result: { id: 9 } })
    expect(seen().threads.outgoing).toEqual([])
  })

  test('changing, deleting, resolving and reopening are answered', async () => {
    const { world, room: story, say } = await room()
    const done = Promise.all([
      story.updateComment(1, 'Better'),
      story.deleteComment(2),
      story.resolveThread(1),
      story.reopenThread(1),
    ])
    const requests = sentTexts(world)
    expect(requests.map(({ action, comment: of }) => [action, of])).toEqual([
      ['updated', { id: 1, content: 'Better' }],
      ['deleted', { id: 2 }],
      ['resolved', { id: 1 }],
      ['reopened', { id: 1 }],
    ])
    for (const { request_id } of requests) say({ type: 'ack', request_id })
    await done
    const refused = story.deleteComment(3)
    say({ type: 'error', code: 'forbidden', message: 'Not yours.', request_id: 'ask-5' })
    await expect(refused).rejects.toMatchObject({ code: 'forbidden', message: 'Not yours.' })
  })

  test('nothing, or too much, is refused at once', async () => {
    const { room: story } = await room()
    expect(() => story.createComment({ content: ' ', beat_id: 10 })).toThrow('must not be empty')
    await expect(story.updateComment(1, 'x'.repeat(10_001))).rejects.toMatchObject({ code: 'too_large' })
  })
})

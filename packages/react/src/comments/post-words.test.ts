import type { NewComment, OutgoingComment, StoryRoomSnapshot } from '@storyweave/client'
import { expect, test } from 'vitest'
import { inPieces, postRefusedWords } from './post-words.ts'

const beats = [{ id: 3, scenes: [{ id: 30, key: 'abcdefghijkl' }] }] as unknown as StoryRoomSnapshot['beats']

/** A room with these words in its drawer; the test says when its device has written, and what the server says. */
function room(words: string, keptOn: StoryRoomSnapshot['keptOn'] = 'device') {
  const posted: NewComment[] = []
  const listeners = new Set<() => void>()
  let outgoing: Partial<OutgoingComment>[] = []
  const device = Promise.withResolvers<void>()
  return {
    posted,
    drawer: {
      text: () => words,
      list: () => [],
      remove: () => Promise.resolve(),
      insert: () => Promise.resolve(),
    },
    getSnapshot: () => ({ beats, keptOn, threads: { outgoing } }) as unknown as StoryRoomSnapshot,
    subscribe: (listener: () => void) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    kept: () => device.promise,
    createComment: (comment: NewComment) => {
      posted.push(comment)
      const clientId = `c${posted.length}`
      outgoing.push({ clientId, state: 'pending' })
      return clientId
    },
    written: () => device.resolve(),
    become: (next: typeof outgoing) => {
      outgoing = next
      for (const listener of [...listeners]) listener()
    },
    listeners,
  }
}

const inScene = { id: 1, beatId: 3, place: { kind: 'scene', key: 'abcdefghijkl' } } as const

/** Whether it comes to an end with nothing else happening. */
const isDone = (posting: Promise<void>): Promise<boolean> =>
  Promise.race([posting.then(() => true), settled().then(() => false)])

async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve()
}

test('refused words become a comment on their scene, or on their beat where there is no scene', () => {
  const scene = room('Lost words.')
  void postRefusedWords(scene, inScene)
  expect(scene.posted).toEqual([{ content: 'Lost words.', scene_id: 30 }])
  const card = room('Lost words.')
  void postRefusedWords(card, { id: 1, beatId: 3, place: { kind: 'card', field: 'goal' } })
  expect(card.posted).toEqual([{ content: 'Lost words.', beat_id: 3 }])
})

test('they are safe as soon as the device keeps them, whatever the server says', async () => {
  const on = room('Lost words.')
  const posting = postRefusedWords(on, inScene)
  expect(await isDone(posting)).toBe(false)
  on.written()
  expect(await isDone(posting)).toBe(true)
})

test('where the device keeps nothing, they are safe when the server has them, and not before', async () => {
  const on = room('Lost words.', 'memory')
  const posting = postRefusedWords(on, inScene)
  on.written()
  expect(await isDone(posting)).toBe(false)
  on.become([])
  expect([await isDone(posting), on.listeners.size]).toEqual([true, 0])
})

test('where the device keeps nothing and the server does not take them, that is said', async () => {
  const on = room('Lost words.', 'memory')
  const posting = postRefusedWords(on, inScene)
  on.written()
  on.become([{ clientId: 'c1', state: 'failed', reason: { code: 'not_found', message: 'No beat.' } }])
  await expect(posting).rejects.toMatchObject({ code: 'not_found', message: 'No beat.' })
  expect(on.listeners.size).toBe(0)
})

test('what is too long for one comment is posted as several, none of it lost', () => {
  expect(inPieces('short', 10)).toEqual(['short'])
  expect(inPieces(' \n ', 10)).toEqual([])
  expect(inPieces('a line\nand more', 10)).toEqual(['a line', 'and more'])
  expect(inPieces('two words here', 10)).toEqual(['two words', 'here'])
  expect(inPieces('x'.repeat(25), 10).join('')).toBe('x'.repeat(25))
  expect(inPieces(`${'x'.repeat(9)}😀y`, 10)).toEqual(['x'.repeat(9), '😀y'])
})

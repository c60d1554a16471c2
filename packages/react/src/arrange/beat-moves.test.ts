import type { StoryRoomSnapshot } from '@storyweave/client'
import { type BeatSummary, Fault, type Outline } from '@storyweave/protocol'
import { expect, test } from 'vitest'
import { BeatMoves } from './beat-moves.ts'
import { withMove } from './order.ts'

const outline = (...ids: number[]): Outline =>
  ids.map((id, beat_index): BeatSummary => ({ id, beat_index, act: null, title: '', scenes: [] }))

/** A room that tells what it is told to, and a server that answers when it is told to. */
function scene(...ids: number[]) {
  let beats = outline(...ids)
  const listeners = new Set<() => void>()
  const asked: { id: number; after: number | null | undefined; answer: (error?: Fault) => void }[] = []
  const moves = new BeatMoves(
    {
      getSnapshot: () => ({ beats }) as StoryRoomSnapshot,
      subscribe(listener) {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
    },
    (id, { after_beat_id: after }) =>
      new Promise((resolve, reject) => {
        asked.push({
          id,
          after,
          answer: (error) => (error === undefined ? resolve({} as never) : reject(error)),
        })
      }),
  )
  moves.subscribe(() => undefined)
  const tell = (next: Outline) => {
    beats = next
    for (const listener of listeners) listener()
  }
  return { moves, asked, tell, shown: () => moves.getSnapshot().map(({ id }) => id), room: () => beats }
}

const settled = async () => {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve()
}

test('a move is seen at once, and others’ moves with it', async () => {
  const { moves, asked, tell, shown, room } = scene(1, 2, 3, 4)
  const target = { act: null, after: [4, 3, 2] }
  const done = moves.move(1, target)
  await settled()
  expect(shown()).toEqual([2, 3, 4, 1])
  tell(outline(1, 3, 2, 4))
  expect(shown()).toEqual([3, 2, 4, 1])
  tell(withMove(room(), 1, target))
  asked[0]?.answer()
  await done
  // What somebody does with it afterwards is theirs.
  tell(outline(1, 3, 2, 4))
  expect(shown()).toEqual([1, 3, 2, 4])
})

test('between the answer and the room’s own word nothing jumps back', async () => {
  const { moves, asked, tell, shown } = scene(1, 2)
  const done = moves.move(1, { act: null, after: [2] })
  await settled()
  asked[0]?.answer()
  await done
  expect(shown()).toEqual([2, 1])
  tell(outline(2, 1))
  expect(shown()).toEqual([2, 1])
  tell(outline(1, 2))
  expect(shown()).toEqual([1, 2])
})

test('what is refused is back where it was, and the next move goes on', async () => {
  const { moves, asked, shown } = scene(1, 2, 3)
  const refused = moves.move(1, { act: null, after: [2] })
  const next = moves.move(3, { act: null, after: [] })
  refused.catch(() => undefined)
  await settled()
  expect(asked.map(({ id }) => id)).toEqual([1])
  expect(shown()).toEqual([3, 2, 1])
  asked[0]?.answer(new Fault('beat_locked', 'Ivo has locked this beat.'))
  await expect(refused).rejects.toMatchObject({ code: 'beat_locked' })
  expect(shown()).toEqual([3, 1, 2])
  await settled()
  asked[1]?.answer()
  await next
  expect(shown()).toEqual([3, 1, 2])
})

test('a neighbour that was deleted at the same moment: it is done again on the new order', async () => {
  const { moves, asked, shown } = scene(1, 2, 3)
  const done = moves.move(1, { act: null, after: [3, 2] })
  await settled()
  asked[0]?.answer(new Fault('not_found', 'gone', { path: 'after_beat_id' }))
  await settled()
  expect(asked.map(({ after }) => after)).toEqual([3, 2])
  asked[1]?.answer()
  await done
  expect(shown()).toEqual([2, 3, 1])
})

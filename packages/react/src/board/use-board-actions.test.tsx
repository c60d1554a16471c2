// @vitest-environment happy-dom
import { act, cleanup, renderHook } from '@testing-library/react'
import { afterEach, expect, test } from 'vitest'
import { lanesOf } from '../arrange/lanes.ts'
import { outline } from '../comments/testing.tsx'
import { frameOf } from '../provider/testing.tsx'
import { useBoardActions } from './use-board-actions.ts'

afterEach(cleanup)

interface Asked {
  readonly what: string
  readonly answer: () => void
  readonly refuse: () => void
}

/** What the board asks of the server, which answers when a test says so. */
function show() {
  const beats = outline('One', 'Two')
  const asked: Asked[] = []
  const said: string[] = []
  const ask = (what: string) =>
    new Promise<void>((resolve, reject) => {
      asked.push({ what, answer: resolve, refuse: () => reject(new Error('No.')) })
    })
  const room = {
    storyId: 1,
    sendEdit: (id: number, { title }: { title: string }) => ask(`rename ${id} ${title}`),
  }
  const weave = {
    rest: {
      beats: {
        remove: (id: number) => ask(`remove ${id}`),
        renameAct: (_story: number, { to }: { to: string }) => ask(`act ${to}`),
        create: (_story: number, { act: name }: { act: string }) => ask(`add ${name}`),
      },
    },
    toasts: { say: (words: string) => said.push(words), complain: () => said.push('complaint') },
    strings: {},
  }
  const store = { subscribe: () => () => {}, getSnapshot: () => undefined as never }
  const Frame = frameOf({ weave, room, store })
  const arrangement = { beats, moveBeat: () => {}, stepBeat: () => false }
  const { result } = renderHook(() => useBoardActions(lanesOf(beats), arrangement, () => {}), {
    wrapper: Frame,
  })
  return { asked, said, beats, actions: () => result.current, whats: () => asked.map(({ what }) => what) }
}

test('cards are renamed and deleted, and acts named, while others still are', async () => {
  const { asked, said, beats, actions, whats } = show()
  const [one, two] = beats
  if (one === undefined || two === undefined) throw new Error('There are two beats.')
  act(() => actions().rename(one, 'Uno'))
  act(() => actions().rename(two, 'Due'))
  act(() => actions().remove(one))
  act(() => actions().remove(two))
  act(() => actions().addAct('Act I'))
  act(() => actions().addAct('Act II'))
  act(() => actions().renameAct('Act I', 'Act 1'))
  act(() => actions().renameAct('Act II', 'Act 2'))
  expect(whats()).toEqual([
    'rename 1 Uno',
    'rename 2 Due',
    'remove 1',
    'remove 2',
    'add Act I',
    'add Act II',
    'act Act 1',
    'act Act 2',
  ])
  await act(async () => asked[1]?.refuse())
  await act(async () => asked[3]?.answer())
  expect(said).toEqual(['complaint', expect.stringContaining('Two')])
})

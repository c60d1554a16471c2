// @vitest-environment happy-dom
import type { RestClient, StoryRoomSnapshot } from '@storyweave/client'
import { type ErrorCode, Fault, type SceneSummary } from '@storyweave/protocol'
import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/react'
import { afterEach, beforeAll, expect, test } from 'vitest'
import { commentFocusOf } from '../comments/focus.ts'
import { frameOf } from '../provider/testing.tsx'
import { SceneHead } from './scene-head.tsx'

// Fetched before, so that a menu is there at once.
beforeAll(() => import('../ui/menu-parts.tsx'))
afterEach(() => {
  cleanup()
  localStorage.clear()
})

const scene = (title: string | null): SceneSummary =>
  ({ id: 5, key: 'k', title, word_count: 0 }) as unknown as SceneSummary

interface Asked {
  readonly title: string | null
  readonly take: () => Promise<void>
  readonly lose: () => Promise<void>
  readonly refuse: (code: ErrorCode) => Promise<void>
}

/** A scene's head, and what its title asked of the server: a test answers. */
function show(title: string | null = 'Fog', state: 'connected' | 'waiting' = 'connected') {
  const asked: Asked[] = []
  const complaints: string[] = []
  const said: string[] = []
  const listeners = new Set<() => void>()
  const snapshotAt = (connection: string) =>
    ({
      connection: { state: connection },
      me: { connection_id: 'c', user_id: 1, role: 'viewer' },
      users: [],
      beats: [],
    }) as unknown as StoryRoomSnapshot
  let snapshot = snapshotAt(state)
  const store = {
    subscribe: (listener: () => void) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    getSnapshot: () => snapshot,
  }
  const update = (_id: number, { title: to }: { title: string | null }) =>
    new Promise<void>((resolve, reject) => {
      asked.push({
        title: to,
        take: () => act(async () => resolve()),
        refuse: (code) => act(async () => reject(new Fault(code, 'No.'))),
        lose: () => act(async () => reject(new Fault('unavailable', 'The server is away.'))),
      })
    })
  const weave = {
    rest: { scenes: { update } } as unknown as RestClient,
    me: { user_id: 1, name: 'Ann' },
    toasts: { say: (words: string) => said.push(words), complain: (words: string) => complaints.push(words) },
    strings: {},
  }
  const room = { ...store, storyId: 1 }
  const Frame = frameOf({ weave, room, store })
  const head = (stored: string | null, writable = true) => (
    <SceneHead
      beatId={1}
      scene={scene(stored)}
      number={1}
      words={0}
      writable={writable}
      splitAt={() => undefined}
    />
  )
  const { rerender } = render(head(title), { wrapper: Frame })
  return {
    room,
    asked,
    titles: () => asked.map((one) => one.title),
    complaints,
    said,
    store: (stored: string | null, writable?: boolean) => rerender(head(stored, writable)),
    become: (connection: 'connected' | 'waiting') =>
      act(() => {
        snapshot = snapshotAt(connection)
        for (const tell of listeners) tell()
      }),
  }
}

const field = () => screen.getByRole<HTMLInputElement>('textbox', { name: 'Title of scene 1' })

function type(title: string): void {
  act(() => field().focus())
  fireEvent.change(field(), { target: { value: title } })
}
const pressEnter = () => fireEvent.keyDown(field(), { key: 'Enter' })

test('what is typed while a title is on its way stays, and is sent when the field is left', async () => {
  const { asked, titles, store } = show()
  type('Fog and')
  pressEnter()
  type('Fog and rain')
  await asked[0]?.take()
  store('Fog and')
  expect(field().value).toBe('Fog and rain')
  expect(titles()).toEqual(['Fog and'])
  act(() => field().blur())
  expect(titles()).toEqual(['Fog and', 'Fog and rain'])
  await asked[1]?.take()
  store('Fog and rain')
  expect(field().value).toBe('Fog and rain')
  expect(localStorage).toHaveLength(0)
})

test('a field that is left while a title is on its way is sent behind it', async () => {
  const { asked, titles } = show()
  type('Fog and')
  pressEnter()
  type('Fog and rain')
  pressEnter()
  expect(titles()).toEqual(['Fog and'])
  await asked[0]?.take()
  expect(titles()).toEqual(['Fog and', 'Fog and rain'])
})

test('a title that was changed back before the outline told the change is sent', async () => {
  const { asked, titles } = show()
  type('Rain')
  pressEnter()
  await asked[0]?.take()
  type('Fo')
  type('Fog')
  pressEnter()
  expect(titles()).toEqual(['Rain', 'Fog'])
})

test('a title that did not arrive stays, outlives a reload, and is sent when the server is back', async () => {
  const { asked, complaints } = show()
  type('Rain')
  pressEnter()
  await asked[0]?.lose()
  expect(field().value).toBe('Rain')
  expect(complaints).toHaveLength(1)
  cleanup()

  const after = show('Fog', 'waiting')
  expect(field().value).toBe('Rain')
  expect(after.titles()).toEqual([])
  after.become('connected')
  expect(after.titles()).toEqual(['Rain'])
  await after.asked[0]?.take()
  after.store('Rain')
  expect(field().value).toBe('Rain')
  expect(localStorage).toHaveLength(0)
})

test('the server that comes back while a title is on its way gets it once more where it was lost', async () => {
  const { asked, titles, complaints, become } = show('Fog', 'waiting')
  type('Rain')
  pressEnter()
  become('connected')
  await asked[0]?.lose()
  expect(titles()).toEqual(['Rain', 'Rain'])
  await asked[1]?.lose()
  expect(titles()).toEqual(['Rain', 'Rain'])
  expect(complaints).toHaveLength(1)
})

test('an emptied title is kept like another one; Escape takes a draft back', async () => {
  const { asked, titles } = show()
  type('')
  pressEnter()
  await asked[0]?.lose()
  expect(field().value).toBe('')
  cleanup()
  const after = show('Fog', 'waiting')
  expect(field().value).toBe('')
  fireEvent.keyDown(field(), { key: 'Escape' })
  expect(field().value).toBe('Fog')
  after.become('connected')
  expect(titles()).toEqual([null])
  expect(after.titles()).toEqual([])
})

test('a title that is refused for good is not sent again, and stands there to be put back or thrown away', async () => {
  const { asked, said, become } = show()
  type('Rain')
  pressEnter()
  await asked[0]?.refuse('beat_locked')
  expect(field().value).toBe('Fog')
  expect(said).toEqual(['The scene’s title “Rain” was not taken. No.'])
  become('waiting')
  become('connected')
  expect(asked).toHaveLength(1)
  cleanup()

  const after = show('Fog', 'waiting')
  after.become('connected')
  expect(after.titles()).toEqual([])
  const kept = () => within(screen.getByRole('region', { name: 'Title of scene 1 that did not arrive' }))
  kept().getByText('Rain')
  fireEvent.click(kept().getByRole('button', { name: 'Put it back' }))
  expect(document.activeElement).toBe(field())
  expect(field().value).toBe('Rain')
  pressEnter()
  expect(after.titles()).toEqual(['Rain'])
  await after.asked[0]?.refuse('forbidden')
  after.store('Fog', false)
  expect(kept().queryByRole('button', { name: 'Put it back' })).toBeNull()
  kept().getByText('Rain')
  fireEvent.click(kept().getByRole('button', { name: 'Throw it away' }))
  expect(screen.queryByText('Rain')).toBeNull()
  expect(localStorage).toHaveLength(0)
})

test('what was typed on while a title was refused is sent; both refused ones are kept', async () => {
  const { asked, titles } = show()
  type('Rain')
  pressEnter()
  type('Rain and fog')
  act(() => field().blur())
  await asked[0]?.refuse('too_large')
  expect(titles()).toEqual(['Rain', 'Rain and fog'])
  await asked[1]?.refuse('too_large')
  expect(titles()).toHaveLength(2)
  screen.getByText('Rain')
  screen.getByText('Rain and fog')
})

test('a title is sent when its beat can be written in again', async () => {
  const { asked, titles, store } = show()
  type('Rain')
  pressEnter()
  await asked[0]?.lose()
  store('Fog', false)
  store('Fog', true)
  expect(titles()).toEqual(['Rain', 'Rain'])
})

test('a comment that was begun in the menu leads back to it', async () => {
  const { room } = show()
  const menu = () => screen.getByRole('button', { name: 'Change scene 1' })
  await act(async () => void fireEvent.click(menu()))
  fireEvent.click(await screen.findByRole('menuitem', { name: 'Comment on this scene' }))
  act(() => field().focus())
  act(() => commentFocusOf(room).endDraft(true))
  expect(document.activeElement).toBe(menu())
})

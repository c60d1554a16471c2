// @vitest-environment happy-dom
import { cleanup, render, screen, within } from '@testing-library/react'
import { StrictMode } from 'react'
import { renderToString } from 'react-dom/server'
import { afterEach, expect, test, vi } from 'vitest'
import {
  CollaborativeEditor,
  SaveStatus,
  StoryRoom,
  StoryWeaveProvider,
  UserPresence,
  usePresence,
} from './index.ts'
import { createTestRoom, type TestRoom } from './testing/index.ts'

let made: TestRoom | undefined
afterEach(() => {
  cleanup()
  made?.close()
  made = undefined
})

const Faces = () => <UserPresence users={usePresence()} currentUserId={1} />

test('components: under StrictMode the room is one, and everyone is seen once', async () => {
  made = createTestRoom()
  const { Wrapper } = made.person('Ada')
  const bens = made.person('Ben').room
  render(
    <StrictMode>
      <Wrapper>
        <Faces />
      </Wrapper>
    </StrictMode>,
  )
  await made.pass()
  expect(screen.getAllByRole('img').map((face) => face.getAttribute('aria-label'))).toEqual([
    'Ben',
    'Ada (you)',
  ])
  expect(bens.getSnapshot().users).toHaveLength(2)
})

test('components: the editor shows a beat, and what another types in it', async () => {
  made = createTestRoom({ beats: [{ title: 'Fog', scenes: ['It rains.'] }] })
  const { Wrapper } = made.person('Ada')
  const open = made.person('Ben').room.openBeat(1)
  const ref = vi.fn<(element: HTMLDivElement | null) => void>()
  render(
    <Wrapper>
      <CollaborativeEditor beatId={1} className="mine" ref={ref} data-testid="editor" />
      <SaveStatus />
    </Wrapper>,
  )
  await made.pass()
  const editor = screen.getByTestId('editor')
  expect(editor.classList.contains('mine')).toBe(true)
  expect(ref).toHaveBeenCalledWith(editor)
  expect(within(editor).getByText('It rains.')).toBeTruthy()
  open.getSnapshot().doc.getText('title').insert(3, ' and rain')
  await made.pass()
  expect(within(editor).getByDisplayValue('Fog and rain')).toBeTruthy()
})

test('components: an application’s own words, class, attributes and ref', () => {
  made = createTestRoom()
  const { provider } = made.person('Ada')
  const ref = vi.fn<(element: HTMLUListElement | null) => void>()
  render(
    <StoryWeaveProvider
      {...provider}
      strings={{ people: { here: 'Anwesend', you: (name: string) => `${name} (du)` } }}
    >
      <UserPresence
        users={[{ user_id: 1, user_name: 'Ada' }]}
        currentUserId={1}
        className="mine"
        id="people"
        ref={ref}
      />
    </StoryWeaveProvider>,
  )
  const list = screen.getByRole('list', { name: 'Anwesend' })
  expect(list.className).toContain('mine')
  expect(list.id).toBe('people')
  expect(ref).toHaveBeenCalledWith(list)
  expect(screen.getByRole('img', { name: 'Ada (du)' })).toBeTruthy()
})

test('components: an application’s own words in the editor and for saving', async () => {
  made = createTestRoom({ beats: [{ title: 'Fog', scenes: ['It rains.'] }] })
  const { provider } = made.person('Ada')
  render(
    <StoryWeaveProvider
      {...provider}
      strings={{ editor: { scene: (number: number) => `Szene ${number}` }, save: { saved: 'Gesichert' } }}
    >
      <StoryRoom storyId={1}>
        <CollaborativeEditor beatId={1} />
        <SaveStatus />
      </StoryRoom>
    </StoryWeaveProvider>,
  )
  await made.pass()
  expect(screen.getByRole('region', { name: 'Szene 1' })).toBeTruthy()
  expect(screen.getByText('Gesichert')).toBeTruthy()
})

test('components: what an application writes anew at each render does not open the room anew', async () => {
  made = createTestRoom({ beats: [{ title: 'Fog', scenes: ['It rains.'] }] })
  const { provider } = made.person('Ada')
  let opened = 0
  const page = (word: string) => (
    <StoryWeaveProvider
      {...provider}
      strings={{ save: { saved: word } }}
      openRoom={(...of) => {
        opened += 1
        if (provider.openRoom === undefined) throw new Error('The test room opens its own rooms.')
        return provider.openRoom(...of)
      }}
    >
      <StoryRoom storyId={1} hrefOf={({ beatId }) => `/beats/${beatId}`}>
        <SaveStatus />
      </StoryRoom>
    </StoryWeaveProvider>
  )
  const { rerender } = render(page('Gesichert'))
  await made.pass()
  rerender(page('Sicher'))
  await made.pass()
  expect(screen.getByText('Sicher')).toBeTruthy()
  expect(opened).toBe(1)
})

test('components: outside of a provider a component that needs a room says so', () => {
  const quiet = vi.spyOn(console, 'error').mockImplementation(() => {})
  expect(() => render(<SaveStatus />)).toThrow('StoryRoom')
  quiet.mockRestore()
})

test('components: a server renders the page without a room, and nothing fails', () => {
  made = createTestRoom()
  const { provider } = made.person('Ada')
  const page = renderToString(
    <StoryWeaveProvider {...provider}>
      <StoryRoom storyId={1} fallback={<p>One moment…</p>}>
        <CollaborativeEditor beatId={1} />
      </StoryRoom>
      <UserPresence users={[{ user_id: 1, user_name: 'Ada' }]} />
    </StoryWeaveProvider>,
  )
  expect(page).toContain('One moment…')
  expect(page).toContain('aria-label="Ada"')
})

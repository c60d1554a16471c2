// @vitest-environment happy-dom
import { cleanup, render, screen, within } from '@testing-library/react'
import { afterEach, expect, test } from 'vitest'
import { createTestRoom, type TestRoom } from '../testing/index.ts'
import { CollaborativeEditor } from './collaborative-editor.tsx'

let made: TestRoom
afterEach(() => {
  cleanup()
  made.close()
})

/** No beat of the story has this id. */
const GONE = 99

const editor = (
  <CollaborativeEditor beatId={GONE} gone={<p>Not here any more.</p>} data-testid="editor" className="mine" />
)

test('a beat that is gone: instead of its page stands what the application says', async () => {
  made = createTestRoom()
  render(editor, { wrapper: made.person('Ada').Wrapper })
  await made.pass()
  expect(screen.getByText('Not here any more.')).toBeTruthy()
  expect(screen.queryByTestId('editor')).toBeNull()
  expect(screen.queryByRole('alert')).toBeNull()
})

test('a beat that is gone: words that did not arrive can be copied there', async () => {
  made = createTestRoom()
  const ada = made.person('Ada')
  const beat = ada.room.openBeat(GONE)
  await made.pass()
  beat.getSnapshot().doc.getText('goal').insert(0, 'Sand')
  await made.pass()
  render(editor, { wrapper: ada.Wrapper })
  await made.pass()
  const kept = within(screen.getByRole('alert'))
  expect(kept.getByText(/This beat was deleted while you wrote/)).toBeTruthy()
  expect(kept.getByText('Sand')).toBeTruthy()
  expect(kept.getAllByRole('button').map(({ textContent }) => textContent)).toEqual([
    'Copy my words',
    'Throw away…',
  ])
  expect(screen.getByText('Not here any more.')).toBeTruthy()
})

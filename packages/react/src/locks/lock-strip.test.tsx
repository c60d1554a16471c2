// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, expect, test } from 'vitest'
import { createTestRoom, type TestRoom } from '../testing/index.ts'
import { LockStrip } from './lock-strip.tsx'

let made: TestRoom | undefined
afterEach(() => {
  cleanup()
  made?.close()
  made = undefined
})

async function show(name: string) {
  const room = createTestRoom()
  made = room
  const { Wrapper } = room.person(name)
  render(
    <Wrapper>
      <LockStrip beatId={1} />
      <button type="button">Elsewhere</button>
    </Wrapper>,
  )
  await room.pass()
  return room
}

async function press(room: TestRoom, name: string) {
  const button = screen.getByRole('button', { name })
  act(() => button.focus())
  fireEvent.click(button)
  await room.pass()
}
async function lockAsAda(room: TestRoom) {
  const adas = room.person('Ada').room
  await room.pass()
  void adas.lockBeat(1)
  await room.pass()
}

const focused = () => document.activeElement?.textContent

test('what takes the place of Lock, Release and Ask for it takes the focus', async () => {
  const room = await show('Ben')
  await press(room, 'Lock')
  expect(focused()).toBe('Release')
  await press(room, 'Release')
  expect(focused()).toBe('Lock')
  await lockAsAda(room)
  await press(room, 'Ask for it')
  expect(focused()).toMatch(/^You asked Ada/)
})

test('the focus stays with whoever is somewhere else', async () => {
  const room = await show('Ben')
  act(() => screen.getByRole('button', { name: 'Lock' }).focus())
  act(() => screen.getByRole('button', { name: 'Elsewhere' }).focus())
  await lockAsAda(room)
  expect(focused()).toBe('Elsewhere')
})

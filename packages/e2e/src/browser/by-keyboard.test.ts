import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { holdFrames } from './held-frames.ts'
import { command, press, tabTo } from './keyboard.ts'
import { endPair, expectQuiet, expectSame, openTogether, type Pair, startPair } from './pair.ts'
import { OTHERS_CARET_IN_VIEW, type RoomPage, soon, TWELVE_PARAGRAPHS } from './room-page.ts'

/** Two people without a mouse: nothing here is clicked, and nothing is given the focus but by keys. */

let pair: Pair
let anns: Page
let beas: Page

beforeAll(async () => {
  pair = await startPair()
  anns = pair.annsWindow.page
  beas = pair.beasWindow.page
  await beas.context().grantPermissions(['clipboard-read', 'clipboard-write'])
})
afterAll(() => endPair(pair))

/** Into the scene by Tab, and to its end. */
async function caretToEnd({ page }: RoomPage): Promise<void> {
  await tabTo(page, page.locator('[aria-label="Scene 1"][contenteditable="true"]'))
  await page.keyboard.press('Control+End')
}

test('following: a face leads to its person, the same key again follows them; Stop gives the face the focus back', async () => {
  const { story, beat, annsRoom } = await openTogether(pair, 'Follow me', TWELVE_PARAGRAPHS)
  await pair.ann.call('PATCH', `/api/beats/${beat.id}`, { title: 'The first' })
  const { id: second } = await pair.ann.call<{ id: number }>('POST', `/api/stories/${story.id}/beats`, {
    title: 'The second',
    after_beat_id: beat.id,
  })
  const following = beas.getByText('Following Ann')
  const face = (name: string) => beas.getByRole('link', { name, exact: true })
  const annIsAt = (beatId: number) =>
    expect.poll(() => beas.locator('.sw-face-link').getAttribute('href'), soon).toMatch(`/beats/${beatId}`)

  await caretToEnd(annsRoom)
  await beas.locator('.sw-caret').waitFor()
  await tabTo(beas, face('Go to where Ann is'))
  await beas.keyboard.press('Enter')
  await expect.poll(() => beas.evaluate(OTHERS_CARET_IN_VIEW), soon).toBe(true)
  await face('Follow Ann').and(beas.locator(':focus')).waitFor()
  await beas.keyboard.press('Enter')
  await following.waitFor()
  await command(anns, 'second', 'The second')
  await beas.waitForURL(`**/beats/${second}**`)

  await press(beas, 'Stop')
  await following.waitFor({ state: 'hidden' })
  await face('Follow Ann').and(beas.locator(':focus')).waitFor()
  await command(anns, 'first', 'The first')
  await annIsAt(beat.id)
  expect(beas.url()).toContain(`/beats/${second}`)

  await beas.keyboard.press('Enter')
  await beas.waitForURL(`**/beats/${beat.id}**`)
  await beas.keyboard.press('Escape')
  await following.waitFor({ state: 'hidden' })
  await command(anns, 'second', 'The second')
  await annIsAt(second)
  expect(beas.url()).toContain(`/beats/${beat.id}`)
})

test('words refused on their way: the drawer is opened, read, left, its words copied, and inserted when the beat is free', async () => {
  const frames = await holdFrames(beas)
  const { annsRoom, beasRoom } = await openTogether(pair, 'In flight', 'Common ground.')
  await caretToEnd(beasRoom)
  await frames.hold()
  await beas.keyboard.type(' Too late.')
  await command(anns, 'lock', 'Lock this beat')
  await beas.getByText('Ann is writing here').waitFor()
  await frames.release()
  const said = beas.getByRole('alert').filter({ hasText: 'Your last words did not arrive.' })
  await said.getByText('Too late.').waitFor()

  const way = beas.getByRole('button', { name: '1 text is kept for you' })
  const drawer = beas.getByRole('dialog', { name: 'Kept for you' })
  await tabTo(beas, way)
  await beas.keyboard.press('Enter')
  await drawer.getByText('Too late.').waitFor()
  await beas.keyboard.press('Escape')
  await drawer.waitFor({ state: 'detached' })
  await way.and(beas.locator(':focus')).waitFor()
  await beas.keyboard.press('Enter')
  await tabTo(beas, drawer.getByRole('button', { name: 'Copy my words' }))
  await beas.keyboard.press('Enter')
  await beas.getByText('Copied: the words that did not arrive.').waitFor()
  expect(await beas.evaluate('navigator.clipboard.readText()')).toContain('Too late.')

  const insert = drawer.getByRole('button', { name: 'Insert again' })
  expect(await insert.count()).toBe(0)
  await command(anns, 'unlock', 'Unlock this beat')
  await tabTo(beas, insert)
  await beas.keyboard.press('Enter')
  await annsRoom.hasText('Common ground. Too late.')
  await drawer.waitFor({ state: 'detached' })
  // What took the way to the drawer along has left the focus beside it.
  await beas.locator('.top-bar :focus').waitFor()
  await caretToEnd(beasRoom)
  await beas.keyboard.type(' In time.')
  await annsRoom.hasText('Common ground. Too late. In time.')
  await expectSame(annsRoom, beasRoom)
})

test('neither window has complained, nor asked anything of another server', () => expectQuiet(pair))

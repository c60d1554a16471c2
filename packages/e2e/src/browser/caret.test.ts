import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { endPair, expectQuiet, expectSame, openTogether, type Pair, startPair } from './pair.ts'
import type { RoomPage } from './room-page.ts'

let pair: Pair
let anns: Page
let beas: Page

beforeAll(async () => {
  pair = await startPair()
  anns = pair.annsWindow.page
  beas = pair.beasWindow.page
})
afterAll(() => endPair(pair))

const PARAGRAPHS = 'One.\n\nTwo.\n\nThree.\n\nFour.'

test('a new paragraph stays its writer’s own, though the other has just begun one that looks the same', async () => {
  const { annsRoom, beasRoom } = await openTogether(pair, 'Two new paragraphs', PARAGRAPHS)
  await Promise.all([annsRoom.putCaret(1, 0, 'End'), beasRoom.putCaret(1, 3, 'End')])
  await beas.keyboard.press('Enter')
  await paragraphs(annsRoom, 5)
  await anns.keyboard.press('Enter')
  await paragraphs(beasRoom, 6)
  await beas.keyboard.type('A paragraph of Bea’s.')
  await annsRoom.hasText('A paragraph of Bea’s.')
  await anns.keyboard.type('A paragraph of Ann’s.')
  await beasRoom.hasText('A paragraph of Ann’s.')
  await expectSame(annsRoom, beasRoom)
  expect(await annsRoom.text()).toBe(
    'One.\nA paragraph of Ann’s.\nTwo.\nThree.\nFour.\nA paragraph of Bea’s.',
  )
})

test('the same words at the same moment in two places: every letter stands once, in its order', async () => {
  const { annsRoom, beasRoom } = await openTogether(pair, 'The same words', PARAGRAPHS)
  await Promise.all([slow(anns), slow(beas)])
  await Promise.all([annsRoom.putCaret(1, 0, 'End'), beasRoom.putCaret(1, 2, 'End')])
  const rounds = ['First of all, again.', 'A paragraph of words.', 'aaaaaaaaaaaaaaaaaaaa']
  for (const words of rounds) {
    await Promise.all([typeParagraph(anns, words), typeParagraph(beas, words)])
  }
  const written = rounds.map((words) => `\n${words}`).join('')
  const whole = `One.${written}\nTwo.\nThree.${written}\nFour.`
  await Promise.all([paragraphs(annsRoom, 10), paragraphs(beasRoom, 10)])
  await expectSame(annsRoom, beasRoom)
  expect(await annsRoom.text()).toBe(whole)
})

test('a caret that was moved this very moment is not put back by a change of another', async () => {
  const { annsRoom } = await openTogether(pair, 'A moved caret', PARAGRAPHS)
  await annsRoom.putCaret(1, 0, 'Home')
  // The browser tells of a moved caret in a task of its own: both in one task are sure to come before it.
  expect(await anns.evaluate(MOVED_THEN_CHANGED)).toBe(1 + '!One.'.length + 2 + 'Two.'.length)
  await anns.keyboard.type('?')
  await annsRoom.hasText('!One.\nTwo.?\nThree.')
})

test('no window has complained', () => expectQuiet(pair))

async function typeParagraph(page: Page, words: string): Promise<void> {
  await page.keyboard.press('Enter')
  await page.keyboard.type(words)
}

const paragraphs = (room: RoomPage, count: number): Promise<void> =>
  room.scene().locator(`> p:nth-of-type(${count})`).waitFor({ state: 'attached' })

/** The caret at the end of the second paragraph, and at once a letter in the first; tells where the caret is then. */
const MOVED_THEN_CHANGED = `(() => {
  const { editor, children } = document.querySelector('[aria-label="Scene 1"][contenteditable]')
  getSelection().collapse(children[1], 1)
  editor.state['y-sync$'].type.get(0).get(0).insert(0, '!')
  return editor.state.selection.head
})()`

/** A window on a machine so slow that the other's changes come between its own. */
async function slow(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page)
  await session.send('Emulation.setCPUThrottlingRate', { rate: 4 })
}

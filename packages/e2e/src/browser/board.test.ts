import type { Beat, Story } from '@storyweave/protocol'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { endPair, expectQuiet, type Pair, share, startPair } from './pair.ts'
import { RoomPage, soon } from './room-page.ts'

let pair: Pair
let anns: Page
let beas: Page

beforeAll(async () => {
  pair = await startPair()
  anns = pair.annsWindow.page
  beas = pair.beasWindow.page
})
afterAll(() => endPair(pair))

const ACTS = [
  ['One', 'One'],
  ['Two', 'One'],
  ['Three', 'Two'],
  ['Four', 'Two'],
] as const

/** A story of Ann's in two acts, shared with Bea. */
async function sharedStory(title: string): Promise<{ story: Story; beats: readonly Beat[] }> {
  const story = await pair.ann.newStory(title)
  const [first] = await pair.ann.beatsOf(story.id)
  for (const [name, act] of ACTS) {
    await pair.ann.call('POST', `/api/stories/${story.id}/beats`, { title: name, act: `Act ${act}` })
  }
  await pair.ann.call('DELETE', `/api/beats/${first?.id}`)
  await share(pair, story, 'editor')
  return { story, beats: await pair.ann.beatsOf(story.id) }
}

async function openBoards(title: string): Promise<Story> {
  const { story } = await sharedStory(title)
  for (const page of [anns, beas]) {
    await page.goto(`/stories/${story.id}/board`)
    await page.getByRole('link', { name: 'Four', exact: true }).first().waitFor()
    await cards(page).nth(3).waitFor()
  }
  return story
}

const cards = (page: Page) => page.locator('.sw-board-link')

/** Each lane's name with its cards, in their order. */
const lanes = (page: Page): Promise<string[]> =>
  page.locator('.sw-board-lane').evaluateAll((all) =>
    all.map((lane) => {
      const found = lane as unknown as {
        querySelector(selector: string): { textContent: string }
        querySelectorAll(selector: string): Iterable<{ textContent: string }>
      }
      const titles = [...found.querySelectorAll('.sw-board-link')].map(({ textContent }) => textContent)
      return `${found.querySelector('h2').textContent}: ${titles.join(', ')}`
    }),
  )

async function bothShow(expected: readonly string[]): Promise<void> {
  for (const page of [anns, beas]) await expect.poll(() => lanes(page), soon).toEqual(expected)
}

test('a card is moved by keys, each step is told, Escape takes it back; the other sees where it was put', async () => {
  await openBoards('By keys')
  const said = anns.locator('.sw-board-said')
  await anns.locator('.sw-board-link', { hasText: 'One' }).focus()
  await anns.keyboard.press('Space')
  await expect.poll(() => said.textContent(), soon).toContain('Lifted “One”. Act One, 1 of 2.')
  await anns.keyboard.press('ArrowRight')
  await expect.poll(() => said.textContent(), soon).toBe('Act Two, 1 of 3.')
  await anns.keyboard.press('ArrowDown')
  await expect.poll(() => said.textContent(), soon).toBe('Act Two, 2 of 3.')
  await anns.keyboard.press('Escape')
  await expect.poll(() => said.textContent(), soon).toBe('“One” is back where it was.')
  await bothShow(['Act One: One, Two', 'Act Two: Three, Four'])
  for (const key of ['Space', 'ArrowRight', 'ArrowDown', 'Space']) await anns.keyboard.press(key)
  await expect.poll(() => said.textContent(), soon).toBe('“One” was put down: Act Two, 2 of 3.')
  await bothShow(['Act One: Two', 'Act Two: Three, One, Four'])
})

test('a card is dragged into another act, and the other sees it', async () => {
  await openBoards('By mouse')
  const from = await anns.locator('.sw-board-card').nth(0).boundingBox()
  const to = await anns.locator('.sw-board-card').nth(3).boundingBox()
  if (from === null || to === null) throw new Error('The cards are not there.')
  await anns.mouse.move(from.x + 40, from.y + 20)
  await anns.mouse.down()
  await anns.mouse.move(from.x + 60, from.y + 30, { steps: 4 })
  await anns.locator('.sw-board-overlay').waitFor()
  await anns.mouse.move(to.x + 60, to.y + to.height - 2, { steps: 8 })
  await anns.mouse.move(to.x + 60, to.y + to.height + 20, { steps: 4 })
  await anns.locator('.sw-board-lane').nth(1).locator('[data-slot]').waitFor()
  await anns.mouse.up()
  await bothShow(['Act One: Two', 'Act Two: Three, Four, One'])
})

test('two move at the same moment: both moves are there, and both see the same', async () => {
  const story = await openBoards('Both at once')
  await Promise.all(
    [
      [anns, 'One', 'ArrowDown'],
      [beas, 'Three', 'ArrowLeft'],
    ].map(async ([page, title, key]) => {
      const window = page as Page
      await window.locator('.sw-board-link', { hasText: title as string }).focus()
      for (const press of ['Space', key as string, 'Space']) await window.keyboard.press(press)
    }),
  )
  for (const page of [anns, beas]) {
    await expect
      .poll(async () => (await lanes(page)).join(' | '), soon)
      .toMatch(/^Act One: (?=.*Two, One)(?=.*Three).* \| Act Two: Four$/)
  }
  expect(await lanes(anns)).toEqual(await lanes(beas))
  const stored = await pair.ann.beatsOf(story.id)
  expect(stored.filter(({ act }) => act === 'Act One')).toHaveLength(3)
})

test('delete and undo from the card’s menu; a viewer is offered none of it', async () => {
  const story = await openBoards('Delete')
  await anns.getByRole('button', { name: 'Change “Two”' }).last().focus()
  await anns.keyboard.press('Enter')
  await anns.getByRole('menuitem', { name: 'Delete' }).click()
  await bothShow(['Act One: One', 'Act Two: Three, Four'])
  await anns.getByRole('button', { name: 'Undo' }).click()
  await bothShow(['Act One: One, Two', 'Act Two: Three, Four'])
  await pair.ann.call('PATCH', `/collaboration/stories/${story.id}/permissions/${pair.bea.me.user_id}`, {
    role: 'viewer',
  })
  await beas.locator('.sw-board-add').first().waitFor({ state: 'detached' })
  expect(await beas.locator('.sw-board .sw-board-menu').count()).toBe(0)
  await cards(beas).first().focus()
  await beas.keyboard.press('Space')
  expect(await beas.locator('[data-lifted]').count()).toBe(0)
})

test('the palette by keyboard leads to a beat; the keys are listed at “?”', async () => {
  await openBoards('Palette')
  await anns.keyboard.press('Control+k')
  const field = anns.getByRole('combobox', { name: 'Beat, scene or command' })
  await anns.locator('[role="combobox"]:focus').waitFor()
  await anns.keyboard.type('three')
  await expect.poll(() => field.inputValue(), soon).toBe('three')
  await anns.getByRole('option', { name: 'Three', selected: true }).waitFor()
  await anns.keyboard.press('Enter')
  await expect.poll(() => new RoomPage(anns).field('Beat title').inputValue(), soon).toBe('Three')
  await anns.locator('.desk').focus()
  await anns.keyboard.press('?')
  await anns.getByRole('dialog', { name: 'Keys' }).waitFor()
  await anns.keyboard.press('Escape')
})

test('a scene is split at the caret and moved to another beat', async () => {
  const { story, beats } = await sharedStory('Scenes')
  const [one, two] = beats
  await pair.ann.call('POST', `/api/beats/${one?.id}/scenes`, { text: 'First.\n\nSecond.' })
  const room = await RoomPage.open(anns, story.id, one?.id)
  await room.putCaret(1, 1, 'Home')
  await anns.getByRole('button', { name: 'Change scene 1' }).click()
  await anns.getByRole('menuitem', { name: 'Split at the caret' }).click()
  await room.hasText('Second.', 2)
  await expect.poll(() => room.text(1), soon).toBe('First.')
  await anns.getByRole('button', { name: 'Change scene 2' }).click()
  await anns.getByRole('menuitem', { name: 'Move to another beat…' }).click()
  await anns
    .getByRole('dialog', { name: 'Move scene' })
    .getByLabel('To the end of')
    .selectOption(`${two?.id}`)
  await anns.getByRole('button', { name: 'Move the scene' }).click()
  await room.scene(2).waitFor({ state: 'detached' })
  await expect
    .poll(async () => (await pair.ann.call<Beat>('GET', `/api/beats/${two?.id}`)).scenes.length, soon)
    .toBe(1)
})

test('no window has complained, nor asked anything of another server', () => expectQuiet(pair))

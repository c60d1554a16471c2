import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { keyToPaint } from './key-to-paint.ts'
import { changeRole, endPair, expectQuiet, expectSame, openTogether, type Pair, startPair } from './pair.ts'
import { OTHERS_CARET_IN_VIEW, RoomPage, soon, TWELVE_PARAGRAPHS } from './room-page.ts'

let pair: Pair
let anns: Page
let beas: Page

beforeAll(async () => {
  pair = await startPair()
  anns = pair.annsWindow.page
  beas = pair.beasWindow.page
})
afterAll(() => endPair(pair))

/** Opens the menu of a beat in the outline with the keyboard alone, and chooses an entry of it. */
async function chooseByKeyboard(page: Page, beat: string, entry: string): Promise<void> {
  await page.getByRole('button', { name: `Change ${beat}`, exact: true }).focus()
  await page.keyboard.press('Enter')
  const menu = page.getByRole('menu', { name: `Change ${beat}` })
  const item = menu.getByRole('menuitem', { name: entry })
  await item.waitFor()
  for (let step = 0; step < 5; step++) {
    if (
      await item.evaluate((element) => (element as { matches(selector: string): boolean }).matches(':focus'))
    )
      break
    await page.keyboard.press('ArrowDown')
  }
  await page.keyboard.press('Enter')
}

describe('two people write', () => {
  test('a card’s fields merge: both type in one goal at once', async () => {
    const { beat, annsRoom, beasRoom } = await openTogether(pair, 'A card', 'Prose.')
    await annsRoom.field('Goal').fill('middle')
    await expect.poll(() => beasRoom.field('Goal').inputValue(), soon).toBe('middle')
    await annsRoom.field('Goal').focus()
    await anns.keyboard.press('Home')
    await beasRoom.field('Goal').focus()
    await beas.keyboard.press('End')
    await Promise.all([anns.keyboard.type('Ann wants the '), beas.keyboard.type(' of the night')])
    for (const room of [annsRoom, beasRoom]) {
      await expect.poll(() => room.field('Goal').inputValue(), soon).toBe('Ann wants the middle of the night')
    }
    await beas.getByRole('img', { name: 'Ann is here' }).waitFor()
    await Promise.all([annsRoom.saved(), beasRoom.saved()])
    const stored = await pair.ann.call<{ goal: string }>('GET', `/api/beats/${beat.id}`)
    expect(stored.goal).toBe('Ann wants the middle of the night')

    await beasRoom.field('Beat title').fill('The new title')
    await expect.poll(() => annsRoom.titles(), soon).toEqual(['The new title'])
  })

  test('undo takes back one’s own words alone, while the other goes on', async () => {
    const { annsRoom, beasRoom } = await openTogether(pair, 'Undo', 'First.\n\nSecond.')
    await Promise.all([annsRoom.putCaret(1, 0, 'End'), beasRoom.putCaret(1, 1, 'End')])
    await Promise.all([anns.keyboard.type(' Anns words here.'), beas.keyboard.type(' Beas words here.')])
    await annsRoom.hasText('Beas words here.')
    await beasRoom.hasText('Anns words here.')
    await beas.keyboard.type(' More of Beas.')
    await annsRoom.hasText('More of Beas.')
    await Promise.all([
      pressUntil(anns, 'Control+z', async () => !(await annsRoom.text()).includes('First. ')),
      beas.keyboard.type(' And more.'),
    ])
    await annsRoom.hasText('And more.')
    await expectSame(annsRoom, beasRoom)
    expect(await annsRoom.text()).toBe('First.\nSecond. Beas words here. More of Beas. And more.')
    await pressUntil(anns, 'Control+Shift+z', async () =>
      (await annsRoom.text()).includes('Anns words here.'),
    )
    await beasRoom.hasText('Anns words here.')
  })

  test('scene: added by one, it is there for both; both write in it', async () => {
    const { annsRoom, beasRoom } = await openTogether(pair, 'Scenes', 'First.')
    await anns.getByRole('button', { name: 'Add a scene' }).click()
    await beasRoom.putCaret(2, 0, 'End')
    await annsRoom.putCaret(2, 0, 'End')
    await anns.keyboard.type('Second scene. ')
    await beasRoom.hasText('Second scene. ', 2)
    await beas.keyboard.type('By both.')
    await annsRoom.hasText('By both.', 2)
    const title = anns.getByRole('textbox', { name: 'Title of scene 2' })
    await title.fill('At the mill')
    await title.press('Enter')
    await beas.getByRole('region', { name: 'At the mill' }).waitFor()
    await anns.getByRole('button', { name: 'Change scene 2' }).focus()
    await anns.keyboard.press('Enter')
    await anns.getByRole('menuitem', { name: 'Delete scene' }).click()
    await beasRoom.scene(2).waitFor({ state: 'detached' })
    await anns.getByRole('button', { name: 'Undo' }).click()
    await beasRoom.scene(2).waitFor()
    await beasRoom.hasText('By both.', 2)
  })

  test('a key pressed in one window is painted in the other', async () => {
    const { annsRoom, beasRoom } = await openTogether(pair, 'Latency', 'Here:')
    await Promise.all([annsRoom.putCaret(1, 0, 'End'), beasRoom.putCaret(1, 0, 'Home')])
    const tookMs: number[] = []
    for (let letter = 1; letter <= 50; letter++) tookMs.push(await keyToPaint(anns, beas))
    await annsRoom.hasText(`Here:${'x'.repeat(50)}`)
    const [median, worst] = [tookMs.sort((a, b) => a - b)[25], tookMs.at(-1)]
    process.stdout.write(
      `latency: key to the other’s screen, 50 letters: median ${median} ms, worst ${worst} ms\n`,
    )
  })
})

describe('the outline by keyboard', () => {
  test('add, rename, move, delete and undo; the other sees each of them', async () => {
    const { annsRoom, beasRoom } = await openTogether(pair, 'Outline', 'Prose.')
    await annsRoom.field('Beat title').fill('One')
    for (const title of ['Two', 'Three']) {
      await anns.getByRole('button', { name: 'Add a beat' }).focus()
      await anns.keyboard.press('Enter')
      // The new beat's title waits to be written.
      await anns.locator('.sw-card-title textarea:focus').waitFor()
      await expect.poll(() => annsRoom.field('Beat title').inputValue(), soon).toBe('')
      await anns.keyboard.type(title)
      await expect.poll(() => beasRoom.titles(), soon).toContain(title)
    }
    expect(await beasRoom.titles()).toEqual(['One', 'Two', 'Three'])

    await chooseByKeyboard(anns, '“Three”', 'Move up')
    await expect.poll(() => beasRoom.titles(), soon).toEqual(['One', 'Three', 'Two'])
    await chooseByKeyboard(anns, '“One”', 'Move down')
    await expect.poll(() => beasRoom.titles(), soon).toEqual(['Three', 'One', 'Two'])

    await chooseByKeyboard(anns, '“Two”', 'Rename')
    await anns.getByRole('dialog', { name: 'Rename beat' }).getByLabel('Title').fill('Zwei')
    await anns.keyboard.press('Enter')
    await expect.poll(() => beasRoom.titles(), soon).toEqual(['Three', 'One', 'Zwei'])

    // Bea stands on the beat that goes, and is told.
    await beasRoom.outline.getByRole('link', { name: 'Zwei' }).click()
    await expect.poll(() => beasRoom.field('Beat title').inputValue(), soon).toBe('Zwei')
    await chooseByKeyboard(anns, '“Zwei”', 'Delete')
    await expect.poll(() => beasRoom.titles(), soon).toEqual(['Three', 'One'])
    await beas.getByRole('alert').filter({ hasText: 'This beat is not here any more' }).waitFor()
    await anns.getByRole('button', { name: 'Undo' }).focus()
    await anns.keyboard.press('Enter')
    for (const room of [annsRoom, beasRoom]) {
      await expect.poll(() => room.titles(), soon).toEqual(['Three', 'One', 'Zwei'])
    }
    await expect.poll(() => beasRoom.field('Beat title').inputValue(), soon).toBe('Zwei')
  })
})

describe('roles', () => {
  test('a viewer reads along and can’t write; a change of role takes effect while they look', async () => {
    const { story, annsRoom, beasRoom } = await openTogether(pair, 'Roles', 'To be read.', 'viewer')
    const note = beas.getByRole('note').filter({ hasText: 'You can read here.' })
    await note.waitFor()
    const editable = beas.locator('[contenteditable="true"]')
    expect(await editable.count()).toBe(0)
    expect(await beasRoom.field('Goal').getAttribute('readonly')).not.toBeNull()
    for (const name of ['Add a beat', 'Add a scene']) {
      expect(await beas.getByRole('button', { name }).count()).toBe(0)
    }
    await annsRoom.putCaret(1, 0, 'End')
    await anns.keyboard.type(' Live.')
    await beasRoom.hasText(' Live.')

    await changeRole(pair, story, 'editor')
    await note.waitFor({ state: 'hidden' })
    await beasRoom.putCaret(1, 0, 'End')
    await beas.keyboard.type(' By Bea.')
    await annsRoom.hasText(' By Bea.')

    await changeRole(pair, story, 'viewer')
    await note.waitFor()
    await editable.waitFor({ state: 'detached' })
    await expectSame(annsRoom, beasRoom)
  })

  test('whoever loses access while they look is told, and the text stays readable', async () => {
    const { story, beasRoom } = await openTogether(pair, 'Taken away', 'Still here.')
    await beasRoom.putCaret(1, 0, 'End')
    await pair.ann.call('DELETE', `/collaboration/stories/${story.id}/permissions/${pair.bea.me.user_id}`)
    await beas.getByRole('alert').filter({ hasText: 'This story is no longer shared with you' }).waitFor()
    expect(await beasRoom.text()).toBe('Still here.')
    await beas.locator('[contenteditable="true"]').waitFor({ state: 'detached' })
    await beas.getByRole('link', { name: 'To your shelf', exact: true }).click()
    await beas.getByRole('heading', { name: 'Your shelf' }).waitFor()
    expect(await beas.getByRole('link', { name: 'Taken away' }).count()).toBe(0)
    await beas.goto(`/stories/${story.id}`)
    await beas.getByRole('heading', { name: 'This story can’t be found' }).waitFor()
  })

  test('a story that is deleted while both look: both are told', async () => {
    const { story } = await openTogether(pair, 'Burnt', 'Smoke.')
    await pair.ann.call('DELETE', `/api/stories/${story.id}`)
    for (const page of [anns, beas]) {
      await page.getByRole('alert').filter({ hasText: 'This story was deleted' }).waitFor()
    }
  })

  test('a face leads to where its person is', async () => {
    const { story, beasRoom } = await openTogether(pair, 'Faces', 'Prose.')
    await beas.getByRole('button', { name: 'Add a beat' }).click()
    await beas.locator('.sw-card-title textarea:focus').waitFor()
    await beas.keyboard.type('Where Bea is')
    await beasRoom.saved()
    const face = anns.getByRole('link', { name: 'Go to where Bea is' })
    await expect.poll(() => face.getAttribute('href'), soon).toBe(new URL(beas.url()).pathname)
    await face.click()
    await expect.poll(() => new RoomPage(anns).field('Beat title').inputValue(), soon).toBe('Where Bea is')
    expect(story.id).toBeGreaterThan(0)
  })

  test('a face leads to its person’s caret far down, and an address to the scene it names', async () => {
    const { story, beat, beasRoom } = await openTogether(pair, 'Far down', TWELVE_PARAGRAPHS)
    const { id } = await pair.ann.call<{ id: number }>('POST', `/api/beats/${beat.id}/scenes`, {
      title: 'At the mill',
      text: 'The wheel stood still.',
    })
    await beasRoom.putCaret(1, 11, 'End')
    await anns.locator('.sw-caret').waitFor()
    await anns.getByRole('link', { name: 'Go to where Bea is' }).click()
    await expect.poll(() => anns.evaluate(OTHERS_CARET_IN_VIEW), soon).toBe(true)
    await anns.goto(`/stories/${story.id}/beats/${beat.id}?scene=${id}`)
    await anns.locator(`[data-scene="${id}"] .ProseMirror-focused`).waitFor()
    await anns.keyboard.type('Seen: ')
    await beasRoom.hasText('Seen:', 2)
  })
})

test('neither window has complained, nor asked anything of another server', () => {
  expectQuiet(pair)
})

async function pressUntil(page: Page, keys: string, isSo: () => Promise<boolean>): Promise<void> {
  for (let step = 0; step < 10 && !(await isSo()); step++) await page.keyboard.press(keys)
}

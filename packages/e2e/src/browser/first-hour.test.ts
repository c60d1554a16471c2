import type { Story } from '@storyweave/protocol'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { emailOf, launchBrowser, openWindow, type Reader, windowOf } from '../support/browser.ts'
import { type House, startHouse } from '../support/house.ts'
import { Person, passwordOf } from '../support/person.ts'
import { command, press, tabTo } from './keyboard.ts'
import { PHONE, WIDER_THAN_THE_PAGE } from './looking.ts'
import { RoomPage, soon } from './room-page.ts'

/** Ann begins without ever touching a mouse; Bea comes to her on a phone. */

let server: House
let browser: Browser
let ann: Reader
let bea: Reader
let story: Story

beforeAll(async () => {
  server = await startHouse()
  browser = await launchBrowser()
  ann = await openWindow(browser, server.address, 'Ann')
})
afterAll(async () => {
  await browser.close()
  await server.remove()
})

async function typeInto(page: Page, label: string, words: string): Promise<void> {
  await tabTo(page, page.getByLabel(label))
  await page.keyboard.type(words)
}

test('by keyboard alone: an account, a story of a shape, its first words, a lock and a message', async () => {
  const { page } = ann
  await page.goto('/sign-up')
  await typeInto(page, 'Name', 'Ann')
  await typeInto(page, 'E-mail', emailOf('Ann'))
  await typeInto(page, 'Password', passwordOf('Ann'))
  await page.keyboard.press('Enter')
  await page.getByRole('list', { name: 'Stories' }).waitFor()

  await press(page, 'New story')
  await page.getByRole('dialog', { name: 'New story' }).waitFor()
  await typeInto(page, 'Title', 'The last ferry')
  await typeInto(page, 'Premise', 'Somebody has to stay.')
  await tabTo(page, page.getByRole('radio', { checked: true }))
  await page.keyboard.press('ArrowDown')
  await page.getByRole('radio', { name: 'Three acts', checked: true }).waitFor()
  await press(page, 'Make the story')
  await page.getByRole('heading', { name: 'The last ferry' }).waitFor()
  const room = new RoomPage(page)
  await room.field('Beat title').waitFor()
  expect((await room.titles()).length).toBeGreaterThan(3)

  await tabTo(page, room.scene())
  await page.keyboard.type('The ferry came late.')
  await room.saved()
  await command(page, 'lock', 'Lock this beat')
  await page.getByText('Locked by you').waitFor()
  await command(page, 'unlock', 'Unlock this beat')
  await page.getByText('Locked by you').waitFor({ state: 'detached' })
  await command(page, 'chat', 'Chat')
  await tabTo(page, page.getByRole('textbox', { name: 'Write to everyone here' }))
  await page.keyboard.type('Who is here?')
  await page.keyboard.press('Enter')
  await page.getByRole('log', { name: 'Messages' }).getByText('Who is here?').waitFor()
})

test('on a phone: found on the shelf, read, written on, commented, answered; nothing ever scrolls sideways', async () => {
  const guest = await Person.signUp(server.address, 'Bea')
  const { stories } = (await (await ann.page.request.get('/api/stories')).json()) as { stories: Story[] }
  const [newest] = stories.filter(({ title }) => title === 'The last ferry')
  if (newest === undefined) throw new Error('The first test makes the story.')
  story = newest
  const shared = await ann.page.request.post(`/collaboration/stories/${story.id}/share`, {
    headers: { origin: server.address },
    data: { user_id: guest.me.user_id, role: 'editor' },
  })
  expect(shared.status()).toBe(201)
  bea = await windowOf(browser, server.address, 'Bea', { viewport: PHONE, hasTouch: true, isMobile: true })
  const { page } = bea
  const fits = async () => expect(await page.evaluate(WIDER_THAN_THE_PAGE)).toEqual([])
  const tab = (name: string) => page.getByRole('navigation', { name: 'Show' }).getByRole('button', { name })

  await page.goto('/')
  await page.getByRole('link', { name: story.title }).tap()
  const room = new RoomPage(page)
  await fits()
  await room.outline.getByRole('link').first().tap()
  await room.hasText('The ferry came late.')
  await fits()
  await room.putCaret(1, 0, 'End')
  await page.keyboard.type(' Nobody was aboard.')
  await room.saved()
  await new RoomPage(ann.page).hasText('The ferry came late. Nobody was aboard.')
  await fits()

  await tab('Outline').tap()
  await room.outline.getByRole('link').nth(1).tap()
  await room.field('Goal').fill('To leave before the tide')
  await room.saved()
  await fits()
  await tab('Board').tap()
  await page.locator('.sw-board-link').first().tap()
  await room.hasText('Nobody was aboard.')

  await tab('Beside').tap()
  await page.getByRole('button', { name: 'Comments', exact: true }).tap()
  await page.getByRole('button', { name: 'Comment on this beat' }).tap()
  await page.getByRole('textbox', { name: 'New comment' }).fill('Who rings the bell?')
  await fits()
  await page.getByRole('button', { name: 'Comment', exact: true }).tap()
  const thread = page.getByRole('article', { name: 'Thread begun by Bea' })
  await thread.getByText('Who rings the bell?').waitFor()
  // As one that is on its way it may stand beside that for a moment.
  const asked = page.getByRole('article').getByText('Who rings the bell?')
  await asked.nth(1).waitFor({ state: 'detached' })
  await page.getByRole('button', { name: /^Chat/ }).tap()
  await page.getByRole('log', { name: 'Messages' }).getByText('Who is here?').waitFor()
  await page.getByRole('textbox', { name: 'Write to everyone here' }).fill('I am, on a phone.')
  await page.keyboard.press('Enter')
  await fits()
  await ann.page.getByRole('log', { name: 'Messages' }).getByText('I am, on a phone.').waitFor()
  await expect.poll(() => new RoomPage(ann.page).text(), soon).toContain('Nobody was aboard.')
})

test('no window has complained', () => {
  for (const { complaints } of [ann, bea]) expect(complaints).toEqual([])
})

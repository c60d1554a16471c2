import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { anotherWindow } from '../support/browser.ts'
import { isBalanced } from '../support/house.ts'
import { BareProxy } from './bare-proxy.ts'
import { endPair, expectQuiet, expectSame, openTogether, type Pair, startPair } from './pair.ts'
import { RoomPage, soon } from './room-page.ts'

let pair: Pair
let anns: Page

beforeAll(async () => {
  pair = await startPair()
  anns = pair.annsWindow.page
})
afterAll(() => endPair(pair))

test('the server is away when the shelf is opened: it is said, and tried again by a press', async () => {
  const { story } = await openTogether(pair, 'Behind a closed door', 'Prose.')
  await anns.goto('/')
  await anns.getByRole('link', { name: story.title }).waitFor()
  await anns.waitForFunction('navigator.serviceWorker.ready.then(() => true)')
  await pair.server.kill()
  await anns.reload()
  const notice = anns.getByRole('alert').filter({ hasText: 'The server can’t be reached right now.' })
  await notice.waitFor()
  await pair.server.start()
  await notice.getByRole('button', { name: 'Try again' }).click()
  await anns.getByRole('link', { name: story.title }).waitFor()
  await notice.waitFor({ state: 'hidden' })
})

// Where there is a load balancer the address is its own, and can't be taken by another proxy.
test.skipIf(isBalanced)(
  'a proxy answers in place of a server that is away: the page that is kept opens, with what is written in it',
  async () => {
    const { story, beat, annsRoom, beasRoom } = await openTogether(pair, 'Behind a proxy', 'Prose.')
    await annsRoom.putCaret(1, 0, 'End')
    await anns.keyboard.type(' Before.')
    await beasRoom.hasText('Prose. Before.')
    await annsRoom.saved()
    await anns.waitForFunction('navigator.serviceWorker.ready.then(() => true)')
    await pair.server.kill()
    const proxy = await BareProxy.open(pair.server)
    for (const status of [502, 503, 504]) {
      proxy.status = status
      const answer = await anns.goto(`/stories/${story.id}/beats/${beat.id}?opened-at=${status}`)
      expect([status, answer?.status()]).toEqual([status, 200])
      await annsRoom.hasText('Prose. Before.')
    }
    await annsRoom.putCaret(1, 0, 'End')
    await anns.keyboard.type(' Written meanwhile.')
    await anns.locator('.sw-save-state', { hasText: 'kept here' }).waitFor()
    await proxy.close()
    await pair.server.start()
    await beasRoom.hasText('Prose. Before. Written meanwhile.')
    await expectSame(annsRoom, beasRoom)
  },
)

test('a part that fails leaves the text alone, and comes back by a press', async () => {
  const { story, beat, beasRoom } = await openTogether(pair, 'A part that fails', 'Prose.')
  // A page that is helped by its service worker would have the part already.
  const reader = await anotherWindow(pair.browser, pair.annsWindow, { serviceWorkers: 'block' })
  const { page } = reader
  await page.route('**/history-panel*', (route) => route.abort())
  const room = await RoomPage.open(page, story.id, beat.id)
  await page.getByRole('button', { name: 'History', exact: true }).click()
  const failed = page.getByRole('alert').filter({ hasText: 'History stopped working.' })
  await failed.waitFor()
  await room.putCaret(1, 0, 'End')
  await page.keyboard.type(' Goes on.')
  await beasRoom.hasText('Prose. Goes on.')
  await expectSame(room, beasRoom)
  await page.unroute('**/history-panel*')
  await failed.getByRole('button', { name: 'Try again' }).click()
  await page.getByRole('list', { name: 'Last changed' }).getByRole('link').first().waitFor()
  await reader.close()
})

test('in a narrow window the panel lies over the page: it takes the focus, Escape closes it and gives it back', async () => {
  const { story, beat } = await openTogether(pair, 'A narrow window', 'Prose.')
  const { page, close } = await anotherWindow(pair.browser, pair.annsWindow, {
    viewport: { width: 1000, height: 700 },
  })
  const room = await RoomPage.open(page, story.id, beat.id)
  const width = async () => (await room.scene().boundingBox())?.width
  const before = await width()
  const button = page.getByRole('button', { name: 'Comments, chat, history, people' })
  await button.click()
  await page.locator('aside.panel:focus').waitFor()
  expect(await width()).toBe(before)
  await page.keyboard.press('Escape')
  await page.locator('aside.panel').waitFor({ state: 'detached' })
  await expect.poll(() => page.evaluate('document.activeElement.id'), soon).toBe('panel-button')
  await close()
})

test('no window has complained', () => expectQuiet(pair))

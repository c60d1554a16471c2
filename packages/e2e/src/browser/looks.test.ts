import AxeBuilder from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { anotherWindow, openWindow, type Reader } from '../support/browser.ts'
import { Wire } from '../support/wire.ts'
import { endPair, expectQuiet, openTogether, type Pair, type SharedStory, share, startPair } from './pair.ts'
import { RoomPage, soon } from './room-page.ts'

const WIDE = { width: 1440, height: 900 }
const PHONE = { width: 360, height: 780 }
/** What 200 % zoom leaves of a window of 1280 × 800. */
const ZOOMED = { width: 640, height: 400 }

let pair: Pair
let shared: SharedStory
let readers: Record<'ann' | 'bea' | 'stranger', Reader>

beforeAll(async () => {
  pair = await startPair()
  shared = await openTogether(pair, 'How it looks', LONG_TEXT)
  await shared.annsRoom.field('Goal').fill('To be seen by everyone')
  await shared.annsRoom.putCaret(1, 0, 'End')
  const about = { story_id: shared.story.id, beat_id: shared.beat.id }
  await pair.bea.call('POST', '/collaboration/comments', { ...about, content: '@Ann, is this seen?' })
  readers = {
    ann: await anotherWindow(pair.browser, pair.annsWindow),
    bea: await anotherWindow(pair.browser, pair.beasWindow),
    stranger: await openWindow(pair.browser, pair.server.address, 'Nobody'),
  }
})
afterAll(() => endPair(pair))

const LONG_TEXT = `${'A long paragraph that goes on over several lines. '.repeat(6)}

- a list
- of two

> A quotation.

A [link](https://example.org/) and *emphasis*, and averylongwordwithoutanyplacetobreakitthatwouldpushapageapart.`

/** Every screen, by name: how one comes to it in a window. */
const SCREENS: readonly (readonly [string, 'ann' | 'bea' | 'stranger', (page: Page) => Promise<void>])[] = [
  ['sign-in', 'stranger', (page) => visit(page, '/sign-in', 'Sign in')],
  ['sign-in, refused', 'stranger', refusedSignIn],
  ['sign-up', 'stranger', (page) => visit(page, '/sign-up', 'Make an account')],
  ['set-up', 'stranger', (page) => visit(page, '/setup#token', 'This house is yours')],
  ['set-up without its token', 'stranger', (page) => visit(page, '/setup', 'This link is not whole')],
  ['forgotten password', 'stranger', (page) => visit(page, '/forgot-password', 'Forgot your password?')],
  ['new password', 'stranger', (page) => visit(page, '/reset-password#token', 'A new password')],
  ['a link that leads nowhere', 'stranger', (page) => visit(page, '/join#none', 'This link leads nowhere')],
  ['join by link', 'stranger', joinByLink],
  ['invitation', 'bea', invitation],
  ['account', 'ann', account],
  ['share dialog', 'ann', shareDialog],
  ['people panel', 'bea', peoplePanel],
  ['shelf', 'ann', (page) => visit(page, '/', 'Your shelf')],
  ['account menu', 'ann', accountMenu],
  ['new story', 'ann', newStory],
  ['room', 'ann', room],
  ['outline', 'ann', outline],
  ['beat menu', 'ann', beatMenu],
  ['notifications', 'ann', notifications],
  ['link dialog', 'ann', linkDialog],
  ['comments', 'ann', comments],
  ['a comment that is written', 'ann', newComment],
  ['a beat that is not there', 'ann', goneBeat],
  ['a beat that I have locked', 'ann', (page) => lockedBeat(page, 'Locked by you')],
  ['a beat that another has locked', 'bea', (page) => lockedBeat(page, 'Ann is writing here')],
  ['history', 'ann', history],
  [
    'a story that is not there',
    'bea',
    (page) => visit(page, '/stories/2000000000', 'This story can’t be found'),
  ],
  ['an address that is none', 'ann', (page) => visit(page, '/nowhere', 'There is nothing here')],
]

async function visit(page: Page, path: string, heading: string): Promise<void> {
  await page.goto('about:blank')
  await page.goto(path)
  await page.getByRole('heading', { name: heading, exact: true }).waitFor()
}

async function refusedSignIn(page: Page): Promise<void> {
  await visit(page, '/sign-in', 'Sign in')
  // The answer that a wrong password gets, without one of the ten tries that a minute allows.
  await page.route('**/api/auth/sign-in/email', (route) =>
    route.fulfill({ status: 401, json: { code: 'INVALID_EMAIL_OR_PASSWORD' } }),
  )
  await page.getByLabel('E-mail').fill('nobody@example.com')
  await page.getByLabel('Password').fill('not the password')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('alert').waitFor()
}

async function accountMenu(page: Page): Promise<void> {
  await visit(page, '/', 'Your shelf')
  await page.getByRole('button', { name: 'Ann: account and appearance' }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).waitFor()
}

async function newStory(page: Page): Promise<void> {
  await visit(page, '/', 'Your shelf')
  await page.getByRole('button', { name: 'New story' }).click()
  await page.getByRole('dialog', { name: 'New story' }).waitFor()
}

async function room(page: Page): Promise<void> {
  const opened = await RoomPage.open(page, shared.story.id, shared.beat.id)
  await opened.saved()
  await page.locator('[contenteditable="true"]').waitFor()
}

async function outline(page: Page): Promise<void> {
  await room(page)
  const tab = page.getByRole('button', { name: 'Outline', exact: true })
  if (await tab.isVisible()) await tab.click()
  await page.getByRole('navigation', { name: 'Outline' }).waitFor()
}

async function beatMenu(page: Page): Promise<void> {
  await outline(page)
  await page
    .getByRole('button', { name: /^Change Beat|^Change “/ })
    .first()
    .click()
  await page.getByRole('menuitem', { name: 'Rename' }).waitFor()
}

async function notifications(page: Page): Promise<void> {
  await room(page)
  await page.getByRole('button', { name: /^Notifications/ }).click()
  const inbox = page.getByRole('dialog', { name: 'Notifications' })
  await inbox.getByText(/Bea mentioned you/).waitFor()
}

async function linkDialog(page: Page): Promise<void> {
  await room(page)
  await new RoomPage(page).scene().getByText('emphasis').click()
  await page.getByRole('button', { name: 'Link', exact: true }).click()
  await page.getByRole('dialog', { name: 'Link' }).waitFor()
}

/** The link of something that Ann makes for her story, as a path. */
async function made(path: string, body: object): Promise<string> {
  const answer = await pair.ann.call<{ link?: string; invitation?: { link: string } }>(
    'POST',
    `/collaboration/stories/${shared.story.id}/${path}`,
    body,
  )
  return (answer.link ?? answer.invitation?.link ?? '').replace(pair.server.address, '')
}

async function joinByLink(page: Page): Promise<void> {
  const path = await made('links', { passcode: 'harbour' })
  await visit(page, path, 'Come into “How it looks”')
}

async function invitation(page: Page): Promise<void> {
  const path = await made('share', { email: 'somebody@example.org', role: 'viewer' })
  await visit(page, path, 'You are invited to “How it looks”')
}

async function account(page: Page): Promise<void> {
  await visit(page, '/account', 'Your account')
  await page.getByRole('list', { name: 'Sessions' }).waitFor()
}

/** With everything that opens in it. */
async function shareDialog(page: Page): Promise<void> {
  await made('links', {})
  await room(page)
  await page.getByRole('button', { name: 'Share', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: 'Share “How it looks”' })
  await dialog.getByRole('button', { name: 'Remove Bea' }).click()
  await dialog.getByRole('button', { name: 'Make a link with other terms' }).click()
  await dialog.getByRole('switch').first().waitFor()
}

async function peoplePanel(page: Page): Promise<void> {
  await page.goto(`/stories/${shared.story.id}/beats/${shared.beat.id}?panel=people`)
  const tab = page.getByRole('button', { name: 'Beside', exact: true })
  await page.getByRole('textbox', { name: 'Beat title' }).waitFor({ state: 'attached' })
  if (await tab.isVisible()) await tab.click()
  await page.getByRole('heading', { name: /^Here now/ }).waitFor()
}

async function comments(page: Page): Promise<void> {
  const { story, beat } = shared
  await page.goto(`/stories/${story.id}/beats/${beat.id}?panel=comments`)
  const tab = page.getByRole('button', { name: 'Beside', exact: true })
  await page.locator('.sw-threads').waitFor({ state: 'attached' })
  if (await tab.isVisible()) await tab.click()
  await page.getByRole('article').getByText('is this seen?').waitFor()
}

async function newComment(page: Page): Promise<void> {
  await comments(page)
  await page.getByRole('button', { name: 'Comment on this beat' }).click()
  await page.getByRole('textbox', { name: 'New comment' }).waitFor()
}

/** Ann has locked a story's first beat, from a window of hers that is not on the screen. */
async function lockedBeat(page: Page, says: string): Promise<void> {
  locked ??= lockBeat()
  const { wire, storyId, beatId } = await locked
  // Without a sign of life a lock ends after five minutes.
  wire.say({ type: 'beat_lock', beat_id: beatId })
  await RoomPage.open(page, storyId, beatId)
  await page.getByText(says).waitFor()
}

let locked: Promise<{ readonly wire: Wire; readonly storyId: number; readonly beatId: number }> | undefined

async function lockBeat() {
  const story = await pair.ann.newStory('A locked beat')
  const [beat] = await pair.ann.beatsOf(story.id)
  if (beat === undefined) throw new Error('A new story has a beat.')
  await share(pair, story, 'editor')
  return { wire: await Wire.open(pair.server, pair.ann, story.id), storyId: story.id, beatId: beat.id }
}

async function history(page: Page): Promise<void> {
  await room(page)
  await page.goto(`${page.url().split('?')[0]}?panel=history`)
  await page.locator('[aria-label="Last changed"]').waitFor({ state: 'attached' })
  const tab = page.getByRole('button', { name: 'Beside', exact: true })
  if (await tab.isVisible()) await tab.click()
  await page.getByRole('list', { name: 'Last changed' }).waitFor()
}

async function goneBeat(page: Page): Promise<void> {
  await page.goto(`/stories/${shared.story.id}/beats/2000000000`)
  await page.getByRole('alert').filter({ hasText: 'This beat is not here any more' }).waitFor()
}

/** Stops for Tab at the edges of a menu, hidden from screen readers, that hand the focus on at once. */
const FOCUS_GUARDS = '[data-base-ui-focus-guard]'

/** What still moves. */
const UNSETTLED = `document.getAnimations()
  .filter(({ playState, effect }) => playState === 'running' && effect?.getComputedTiming().endTime !== Infinity)
  .map(({ animationName, transitionProperty }) => animationName ?? transitionProperty)`

async function serious(page: Page): Promise<unknown> {
  // Asked from outside: a page that has to ask itself again may not, by its Content-Security-Policy.
  await expect.poll(() => page.evaluate(UNSETTLED), soon).toEqual([])
  const builder = new AxeBuilder({ page }).setLegacyMode().exclude(FOCUS_GUARDS)
  // What a dialog covers is a screen of its own.
  if ((await page.locator('.sw-modal').count()) > 0) builder.include('.sw-modal')
  const { violations } = await builder.analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])
}

/** Each screen in both themes and at both widths; a theme is colours, and they are the same at each width. */
const LOOKS = [
  [WIDE, 'light'],
  [PHONE, 'dark'],
] as const

test.each(SCREENS)(
  'axe finds nothing serious and nothing scrolls sideways, wide and light, narrow and dark: %s',
  async (_, who, come) => {
    const { page } = readers[who]
    for (const [viewport, colorScheme] of LOOKS) {
      await page.setViewportSize(viewport)
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await come(page)
      const found = await serious(page)
      expect({ viewport, colorScheme, found }).toEqual({ viewport, colorScheme, found: [] })
      expect(await page.locator('main').count()).toBe(1)
      expect(await page.evaluate(WIDER_THAN_THE_PAGE)).toEqual([])
    }
  },
)

test('200 % zoom: no screen scrolls sideways', async () => {
  for (const [screen, who, come] of SCREENS) {
    const { page } = readers[who]
    await page.setViewportSize(ZOOMED)
    await come(page)
    expect([screen, await page.evaluate(WIDER_THAN_THE_PAGE)]).toEqual([screen, []])
  }
})

/** What scrolls sideways: the page itself, or anything in it that is not one line of text. */
const WIDER_THAN_THE_PAGE = `[document.documentElement, ...document.querySelectorAll('main, .desk, .outline, .sw-modal, .sw-menu, header')]
  .filter((element) => element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).overflowX !== 'hidden')
  .map((element) => element.className || element.tagName)`

test('200 % zoom: one writes, and sees what one writes', async () => {
  const reader = await anotherWindow(pair.browser, pair.annsWindow, { viewport: ZOOMED })
  await room(reader.page)
  const opened = new RoomPage(reader.page)
  await opened.putCaret(1, 0, 'Home')
  await reader.page.keyboard.type('Seen. ')
  await shared.beasRoom.hasText('Seen. ')
  expect(await reader.page.evaluate(CARET_IN_VIEW)).toBe(true)
  await reader.close()
})

const CARET_IN_VIEW = `(() => {
  const { top, bottom } = getSelection().getRangeAt(0).getBoundingClientRect()
  return top >= 0 && bottom <= innerHeight
})()`

test('the chosen theme holds over a reload, and before the first paint', async () => {
  const reader = await anotherWindow(pair.browser, pair.annsWindow, { colorScheme: 'light' })
  const { page } = reader
  await visit(page, '/', 'Your shelf')
  const paper = () => page.evaluate<string>('getComputedStyle(document.body).backgroundColor')
  const light = await paper()
  await page.getByRole('button', { name: 'Ann: account and appearance' }).click()
  await page.getByRole('menuitemradio', { name: 'Dark' }).click()
  const dark = await paper()
  expect(dark).not.toBe(light)
  await page.reload({ waitUntil: 'commit' })
  await page.waitForFunction('document.body !== null')
  expect(await paper()).toBe(dark)
  await reader.close()
})

test('no window has complained, nor asked anything of another server', () => {
  expectQuiet(pair)
  for (const { complaints } of Object.values(readers)) expect(complaints).toEqual([])
})

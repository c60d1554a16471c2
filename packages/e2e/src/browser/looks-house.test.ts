import type { Story } from '@storyweave/protocol'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { anotherWindow, openWindow, type Reader } from '../support/browser.ts'
import { look, visit, type Way } from './looking.ts'
import { endPair, type Pair, startPair } from './pair.ts'
import { soon } from './room-page.ts'

let pair: Pair
let story: Story
let readers: Record<'ann' | 'bea' | 'stranger', Reader>

beforeAll(async () => {
  pair = await startPair()
  story = await pair.ann.newStory('How it looks')
  const { id } = await pair.ann.newStory('Thrown away')
  await pair.ann.call('DELETE', `/api/stories/${id}`)
  readers = {
    ann: pair.annsWindow,
    bea: pair.beasWindow,
    stranger: await openWindow(pair.browser, pair.server.address, 'Nobody'),
  }
})
afterAll(() => endPair(pair))

/** Every screen around the room, by name: who sees it, and how they come to it. */
const SCREENS: readonly (readonly [string, 'ann' | 'bea' | 'stranger', Way])[] = [
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
  ['shelf', 'ann', shelf],
  ['account menu', 'ann', accountMenu],
  ['new story', 'ann', newStory],
  ['story settings', 'ann', storySettings],
  ['deleted stories', 'ann', deletedStories],
  ['palette of the shelf', 'ann', palette],
  [
    'a story that is not there',
    'bea',
    (page) => visit(page, '/stories/2000000000', 'This story can’t be found'),
  ],
  ['an address that is none', 'ann', (page) => visit(page, '/nowhere', 'There is nothing here')],
]

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

/** The link of something that Ann makes for her story, as a path. */
async function made(path: string, body: object): Promise<string> {
  const answer = await pair.ann.call<{ link?: string; invitation?: { link: string } }>(
    'POST',
    `/collaboration/stories/${story.id}/${path}`,
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

async function shelf(page: Page): Promise<void> {
  await visit(page, '/', 'Your shelf')
  await page.getByRole('link', { name: story.title }).waitFor()
}

async function accountMenu(page: Page): Promise<void> {
  await shelf(page)
  await page.getByRole('button', { name: 'Ann: account and appearance' }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).waitFor()
}

async function newStory(page: Page): Promise<void> {
  await shelf(page)
  await page.getByRole('button', { name: 'New story' }).click()
  await page.getByRole('dialog', { name: 'New story' }).waitFor()
}

async function storySettings(page: Page): Promise<void> {
  await shelf(page)
  await page.getByRole('button', { name: `Change “${story.title}”` }).click()
  await page.getByRole('menuitem', { name: 'Story settings…' }).click()
  await page.getByRole('dialog', { name: 'Story settings' }).waitFor()
}

async function deletedStories(page: Page): Promise<void> {
  await shelf(page)
  await page.getByRole('button', { name: 'Deleted stories' }).click()
  await page.getByRole('dialog', { name: 'Deleted stories' }).getByText('Thrown away').waitFor()
}

async function palette(page: Page): Promise<void> {
  await shelf(page)
  await page.keyboard.press('Control+k')
  await page.locator('[role="combobox"]:focus').waitFor()
}

test.each(SCREENS)(
  'axe finds nothing serious and nothing scrolls sideways, wide, zoomed and narrow: %s',
  (_, who, come) => look(readers[who].page, come),
)

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
  // A frame is not drawn before the stylesheets are there: its callbacks see what the reader sees first.
  await page.addInitScript(() =>
    requestAnimationFrame(function drawn() {
      if (document.body === null) requestAnimationFrame(drawn)
      else document.documentElement.dataset['firstPaper'] = getComputedStyle(document.body).backgroundColor
    }),
  )
  await page.reload({ waitUntil: 'commit' })
  // Asked from outside: the page's own policy lets nothing in it be evaluated again and again.
  const first = () => page.evaluate<string | null>('document.documentElement.dataset.firstPaper ?? null')
  await expect.poll(first, soon).not.toBe(null)
  expect(await first()).toBe(dark)
  await reader.close()
})

test('no window has complained, nor asked anything of another server', () => {
  for (const { complaints, origins } of Object.values(readers)) {
    const { address, socketAddress } = pair.server
    const foreign = [...origins].filter((origin) => origin !== address && origin !== socketAddress)
    expect([complaints, foreign]).toEqual([[], []])
  }
})

import type { Beat, Story } from '@storyweave/protocol'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  emailOf,
  launchBrowser,
  openWindow,
  type Reader,
  signInOnScreen,
  signUpOnScreen,
} from '../support/browser.ts'
import { type House, startHouse } from '../support/house.ts'
import { Person, passwordOf } from '../support/person.ts'
import { RoomPage, soon } from './room-page.ts'

const SAMPLE = 'Eleven Minutes Slow'

let server: House
let browser: Browser
let ann: Reader
let page: Page

beforeAll(async () => {
  server = await startHouse()
  browser = await launchBrowser()
  ann = await openWindow(browser, server.address, 'Ann')
  page = ann.page
})
afterAll(async () => {
  await browser.close()
  await server.remove()
})

/** Begins a comment and a message, and sends neither. */
async function beginToTalk(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Comment on this beat' }).click()
  await page.getByRole('textbox', { name: 'New comment' }).fill('Half a comment')
  await page.getByRole('button', { name: 'Chat', exact: true }).click()
  await page.getByRole('textbox', { name: 'Write to everyone here' }).fill('Half a message')
}

async function findWhatWasBegun(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Comments/ }).click()
  await page.getByRole('button', { name: 'Comment on this beat' }).click()
  const comment = page.getByRole('textbox', { name: 'New comment' })
  await expect.poll(() => comment.inputValue(), soon).toBe('Half a comment')
  await page.getByRole('button', { name: 'Chat', exact: true }).click()
  const message = page.getByRole('textbox', { name: 'Write to everyone here' })
  await expect.poll(() => message.inputValue(), soon).toBe('Half a message')
}

/** Asks the server as the page's own person. */
async function get<Answer>(path: string): Promise<Answer> {
  return (await (await page.request.get(path)).json()) as Answer
}
const stories = async (): Promise<Story[]> =>
  (await get<{ stories: Story[] }>('/api/stories?limit=200')).stories
const beatsOf = async (storyId: number): Promise<Beat[]> =>
  (await get<{ beats: Beat[] }>(`/api/stories/${storyId}/beats?limit=200`)).beats

describe('an account', () => {
  test('sign up: what is wrong is said, and the account is made', async () => {
    await page.goto('/')
    await page.waitForURL('**/sign-in')
    await page.getByRole('link', { name: 'Make an account' }).click()
    await page.getByLabel('Name').fill('Ann')
    await page.getByLabel('E-mail').fill(emailOf('Ann'))
    await page.getByLabel('Password').fill('short')
    await page.getByRole('button', { name: 'Make an account' }).click()
    // The browser holds the form back and says why.
    expect(
      await page
        .getByLabel('Password')
        .evaluate((field) => (field as { validity?: { tooShort: boolean } }).validity?.tooShort),
    ).toBe(true)
    await signUpOnScreen(ann)
    await page.getByRole('link', { name: SAMPLE }).waitFor()
  })

  test('sign out, and in again; a wrong password is said; an address leads back to where one wanted', async () => {
    const path = await page.getByRole('link', { name: SAMPLE }).getAttribute('href')
    await page.getByRole('button', { name: 'Ann: account and appearance' }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await page.waitForURL('**/sign-in')

    await page.goto(path ?? '')
    await page.waitForURL('**/sign-in?next=**')
    await page.getByLabel('E-mail').fill(emailOf('Ann'))
    await page.getByLabel('Password').fill('not the password')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('alert').filter({ hasText: 'don’t belong together' }).waitFor()
    await page.getByLabel('Password').fill(passwordOf('Ann'))
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: SAMPLE }).waitFor()
  })

  test('sign up: an address that has an account is said to', async () => {
    const other = await openWindow(browser, server.address, 'Ann')
    await other.page.goto('/sign-up')
    await other.page.getByLabel('Name').fill('Somebody')
    await other.page.getByLabel('E-mail').fill(emailOf('Ann'))
    await other.page.getByLabel('Password').fill(passwordOf('Somebody'))
    await other.page.getByRole('button', { name: 'Make an account' }).click()
    await other.page.getByRole('alert').filter({ hasText: 'already an account' }).waitFor()
    expect(other.complaints).toEqual([])
    await other.close()
  })

  test('sign out while the session is another window’s too: the room says so, and keeps what was begun', async () => {
    const cut = await openWindow(browser, server.address, 'Ann')
    await signInOnScreen(cut)
    await cut.page.getByRole('link', { name: SAMPLE }).click()
    const room = new RoomPage(cut.page)
    await room.field('Beat title').waitFor()
    await room.saved()
    await beginToTalk(cut.page)
    await cut.page.context().setOffline(true)
    await room.field('Goal').fill('To be sent later')
    await cut.page.locator('.sw-save-state[data-state="offline"]').waitFor()
    const answer = await cut.page.request.post('/api/auth/sign-out', {
      headers: { origin: server.address },
      data: {},
    })
    expect(answer.ok()).toBe(true)
    await cut.page.context().setOffline(false)
    await cut.page.getByRole('alert').filter({ hasText: 'You are signed out' }).waitFor()
    expect(await room.field('Goal').getAttribute('readonly')).not.toBeNull()
    await cut.page.getByRole('link', { name: 'Sign in' }).click()
    await cut.page.getByLabel('E-mail').fill(emailOf('Ann'))
    await cut.page.getByLabel('Password').fill(passwordOf('Ann'))
    await cut.page.getByRole('button', { name: 'Sign in' }).click()
    await room.field('Goal').waitFor()
    await room.saved()
    expect(await room.field('Goal').getAttribute('readonly')).toBeNull()
    expect(await room.field('Goal').inputValue()).toBe('To be sent later')
    await findWhatWasBegun(cut.page)
    expect(cut.complaints).toEqual([])
    await cut.close()
  })

  test('a set-up link without its token says so; with one it asks for the first account', async () => {
    const other = await openWindow(browser, server.address, 'Nobody')
    await other.page.goto('/setup')
    await other.page.getByRole('heading', { name: 'This link is not whole' }).waitFor()
    await other.page.goto('/setup#some-token')
    await other.page.getByRole('heading', { name: 'This house is yours' }).waitFor()
    await other.close()
  })
})

describe('the shelf', () => {
  test('a new account finds the sample, every beat with its card and scenes', async () => {
    await page.goto('/')
    await page.getByRole('link', { name: SAMPLE }).click()
    const room = new RoomPage(page)
    await room.field('Beat title').waitFor()
    const [, storyId] = /\/stories\/(\d+)/.exec(page.url()) ?? []
    const beats = await beatsOf(Number(storyId))
    expect(await room.titles()).toEqual(beats.map(({ title }) => title))
    for (const beat of beats) {
      expect([beat.goal, beat.conflict, beat.outcome]).not.toContain('')
      expect(beat.scenes.length).toBeGreaterThan(0)
    }
    expect(await room.text()).toContain('The new harbour master stood under the tower')
  })

  test.each([
    ['Blank', 1],
    ['Three acts', 3],
    ['Save the Cat', 15],
    ['Hero’s Journey', 12],
    ['Story Circle', 8],
  ])('a new story of the shape %s opens with its beats', async (shape, atLeast) => {
    await page.goto('/')
    await page.getByRole('button', { name: 'New story' }).click()
    const dialog = page.getByRole('dialog', { name: 'New story' })
    await dialog.getByLabel('Title').fill(`A story: ${shape}`)
    await dialog.getByLabel('Premise').fill('Somebody wants something.')
    await dialog.getByRole('radio', { name: shape }).check()
    await dialog.getByRole('button', { name: 'Make the story' }).click()
    await page.getByRole('heading', { name: `A story: ${shape}` }).waitFor()
    const room = new RoomPage(page)
    await room.field('Beat title').waitFor()
    const [story] = (await stories()).filter(({ title }) => title === `A story: ${shape}`)
    const beats = await beatsOf(story?.id ?? 0)
    expect(beats.length).toBeGreaterThanOrEqual(atLeast)
    expect(await room.titles()).toEqual(beats.map(({ title }) => title || 'Untitled'))
    await page.goto('/')
    await page.getByRole('link', { name: `A story: ${shape}` }).waitFor()
  })

  test('a story without a title is not made', async () => {
    const before = (await stories()).length
    await page.getByRole('button', { name: 'New story' }).click()
    const dialog = page.getByRole('dialog', { name: 'New story' })
    await dialog.getByLabel('Title').fill('   ')
    await dialog.getByRole('button', { name: 'Make the story' }).click()
    expect(await dialog.locator('input:invalid').count()).toBe(1)
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'hidden' })
    expect(await stories()).toHaveLength(before)
  })

  test('without stories it teaches one thing to do', async () => {
    const bea = await Person.signUp(server.address, 'Bea')
    const { stories: hers } = await bea.call<{ stories: Story[] }>('GET', '/api/stories')
    for (const { id } of hers) await bea.call('DELETE', `/api/stories/${id}`)
    const reader = await openWindow(browser, server.address, 'Bea')
    await signInOnScreen(reader)
    await reader.page.getByRole('heading', { name: 'Nothing here yet' }).waitFor()
    await reader.page.getByRole('button', { name: 'Start your first story' }).click()
    await reader.page.getByRole('dialog', { name: 'New story' }).waitFor()
    expect(reader.complaints).toEqual([])
    await reader.close()
  })
})

describe('opening a file that can’t be opened says why, and leaves nothing behind', () => {
  const MiB = 1024 * 1024
  test.each([
    ['not UTF-8', Buffer.from([0x23, 0x20, 0xff, 0xfe, 0x41]), 'UTF-8'],
    ['empty', Buffer.alloc(0), 'empty'],
    ['only blank lines', Buffer.from('\n \n\n'), 'empty'],
    ['over 20 MB', Buffer.alloc(20 * MiB + 1, 'a'), '20 MB'],
  ])('%s', async (_, buffer, words) => {
    await page.goto('/')
    await page.getByRole('list', { name: 'Stories' }).waitFor()
    const before = await stories()
    await page
      .getByLabel('Markdown file')
      .setInputFiles({ name: 'story.md', mimeType: 'text/markdown', buffer })
    const message = page.getByRole('region', { name: 'Messages' }).getByText(words)
    await message.waitFor()
    expect(await stories()).toEqual(before)
    expect(new URL(page.url()).pathname).toBe('/')
    await page.getByRole('button', { name: 'Dismiss' }).click()
    await message.waitFor({ state: 'hidden' })
    await expect.poll(() => page.getByRole('button', { name: 'Open a file' }).isVisible(), soon).toBe(true)
  })
})

test('nothing was complained about, and nothing asked of another server', () => {
  expect(ann.complaints).toEqual([])
  expect([...ann.origins].sort()).toEqual([server.address, server.socketAddress].sort())
})

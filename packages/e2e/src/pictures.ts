import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Story } from '@storyweave/protocol'
import type { Browser, Page } from 'playwright-core'
import { launchBrowser } from './support/browser.ts'
import { Person, passwordOf } from './support/person.ts'
import { ServerProcess } from './support/server-process.ts'

/**
 * Takes the pictures of the README anew, from the running application with two people in its sample story:
 * `node packages/e2e/src/pictures.ts`. The web application must have been built.
 */

const FOLDER = fileURLToPath(new URL('../../../docs/images/', import.meta.url))
const WIDE = { width: 1440, height: 900 }
const PHONE = { width: 390, height: 780 }

/** Beside the sample, so that the shelf is one. */
const MORE = [
  [
    'The Salt Ledger',
    'A harbour’s debts are written in one book, and the book has come back with the tide.',
    'Mystery',
  ],
  [
    'What the Ferryman Kept',
    'Everyone who crosses leaves something behind. He has begun to give it back.',
    'Fantasy',
  ],
  [
    'A Winter for Two Cellos',
    'Two sisters inherit one instrument shop and a rival’s last commission.',
    'Novel',
  ],
] as const

type Theme = 'light' | 'dark'

const server = await ServerProcess.start({ LOG_LEVEL: 'silent' })
const browser = await launchBrowser()
try {
  await mkdir(FOLDER, { recursive: true })
  await takeAll(browser, server.address)
} finally {
  await browser.close()
  await server.remove()
}

async function takeAll(browser: Browser, address: string): Promise<void> {
  const ines = await Person.signUp(address, 'Ines Marrow')
  const tomas = await Person.signUp(address, 'Tomas Keel')
  const story = await sampleOf(ines)
  await ines.call('POST', `/collaboration/stories/${story.id}/share`, {
    user_id: tomas.me.user_id,
    role: 'editor',
  })
  const beats = await ines.beatsOf(story.id)
  const path = `/stories/${story.id}/beats/${beats[0]?.id}`

  const other = await openAs(browser, tomas, 'light')
  await other.goto(path)
  await selectWords(other, 1)
  for (const theme of ['light', 'dark'] as const) {
    const room = await openAs(browser, ines, theme)
    await takeRoom(room, other, path, `room-${theme}.png`)
    await room.context().close()
  }
  await takeBoard(await openAs(browser, ines, 'light'), story)
  await takeShelf(await openAs(browser, ines, 'light'), ines)
  const phone = await openAs(browser, ines, 'light', PHONE)
  await takeRoom(phone, other, path, 'phone.png')
}

async function sampleOf(person: Person): Promise<Story> {
  const { stories } = await person.call<{ stories: Story[] }>('GET', '/api/stories')
  const [sample] = stories
  if (sample === undefined) throw new Error('A new account has no sample story.')
  return sample
}

async function openAs(browser: Browser, person: Person, theme: Theme, viewport = WIDE): Promise<Page> {
  const context = await browser.newContext({
    baseURL: person.address,
    viewport,
    deviceScaleFactor: 1,
    colorScheme: theme,
    reducedMotion: 'no-preference',
  })
  const page = await context.newPage()
  await page.goto('/sign-in')
  await page.getByLabel('E-mail').fill(person.me.email ?? '')
  await page.getByLabel('Password').fill(passwordOf(person.me.name))
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('list', { name: 'Stories' }).waitFor()
  return page
}

/** Puts the caret into the scene's second paragraph and selects its first words. */
async function selectWords(page: Page, scene: number): Promise<void> {
  const paragraph = page
    .getByRole('textbox', { name: `Scene ${scene}`, exact: true })
    .locator('p')
    .nth(1)
  await paragraph.click()
  await page.keyboard.press('Home')
  for (let word = 0; word < 3; word++) await page.keyboard.press('Control+Shift+ArrowRight')
}

/** The other's caret has just moved, so that its name shows. */
async function takeRoom(page: Page, other: Page, path: string, name: string): Promise<void> {
  await page.goto(path)
  const caret = page.locator('.sw-caret')
  await caret.waitFor()
  await page.getByRole('textbox', { name: 'Scene 1', exact: true }).locator('p').nth(3).click()
  await other.keyboard.press('Control+Shift+ArrowRight')
  await other.keyboard.press('Control+Shift+ArrowLeft')
  await page.locator('.sw-caret-name:visible').waitFor()
  await page.screenshot({ path: `${FOLDER}${name}` })
}

async function takeBoard(page: Page, story: Story): Promise<void> {
  await page.goto(`/stories/${story.id}/board`)
  await page.locator('.desk').getByText('Friday, noon').waitFor()
  await page.locator('.panel').getByText('Resolve', { exact: true }).first().waitFor()
  await page.evaluate('document.fonts.ready')
  await page.screenshot({ path: `${FOLDER}board.png` })
}

async function takeShelf(page: Page, person: Person): Promise<void> {
  for (const [title, premise, genre] of MORE)
    await person.call('POST', '/api/stories', { title, premise, genre })
  await page.goto('/')
  await page.getByRole('link', { name: MORE[0][0] }).waitFor()
  await page.evaluate('document.fonts.ready')
  await page.screenshot({ path: `${FOLDER}shelf.png` })
}

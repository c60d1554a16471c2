import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser, openWindow, type Reader } from '../support/browser.ts'
import { ServerProcess } from '../support/server-process.ts'
import { type Host, InstalledExample } from './installed-example.ts'

/** npm installs, and the example is compiled and built. */
const INSTALL_MS = 480_000
const COMMAND = fileURLToPath(import.meta.resolve('@storyweave/server/cli/storyweave.ts'))

let example: InstalledExample
let host: Host
let club: string
let server: ServerProcess
let browser: Browser

beforeAll(async () => {
  example = await InstalledExample.install()
  await example.npm('run', 'build')
  host = await example.host()
  club = await host.start(0)
  server = await ServerProcess.start({
    ALLOWED_ORIGINS: club,
    AUTH_JWKS_URL: `${club}/.well-known/jwks.json`,
    AUTH_ISSUER: club,
    AUTH_AUDIENCE: 'storyweave',
  })
  host.connect(server.address, await hostToken())
  browser = await launchBrowser()
}, INSTALL_MS)

afterAll(async () => {
  await browser?.close()
  await server?.remove()
  await host?.stop()
  await example?.remove()
})

async function hostToken(): Promise<string> {
  const env = { PATH: process.env['PATH'], DATA_DIR: server.dataDir }
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [COMMAND, 'token', 'create', '--name', 'The club'],
    { env },
  )
  return stdout.trim()
}

async function enter(name: string): Promise<Reader> {
  const reader = await openWindow(browser, club, name)
  await reader.page.goto('/')
  await reader.page.getByLabel('Your name').fill(name)
  await reader.page.getByRole('button', { name: 'Come in' }).click()
  await reader.page.getByRole('textbox', { name: 'Beat title' }).waitFor()
  return reader
}

/** In the list, with “(you)” behind the name or without: the printed example calls the first person of the house itself. */
const seen = ({ page }: Reader, name: string) =>
  page.getByRole('list', { name: 'People here' }).getByRole('img', { name }).waitFor()

test('embedded: two people of another application see each other, write together, speak, and lock', async () => {
  const ann = await enter('Ann Marsh')
  const bea = await enter('Bea Stone')
  await Promise.all([seen(ann, 'Bea Stone'), seen(bea, 'Ann Marsh')])

  await ann.page.getByLabel('Goal').fill('To be let in')
  await expect.poll(() => bea.page.getByLabel('Goal').inputValue(), { timeout: 60_000 }).toBe('To be let in')
  const scene = (page: Page) => page.locator('.sw-prose').first()
  await scene(ann.page).click()
  await ann.page.keyboard.type('The door stood open.')
  await scene(bea.page).getByText('The door stood open.').waitFor()
  await bea.page.locator('.sw-caret', { hasText: 'Ann Marsh' }).waitFor({ state: 'attached' })

  await bea.page.getByLabel('Write to everyone here').fill('Good evening')
  await bea.page.keyboard.press('Enter')
  await ann.page.getByText('Good evening', { exact: true }).waitFor()

  await ann.page.getByRole('button', { name: 'Lock Beat' }).click()
  await bea.page.getByText('Ann Marsh has locked this beat.').waitFor()
  await ann.page.getByRole('button', { name: 'Give it back' }).click()
  await bea.page.getByText('Ann Marsh has locked this beat.').waitFor({ state: 'detached' })

  await leavesThePageAlone(ann.page)
  for (const reader of [ann, bea]) {
    expect(reader.complaints).toEqual([])
    await reader.close()
  }
})

/** The kit's stylesheet is there, and the application looks as it says itself. */
async function leavesThePageAlone(page: Page): Promise<void> {
  const looks = await page.evaluate(() => {
    const style = (selector: string) => getComputedStyle(document.querySelector(selector) ?? document.body)
    return {
      scheme: style('html').colorScheme,
      body: style('body').fontFamily,
      heading: style('h1').marginTop,
      button: style('aside > div > button').borderTopStyle,
      faces: style('.sw-faces').listStyleType,
      editor: style('.sw-editor').boxSizing,
      face: style('.sw-face').backgroundColor,
    }
  })
  expect(looks).toMatchObject({
    scheme: 'normal',
    body: 'Georgia, serif',
    button: 'outset',
    faces: 'none',
    editor: 'border-box',
    // A person's colour, light: the page says nothing of a theme.
    face: expect.stringMatching(/^rgb\(/),
  })
  expect(looks.face).not.toBe('rgba(0, 0, 0, 0)')
  expect(looks.heading).not.toBe('0px')
}

test(
  'embedded: the same builds and renders under React 18',
  async () => {
    const packages = ['react@18.3', 'react-dom@18.3', '@types/react@18.3', '@types/react-dom@18.3']
    await example.npm(
      'install',
      '--prefer-offline',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
      ...packages,
    )
    await example.npm('run', 'build')
    const cleo = await enter('Cleo Vane')
    await seen(cleo, 'Cleo Vane')
    await cleo.page.getByLabel('Goal').fill('To be let in as well')
    await cleo.page.getByText('Saved', { exact: true }).waitFor()
    expect(cleo.complaints).toEqual([])
    await cleo.close()
  },
  INSTALL_MS,
)

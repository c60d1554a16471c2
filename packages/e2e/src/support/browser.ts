import { existsSync } from 'node:fs'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { passwordOf } from './person.ts'

const USUAL_PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Real Chromium, from `CHROMIUM_PATH` (`npm test` sets it) or where it usually is. */
export function launchBrowser(): Promise<Browser> {
  const executablePath = process.env['CHROMIUM_PATH'] ?? USUAL_PLACES.find((path) => existsSync(path))
  if (executablePath === undefined) throw new Error('There is no Chromium: set CHROMIUM_PATH.')
  return chromium.launch({ executablePath, args: QUIET })
}

/** One person at their own browser window: nothing is shared with anybody else's. */
export interface Reader {
  readonly name: string
  readonly context: BrowserContext
  readonly page: Page
  /** What the page has complained about in its console. */
  readonly complaints: readonly string[]
}

export async function openWindow(browser: Browser, address: string, name: string): Promise<Reader> {
  const context = await browser.newContext({ baseURL: address, viewport: { width: 1440, height: 900 } })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  return { name, context, page, complaints }
}

export const emailOf = (name: string): string => `${name.toLowerCase()}@example.com`

/** Signs up on the screen, as a new person does. */
export async function signUpOnScreen({ page, name }: Reader): Promise<void> {
  await page.goto('/sign-up')
  await page.getByLabel('Name').fill(name)
  await page.getByLabel('E-mail').fill(emailOf(name))
  await page.getByLabel('Password').fill(passwordOf(name))
  await page.getByRole('button', { name: 'Create account' }).click()
  await page.getByRole('list', { name: 'Stories' }).waitFor()
}

export async function signInOnScreen({ page, name }: Reader): Promise<void> {
  await page.goto('/sign-in')
  await page.getByLabel('E-mail').fill(emailOf(name))
  await page.getByLabel('Password').fill(passwordOf(name))
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('list', { name: 'Stories' }).waitFor()
}

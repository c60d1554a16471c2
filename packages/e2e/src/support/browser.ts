import { existsSync } from 'node:fs'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { NODE_COOKIE } from './haproxy.ts'
import { passwordOf } from './person.ts'

const USUAL_PLACES = [
  '/usr/bin/chromium-headless-shell',
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

/** How long anything on a screen may take on a busy machine. */
const PATIENCE_MS = 60_000

/** What Chromium itself writes where a request fails or is refused; whoever asked deals with the failure. */
const FAILED_REQUEST =
  /^Failed to load resource|^WebSocket connection to|net::ERR_|Failed to update a ServiceWorker/

/** Real Chromium, from `CHROMIUM_PATH` (`npm test` sets it) or where it usually is. */
export function launchBrowser(): Promise<Browser> {
  const executablePath = process.env['CHROMIUM_PATH'] ?? USUAL_PLACES.find((path) => existsSync(path))
  if (executablePath === undefined) throw new Error('There is no Chromium: set CHROMIUM_PATH.')
  return chromium.launch({ executablePath, args: QUIET })
}

/** One person at their own browser window: nothing is shared with anybody else's. */
export interface Reader {
  readonly name: string
  readonly page: Page
  /** What the page has complained about in its console, but for failed requests. */
  readonly complaints: readonly string[]
  /** Every origin that the window has sent a request to. */
  readonly origins: ReadonlySet<string>
  close(): Promise<void>
}

let windows = 0

/** Of a house of several nodes each window is at another one than the window before. */
function nextNode(): string {
  const nodes = Number(process.env['STORYWEAVE_E2E_NODES'] ?? 1)
  windows += 1
  return `n${((windows - 1) % nodes) + 1}`
}

export async function openWindow(
  browser: Browser,
  address: string,
  name: string,
  options: BrowserContextOptions = {},
): Promise<Reader> {
  const viewport = { width: 1440, height: 900 }
  const context = await browser.newContext({ baseURL: address, viewport, ...options })
  await context.addCookies([{ name: NODE_COOKIE, value: nextNode(), url: address }])
  const page = await context.newPage()
  page.setDefaultTimeout(PATIENCE_MS)
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.stack ?? error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' && !FAILED_REQUEST.test(message.text())) complaints.push(message.text())
  })
  const origins = new Set<string>()
  context.on('request', (request) => origins.add(new URL(request.url()).origin))
  page.on('websocket', (socket) => origins.add(new URL(socket.url()).origin))
  return { name, page, complaints, origins, close: () => context.close() }
}

/** As `Person.signUp` makes it. */
export const emailOf = (name: string): string => `${name.toLowerCase().replaceAll(' ', '.')}@example.com`

/** Signs up on the screen, as a new person does. */
export async function signUpOnScreen({ page, name }: Reader): Promise<void> {
  await page.goto('/sign-up')
  await page.getByLabel('Name').fill(name)
  await page.getByLabel('E-mail').fill(emailOf(name))
  await page.getByLabel('Password').fill(passwordOf(name))
  await page.getByRole('button', { name: 'Make an account' }).click()
  await page.getByRole('list', { name: 'Stories' }).waitFor()
}

export async function signInOnScreen({ page, name }: Reader): Promise<void> {
  await page.goto('/sign-in')
  await page.getByLabel('E-mail').fill(emailOf(name))
  await page.getByLabel('Password').fill(passwordOf(name))
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Your shelf' }).waitFor()
}

/** A window of somebody who has an account, signed in without a screen. */
export async function windowOf(
  browser: Browser,
  address: string,
  name: string,
  options: BrowserContextOptions = {},
): Promise<Reader> {
  const reader = await openWindow(browser, address, name, options)
  const answer = await reader.page.request.post('/api/auth/sign-in/email', {
    headers: { origin: address },
    data: { email: emailOf(name), password: passwordOf(name) },
  })
  if (!answer.ok()) throw new Error(`${name} could not sign in: ${await answer.text()}`)
  return reader
}

/** A second window of the same person, signed in as the first one is. */
export async function anotherWindow(
  browser: Browser,
  { name, page }: Reader,
  options: BrowserContextOptions = {},
): Promise<Reader> {
  const storageState = await page.context().storageState()
  return openWindow(browser, new URL(page.url()).origin, name, { storageState, ...options })
}

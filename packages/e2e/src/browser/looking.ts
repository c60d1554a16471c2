import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { soon } from './room-page.ts'

/** How each screen is looked at: what axe says of it, and whether anything scrolls sideways. */

const WIDE = { width: 1440, height: 900 }
export const PHONE = { width: 360, height: 780 }
/** What 200 % zoom leaves of a window of 1280 × 800. */
export const ZOOMED = { width: 640, height: 400 }

/** Each screen at both widths in both themes: in the first one whole, in the second its colours alone. */
const LOOKS = [
  [WIDE, 'light', 'dark'],
  [PHONE, 'dark', 'light'],
] as const

type Theme = (typeof LOOKS)[number][1]

/** How one comes to a screen in a window, from wherever it is. */
export type Way = (page: Page) => Promise<void>

export async function visit(page: Page, path: string, heading: string): Promise<void> {
  await page.goto('about:blank')
  await page.goto(path)
  await page.getByRole('heading', { name: heading, exact: true }).waitFor()
}

/** Wide in both themes, then, as it stands, at 200 % zoom; then anew at 360 px in both themes. */
export async function look(page: Page, come: Way): Promise<void> {
  for (const [viewport, theme, other] of LOOKS) {
    await page.setViewportSize(viewport)
    await turn(page, theme)
    await come(page)
    await expectFine(page, { viewport, theme }, EVERYTHING)
    expect(await page.locator('main').count()).toBe(1)
    expect(await page.evaluate(WIDER_THAN_THE_PAGE)).toEqual([])
    await turn(page, other)
    await expectFine(page, { viewport, theme: other }, COLOURS)
    if (viewport === WIDE) await expectNarrowable(page)
  }
}

/** As it stands. */
async function expectNarrowable(page: Page): Promise<void> {
  await page.setViewportSize(ZOOMED)
  await settled(page)
  expect({ viewport: ZOOMED, wider: await page.evaluate(WIDER_THAN_THE_PAGE) }).toEqual({
    viewport: ZOOMED,
    wider: [],
  })
}

const turn = (page: Page, colorScheme: Theme): Promise<void> =>
  page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })

async function expectFine(page: Page, how: object, rules: object): Promise<void> {
  await settled(page)
  expect({ ...how, found: await serious(page, rules) }).toEqual({ ...how, found: [] })
}

/** What still moves. */
const UNSETTLED = `document.getAnimations()
  .filter(({ playState, effect }) => playState === 'running' && effect?.getComputedTiming().endTime !== Infinity)
  .map(({ animationName, transitionProperty }) => animationName ?? transitionProperty)`

const TWO_FRAMES = 'new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))'

async function settled(page: Page): Promise<void> {
  await page.evaluate(TWO_FRAMES)
  // Asked from outside: a page that has to ask itself again may not, by its Content-Security-Policy.
  await expect.poll(() => page.evaluate(UNSETTLED), soon).toEqual([])
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Not looked at: stops for Tab at the edges of a menu, hidden from screen readers, that hand the focus on at once. */
const FOCUS_GUARDS = '[data-base-ui-focus-guard]'

interface Violation {
  readonly id: string
  readonly impact: string
  readonly nodes: readonly string[]
}

/** WCAG 2.2 asks for targets of 24 × 24 pixels; axe only where it is told to. */
const EVERYTHING = { rules: { 'target-size': { enabled: true } } }
/** All that is another thing in another theme. */
const COLOURS = { runOnly: ['color-contrast', 'link-in-text-block'] }

async function serious(page: Page, rules: object): Promise<unknown> {
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(AXE)
  // What a dialog covers is a screen of its own.
  const include = (await page.locator('.sw-modal').count()) > 0 ? ['.sw-modal'] : ['html']
  const context = JSON.stringify({ include, exclude: [FOCUS_GUARDS] })
  const options = JSON.stringify({ ...rules, resultTypes: ['violations'], selectors: false })
  const violations = await page.evaluate<Violation[]>(`axe
    .run(${context}, ${options})
    .then(({ violations }) =>
      violations.map(({ id, impact, nodes }) => ({ id, impact, nodes: nodes.map(({ html }) => html) })))`)
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => [id, nodes])
}

/** What scrolls sideways: the page itself, or anything in it that is not one line of text. */
export const WIDER_THAN_THE_PAGE = `[document.documentElement, ...document.querySelectorAll('main, .desk, .outline, .sw-modal, .sw-menu, .top-bar')]
  .filter((element) => element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).overflowX !== 'hidden')
  .map((element) => element.className || element.tagName)`

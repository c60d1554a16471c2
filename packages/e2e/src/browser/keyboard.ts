import type { Locator, Page } from 'playwright-core'

/** What somebody does who has no mouse: from where the focus is, by keys alone. */

/** No screen needs more. */
const MOST_TABS = 80

/** Goes on with Tab until this has the focus. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.first().waitFor()
  for (let tabs = 0; tabs < MOST_TABS; tabs++) {
    if ((await target.and(page.locator(':focus')).count()) > 0) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`${MOST_TABS} times Tab did not lead to ${target}.`)
}

/** Goes to a button by Tab and presses it. */
export async function press(page: Page, button: string): Promise<void> {
  await tabTo(page, page.getByRole('button', { name: button, exact: true }))
  await page.keyboard.press('Enter')
}

/** Does something by the command palette. */
export async function command(page: Page, words: string, option: string): Promise<void> {
  await page.keyboard.press('Control+k')
  await page.locator('[role="combobox"]:focus').waitFor()
  await page.keyboard.type(words)
  await page.getByRole('option', { name: option, selected: true }).waitFor()
  await page.keyboard.press('Enter')
  await page.locator('[role="combobox"]').waitFor({ state: 'detached' })
}

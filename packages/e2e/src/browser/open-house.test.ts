import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser, openWindow } from '../support/browser.ts'
import { ServerProcess } from '../support/server-process.ts'
import { expectSame } from './pair.ts'
import { RoomPage } from './room-page.ts'

let server: ServerProcess
let browser: Browser

beforeAll(async () => {
  server = await ServerProcess.start({ AUTH_MODE: 'open' })
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser.close()
  await server.remove()
})

test('open mode: two windows that name themselves in the address write in one story', async () => {
  const al = await openWindow(browser, server.address, 'Al')
  const bea = await openWindow(browser, server.address, 'Bea')
  await Promise.all([
    al.page.goto('/stories/1?user_id=1&user_name=Al'),
    bea.page.goto('/stories/1?user_id=2&user_name=Bea'),
  ])
  const [als, beas] = [new RoomPage(al.page), new RoomPage(bea.page)]
  await Promise.all([als.putCaret(1, 0, 'Home'), beas.putCaret(1, 1, 'End')])
  await Promise.all([al.page.keyboard.type('Al began. '), bea.page.keyboard.type(' Bea ended.')])
  await Promise.all([als.hasText(' Bea ended.'), beas.hasText('Al began. ')])
  await expectSame(als, beas)
  for (const [window, other] of [
    [al, 'Bea'],
    [bea, 'Al'],
  ] as const) {
    await window.page
      .locator('.sw-caret', { has: window.page.getByText(other, { exact: true }) })
      .waitFor({ state: 'attached' })
    await window.page
      .getByRole('list', { name: 'People here' })
      .getByRole('link', { name: `Go to where ${other} is` })
      .waitFor()
  }
  // A reload keeps who one is, and what REST does is done as that person.
  await bea.page.reload()
  await bea.page.getByRole('img', { name: 'Bea (you)' }).waitFor()
  await bea.page.getByRole('button', { name: 'Add a scene' }).click()
  await als.scene(3).waitFor()
  await bea.page.getByRole('link', { name: 'Back to your shelf' }).click()
  await bea.page.getByText('Shared with you').waitFor()
  for (const reader of [al, bea]) {
    expect(reader.complaints).toEqual([])
    await reader.close()
  }
})

test('open mode: without a name one is asked for it, once for this browser', async () => {
  const reader = await openWindow(browser, server.address, 'Cleo')
  const { page } = reader
  await page.goto('/stories/1')
  await page.getByRole('heading', { name: 'Who writes here?' }).waitFor()
  await page.getByLabel('Your name').fill('Cleo')
  await page.getByRole('button', { name: 'Come in' }).click()
  await page.getByRole('img', { name: 'Cleo (you)' }).waitFor()
  const later = await page.context().newPage()
  await later.goto('/stories/1')
  await later.getByRole('img', { name: 'Cleo (you)' }).waitFor()

  await later.goto('/')
  await later.getByRole('button', { name: 'Cleo: account and appearance' }).click()
  await later.getByRole('menuitem', { name: 'Change your name' }).click()
  await later.getByLabel('Your name').fill('Cleopatra')
  await later.getByRole('button', { name: 'Come in' }).click()
  await later.getByRole('button', { name: 'Cleopatra: account and appearance' }).waitFor()
  expect(reader.complaints).toEqual([])
  await reader.close()
})

import type { ChatMessage } from '@storyweave/protocol'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Wire } from '../support/wire.ts'
import { tabTo } from './keyboard.ts'
import { endPair, expectQuiet, openTogether, type Pair, type SharedStory, startPair } from './pair.ts'
import { soon } from './room-page.ts'

let pair: Pair
let shared: SharedStory
let anns: Page
let beas: Page

beforeAll(async () => {
  pair = await startPair()
  anns = pair.annsWindow.page
  beas = pair.beasWindow.page
  shared = await openTogether(pair, 'Talk of the harbour', 'Before.')
  await pair.ann.call('PATCH', `/api/beats/${shared.beat.id}`, { title: 'The complaint' })
})
afterAll(() => endPair(pair))

const field = (page: Page): Locator => page.getByRole('textbox', { name: 'Write to everyone here' })
const log = (page: Page): Locator => page.getByRole('log', { name: 'Messages' })
const said = (page: Page, words: string): Locator => log(page).getByText(words, { exact: true })

async function openChat(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Chat/ }).click()
  await field(page).waitFor()
}

async function say(page: Page, words: string): Promise<void> {
  await field(page).fill(words)
  await field(page).press('Enter')
}

describe('chat', () => {
  test('two talk by keyboard: who is writing shows, names and beats complete, and lead to their places', async () => {
    await Promise.all([openChat(anns), openChat(beas)])
    await field(beas).focus()
    // A passing sign: it is waited for before it can be over.
    await Promise.all([anns.getByText('Bea is writing…').waitFor(), beas.keyboard.type('Dear @a')])
    await beas.getByRole('option', { name: 'Ann' }).waitFor()
    await beas.keyboard.press('Enter')
    await beas.keyboard.type('see #comp')
    await beas.getByRole('option', { name: /The complaint/ }).waitFor()
    await beas.keyboard.press('Tab')
    await beas.keyboard.type('or #9')
    await beas.keyboard.press('Shift+Enter')
    await beas.keyboard.type('and https://example.org/a.')
    await beas.keyboard.press('Enter')

    const mention = log(anns).getByText('@Ann', { exact: true })
    await mention.waitFor()
    expect(await mention.getAttribute('data-me')).toBe('true')
    expect(await field(beas).inputValue()).toBe('')
    await anns.getByText('Bea is writing…').waitFor({ state: 'hidden' })
    expect(await log(anns).getByRole('link').allTextContents()).toEqual([
      '#1 The complaint',
      'https://example.org/a',
    ])
    await anns.getByRole('link', { name: 'Board' }).click()
    await log(anns).getByRole('link', { name: '#1 The complaint' }).click()
    await anns.waitForURL(`**/beats/${shared.beat.id}**`)
    await field(anns).waitFor()
  })

  test('what is begun outlives a closed panel; what comes meanwhile is counted, and stands below a divider', async () => {
    await field(anns).fill('Half a sentence')
    await anns.getByRole('button', { name: 'Comments' }).click()
    await say(beas, 'Are you there?')
    await anns.getByRole('button', { name: 'Chat 1 unread' }).click()
    await said(anns, 'Are you there?').waitFor()
    await log(anns).getByText('New', { exact: true }).waitFor()
    expect(await field(anns).inputValue()).toBe('Half a sentence')
    await anns.getByRole('button', { name: 'Chat', exact: true }).waitFor()
    await field(anns).fill('')
  })

  test('history: older messages come as one scrolls up, without a jump; who reads above is left there', async () => {
    const wire = await Wire.open(pair.server, pair.bea, shared.story.id)
    for (let number = 1; number <= 120; number++)
      wire.say({ type: 'chat', message: `Line ${number}`, client_id: `line-${number}` })
    await said(anns, 'Line 120').waitFor()
    await anns.reload()
    await said(anns, 'Line 120').waitFor()
    await log(anns).press('End')
    await expect.poll(() => inView(said(anns, 'Line 120')), soon).toBe(true)
    expect(await said(anns, 'Line 1').count()).toBe(0)

    await log(anns).evaluate(SCROLL_TO_TOP)
    const oldest = await topOf(said(anns, 'Line 71'))
    await said(anns, 'Line 21').waitFor()
    expect(await topOf(said(anns, 'Line 71'))).toBeCloseTo(oldest ?? Number.NaN, 0)
    await log(anns).evaluate(SCROLL_TO_TOP)
    await said(anns, 'Line 1').waitFor()

    const before = await topOf(said(anns, 'Line 21'))
    await say(beas, 'Said far below')
    await said(anns, 'Said far below').waitFor()
    expect(await topOf(said(anns, 'Line 21'))).toBe(before)
    await anns.getByRole('button', { name: 'Newest' }).click()
    await expect.poll(() => inView(said(anns, 'Said far below')), soon).toBe(true)
    await anns.getByRole('button', { name: 'Newest' }).waitFor({ state: 'hidden' })
  })

  test('what is said offline waits, and arrives once when one is back', async () => {
    await beas.waitForFunction('navigator.serviceWorker.ready.then(() => true)')
    await beas.context().setOffline(true)
    await say(beas, 'From the tunnel')
    await beas.getByText('Waiting: it is sent when you are back online').waitFor()
    await say(anns, 'Where are you?')
    await said(anns, 'Where are you?').waitFor()
    await beas.context().setOffline(false)
    await said(anns, 'From the tunnel').waitFor()
    await said(beas, 'Where are you?').waitFor()
    await beas.getByText(/^Waiting/).waitFor({ state: 'hidden' })
    for (const page of [anns, beas]) expect(await said(page, 'From the tunnel').count()).toBe(1)
    const { messages } = await pair.ann.call<{ messages: ChatMessage[] }>(
      'GET',
      `/collaboration/stories/${shared.story.id}/chat`,
    )
    expect(messages.filter(({ message }) => message === 'From the tunnel')).toHaveLength(1)
  })
})

const SCROLL_TO_TOP = (element: unknown): void => {
  ;(element as { scrollTop: number }).scrollTop = 0
}

const topOf = async (element: Locator): Promise<number | undefined> => (await element.boundingBox())?.y

async function inView(element: Locator): Promise<boolean> {
  const view = await log(element.page()).boundingBox()
  const box = await element.boundingBox()
  if (view === null || box === null) return false
  return box.y >= view.y - 1 && box.y + box.height <= view.y + view.height + 1
}

describe('notifications', () => {
  const bell = (page: Page): Locator => page.getByRole('button', { name: /^Notifications/ })
  const inbox = (page: Page): Locator => page.getByRole('dialog', { name: 'Notifications' })

  test('by keyboard: a mention rings the bell, and leads to the message in its place', async () => {
    await anns.goto('/')
    await anns.getByRole('heading', { name: 'Your shelf' }).waitFor()
    await say(beas, '@Ann please read the last line')
    await said(beas, '@Ann').last().waitFor()
    await anns.reload()
    await bell(anns).focus()
    await anns.keyboard.press('Enter')
    const entry = inbox(anns).getByRole('link', { name: /please read the last line/ })
    await entry.waitFor()
    await tabTo(anns, entry)
    await anns.keyboard.press('Enter')
    await anns.waitForURL(/panel=chat&message=\d+/)
    await expect.poll(() => inView(log(anns).getByText(/please read the last line/)), soon).toBe(true)
  })

  test('an answer in a thread leads there while one is in the room, and is read by that', async () => {
    const thread = await pair.ann.call<{ id: number }>('POST', '/collaboration/comments', {
      story_id: shared.story.id,
      beat_id: shared.beat.id,
      content: 'Is this the place?',
    })
    await bell(anns).click()
    await inbox(anns).getByRole('button', { name: 'Mark all as read' }).click()
    await anns.keyboard.press('Escape')
    await anns.getByRole('button', { name: 'Notifications', exact: true }).waitFor()
    const answer = await pair.bea.call<{ id: number }>('POST', '/collaboration/comments', {
      story_id: shared.story.id,
      parent_comment_id: thread.id,
      content: 'It is.',
    })
    await anns.getByRole('button', { name: 'Notifications, 1 unread' }).click()
    await inbox(anns)
      .getByRole('link', { name: /Unread.*replied: “It is.”/ })
      .click()
    await anns.waitForURL(new RegExp(`/beats/${shared.beat.id}\\?panel=comments&thread=${answer.id}`))
    await inbox(anns).waitFor({ state: 'hidden' })
    await anns.locator('article[data-active]').getByText('It is.', { exact: true }).waitFor()
    await anns.getByRole('button', { name: 'Notifications', exact: true }).waitFor()
  })
})

test('neither window has complained, nor asked anything of another server', () => {
  expectQuiet(pair)
})

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { anotherWindow, type Reader } from '../support/browser.ts'
import { Wire } from '../support/wire.ts'
import { look, type Way, ZOOMED } from './looking.ts'
import { endPair, expectQuiet, openTogether, type Pair, type SharedStory, share, startPair } from './pair.ts'
import { RoomPage } from './room-page.ts'

let pair: Pair
let shared: SharedStory
let readers: Record<'ann' | 'bea', Reader>

beforeAll(async () => {
  pair = await startPair()
  shared = await openTogether(pair, 'How it looks', LONG_TEXT)
  await shared.annsRoom.field('Goal').fill('To be seen by everyone')
  await shared.annsRoom.putCaret(1, 0, 'End')
  const about = { story_id: shared.story.id, beat_id: shared.beat.id }
  await pair.bea.call('POST', '/collaboration/comments', { ...about, content: '@Ann, is this seen?' })
  for (const [person, message] of [
    [pair.ann, 'Shall we begin?'],
    [pair.bea, '@Ann, at once.'],
  ] as const) {
    const wire = await Wire.open(pair.server, person, shared.story.id)
    wire.say({ type: 'chat', message, request_id: 'chat' })
    await wire.message('ack')
    wire.close()
  }
  const { id } = await pair.ann.call<{ id: number }>('POST', `/api/stories/${shared.story.id}/beats`, {
    title: 'Thrown away',
  })
  await pair.ann.call('DELETE', `/api/beats/${id}`)
  readers = {
    ann: await anotherWindow(pair.browser, pair.annsWindow),
    bea: await anotherWindow(pair.browser, pair.beasWindow),
  }
})
afterAll(() => endPair(pair))

const LONG_TEXT = `${'A long paragraph that goes on over several lines. '.repeat(6)}

- a list
- of two

> A quotation.

A [link](https://example.org/) and *emphasis*, and averylongwordwithoutanyplacetobreakitthatwouldpushapageapart.`

/** Every screen of a story, by name: who sees it, and how they come to it. */
const SCREENS: readonly (readonly [string, 'ann' | 'bea', Way])[] = [
  ['room', 'ann', room],
  ['outline', 'ann', outline],
  ['beat menu', 'ann', beatMenu],
  ['board', 'ann', board],
  ['board, the menu of a card', 'ann', boardMenu],
  ['palette', 'ann', palette],
  ['keys', 'ann', keys],
  ['deleted beats', 'ann', deletedBeats],
  ['share dialog', 'ann', shareDialog],
  ['link dialog', 'ann', linkDialog],
  ['notifications', 'ann', notifications],
  ['comments', 'ann', comments],
  ['a comment that is written', 'ann', newComment],
  ['chat', 'ann', chat],
  ['chat, somebody is mentioned', 'ann', chatMention],
  ['history', 'ann', history],
  ['people panel', 'bea', peoplePanel],
  ['somebody is followed', 'bea', following],
  ['a beat that is not there', 'ann', goneBeat],
  ['a beat that I have locked', 'ann', (page) => lockedBeat(page, 'Locked by you')],
  ['a beat that another has locked', 'bea', (page) => lockedBeat(page, 'Ann is writing here')],
  ['words that did not arrive', 'bea', lateWords],
  ['everything that is kept', 'bea', keptWords],
]

async function room(page: Page): Promise<void> {
  const opened = await RoomPage.open(page, shared.story.id, shared.beat.id)
  await opened.saved()
  await page.locator('[contenteditable="true"]').waitFor()
}

async function outline(page: Page): Promise<void> {
  await room(page)
  const tab = page.getByRole('button', { name: 'Outline', exact: true })
  if (await tab.isVisible()) await tab.click()
  await page.getByRole('navigation', { name: 'Outline' }).waitFor()
}

async function beatMenu(page: Page): Promise<void> {
  await outline(page)
  await page
    .getByRole('button', { name: /^Change Beat|^Change “/ })
    .first()
    .click()
  await page.getByRole('menuitem', { name: 'Rename' }).waitFor()
}

async function board(page: Page): Promise<void> {
  await page.goto(`/stories/${shared.story.id}/board`)
  await page.locator('.sw-board-link').first().waitFor()
}

async function boardMenu(page: Page): Promise<void> {
  await board(page)
  await page.locator('.sw-board-menu').last().click()
  await page.getByRole('menuitem').first().waitFor()
}

async function palette(page: Page): Promise<void> {
  await room(page)
  await page.keyboard.press('Control+k')
  await page.locator('[role="combobox"]:focus').waitFor()
  await page.keyboard.type('be')
  await page.getByRole('option', { selected: true }).waitFor()
}

async function keys(page: Page): Promise<void> {
  await room(page)
  await page.locator('.desk').focus()
  await page.keyboard.press('?')
  await page.getByRole('dialog', { name: 'Keys' }).waitFor()
}

async function deletedBeats(page: Page): Promise<void> {
  await room(page)
  await page.getByRole('button', { name: 'More', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Deleted beats…' }).click()
  await page.getByRole('dialog', { name: 'Deleted beats' }).getByText('Thrown away').waitFor()
}

async function notifications(page: Page): Promise<void> {
  await room(page)
  await page.getByRole('button', { name: /^Notifications/ }).click()
  const inbox = page.getByRole('dialog', { name: 'Notifications' })
  await inbox
    .getByText(/Bea mentioned you/)
    .first()
    .waitFor()
}

async function linkDialog(page: Page): Promise<void> {
  await room(page)
  await new RoomPage(page).scene().getByText('emphasis').click()
  await page.getByRole('button', { name: 'Link', exact: true }).click()
  await page.getByRole('dialog', { name: 'Link' }).waitFor()
}

/** With everything that opens in it. */
async function shareDialog(page: Page): Promise<void> {
  const { id, title } = shared.story
  await pair.ann.call('POST', `/collaboration/stories/${id}/links`, {})
  const invited = { email: 'somebody@example.org', role: 'viewer' }
  await pair.ann.call('POST', `/collaboration/stories/${id}/share`, invited)
  await room(page)
  await page.getByRole('button', { name: 'Share', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: `Share “${title}”` })
  await dialog.getByText(invited.email).waitFor()
  await dialog.getByRole('button', { name: 'Remove Bea' }).click()
  await dialog.getByRole('button', { name: 'Make a link with other terms' }).click()
  await dialog.getByRole('switch').first().waitFor()
}

/** Opens what stands beside the text, on a phone by its tab. */
async function beside(page: Page, panel: string, isThere: string): Promise<void> {
  await page.goto(`/stories/${shared.story.id}/beats/${shared.beat.id}?panel=${panel}`)
  await page.locator(isThere).waitFor({ state: 'attached' })
  const tab = page.getByRole('button', { name: 'Beside', exact: true })
  if (await tab.isVisible()) await tab.click()
  await page.locator(isThere).waitFor()
}

async function peoplePanel(page: Page): Promise<void> {
  await beside(page, 'people', 'h3:has-text("Here now")')
}

async function comments(page: Page): Promise<void> {
  await beside(page, 'comments', '.sw-threads')
  await page.getByRole('article').getByText('is this seen?').waitFor()
}

async function newComment(page: Page): Promise<void> {
  await comments(page)
  await page.getByRole('button', { name: 'Comment on this beat' }).click()
  await page.getByRole('textbox', { name: 'New comment' }).waitFor()
}

async function chat(page: Page): Promise<void> {
  await beside(page, 'chat', '[role="log"]')
  await page.getByRole('log', { name: 'Messages' }).getByText('Shall we begin?').waitFor()
}

async function chatMention(page: Page): Promise<void> {
  await chat(page)
  const field = page.getByRole('textbox', { name: 'Write to everyone here' })
  await field.fill('')
  await field.focus()
  await page.keyboard.type('Dear @B')
  await page.getByRole('option', { name: /Bea/ }).waitFor()
}

async function history(page: Page): Promise<void> {
  await beside(page, 'history', '[aria-label="Last changed"]')
}

/** In the room already when the window gets narrow: there the faces are seen beside the text alone. */
async function following(page: Page): Promise<void> {
  const says = page.getByText('Following Ann')
  if (await says.isVisible()) return
  await room(page)
  await page.getByRole('link', { name: 'Go to where Ann is', exact: true }).click()
  await page.getByRole('link', { name: 'Follow Ann', exact: true }).click()
  await says.waitFor()
}

async function goneBeat(page: Page): Promise<void> {
  await page.goto(`/stories/${shared.story.id}/beats/2000000000`)
  await page.getByRole('alert').filter({ hasText: 'This beat is not here any more' }).waitFor()
}

/** Ann locks the first beat of a story of its own, from a window of hers that is not on the screen. */
class LockedBeat {
  readonly storyId: number
  readonly beatId: number
  readonly #wire: Wire

  private constructor(storyId: number, beatId: number, wire: Wire) {
    this.storyId = storyId
    this.beatId = beatId
    this.#wire = wire
  }

  static async make(title: string): Promise<LockedBeat> {
    const story = await pair.ann.newStory(title)
    const [beat] = await pair.ann.beatsOf(story.id)
    if (beat === undefined) throw new Error('A new story has a beat.')
    await share(pair, story, 'editor')
    return new LockedBeat(story.id, beat.id, await Wire.open(pair.server, pair.ann, story.id))
  }

  /** Also a sign of life: without one a lock ends after five minutes. */
  async lock(): Promise<void> {
    this.#wire.say({ type: 'beat_lock', beat_id: this.beatId, request_id: 'lock' })
    await this.#wire.message('ack')
  }
}

let locked: Promise<LockedBeat> | undefined

async function lockedBeat(page: Page, says: string): Promise<void> {
  locked ??= LockedBeat.make('A locked beat')
  const beat = await locked
  await beat.lock()
  await RoomPage.open(page, beat.storyId, beat.beatId)
  await page.getByText(says).waitFor()
}

let late: LockedBeat | undefined

/** Bea has written offline, while Ann has locked the beat. */
async function lateWords(page: Page): Promise<void> {
  late ??= await writeTooLate(page)
  await RoomPage.open(page, late.storyId, late.beatId)
  await page.getByRole('alert').filter({ hasText: 'Your last words did not arrive.' }).waitFor()
}

async function writeTooLate(page: Page): Promise<LockedBeat> {
  const beat = await LockedBeat.make('Too late')
  const room = await RoomPage.open(page, beat.storyId, beat.beatId)
  await room.saved()
  await page.context().setOffline(true)
  await room.field('Goal').fill('To arrive in time')
  await page.locator('.sw-save-state[data-state="offline"]').waitFor()
  await beat.lock()
  await page.context().setOffline(false)
  await page.getByRole('alert').filter({ hasText: 'Your last words did not arrive.' }).waitFor()
  return beat
}

async function keptWords(page: Page): Promise<void> {
  await lateWords(page)
  await page.getByRole('button', { name: '1 text is kept for you' }).click()
  await page.getByRole('dialog', { name: 'Kept for you' }).getByText('To arrive in time').waitFor()
}

test.each(SCREENS)(
  'axe finds nothing serious and nothing scrolls sideways, wide, zoomed and narrow: %s',
  (_, who, come) => look(readers[who].page, come),
)

test('200 % zoom: one writes, and sees what one writes', async () => {
  const reader = await anotherWindow(pair.browser, pair.annsWindow, { viewport: ZOOMED })
  await room(reader.page)
  const opened = new RoomPage(reader.page)
  await opened.putCaret(1, 0, 'Home')
  await reader.page.keyboard.type('Seen. ')
  await shared.beasRoom.hasText('Seen. ')
  expect(await reader.page.evaluate(CARET_IN_VIEW)).toBe(true)
  await reader.close()
})

const CARET_IN_VIEW = `(() => {
  const { top, bottom } = getSelection().getRangeAt(0).getBoundingClientRect()
  return top >= 0 && bottom <= innerHeight
})()`

test('no window has complained, nor asked anything of another server', () => {
  expectQuiet(pair)
  for (const { complaints } of Object.values(readers)) expect(complaints).toEqual([])
})

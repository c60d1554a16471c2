import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { changeRole, endPair, expectQuiet, expectSame, openTogether, type Pair, startPair } from './pair.ts'
import { RoomPage, soon } from './room-page.ts'

let pair: Pair
let anns: Page
let beas: Page

beforeAll(async () => {
  pair = await startPair()
  anns = pair.annsWindow.page
  beas = pair.beasWindow.page
  await beas.context().grantPermissions(['clipboard-read', 'clipboard-write'])
})
afterAll(() => endPair(pair))

const goOffline = (page: Page): Promise<void> => page.context().setOffline(true)
const goOnline = (page: Page): Promise<void> => page.context().setOffline(false)

/** The page says how much is kept here, and that it is not on the server. */
const saysOffline = (room: RoomPage): Promise<void> =>
  room.page
    .locator('.sw-save-state[data-state="offline"]', { hasText: /^Offline: \d+ changes? kept here/ })
    .waitFor()

/** Closes the page as its person does: whether the browser asks first (and is told to stay), or it is gone. */
function asksBeforeLeaving(page: Page): Promise<boolean> {
  return new Promise((resolve, reject) => {
    page.once('close', () => resolve(false))
    page.once('dialog', (dialog) => {
      dialog.dismiss().then(() => resolve(dialog.type() === 'beforeunload'), reject)
    })
    page.close({ runBeforeUnload: true }).catch(reject)
  })
}

describe('without the server', () => {
  test('offline: what is written is kept, seen again after a reload, and sent when one is back', async () => {
    const { annsRoom, beasRoom } = await openTogether(pair, 'A train without a signal', 'Before.')
    await Promise.all([annsRoom.saved(), beasRoom.putCaret(1, 0, 'End')])
    await beas.waitForFunction('navigator.serviceWorker.ready.then(() => true)')
    await goOffline(beas)
    await beas.keyboard.type(' Written in the tunnel.')
    await beasRoom.field('Goal').fill('To get through')
    await saysOffline(beasRoom)
    await annsRoom.putCaret(1, 0, 'Home')
    await anns.keyboard.type('Meanwhile. ')
    await annsRoom.saved()

    await acceptLeaving(beas, () => beas.reload())
    await beasRoom.hasText('Before. Written in the tunnel.')
    expect(await beasRoom.field('Goal').inputValue()).toBe('To get through')
    await saysOffline(beasRoom)
    await beasRoom.putCaret(1, 0, 'End')
    await beas.keyboard.type(' And after the reload.')

    await goOnline(beas)
    await annsRoom.hasText('Meanwhile. Before. Written in the tunnel. And after the reload.')
    await expectSame(annsRoom, beasRoom)
    expect(await annsRoom.field('Goal').inputValue()).toBe('To get through')
  })

  test('the server dies and comes back: the words stay, the page says what is, and both end with the same', async () => {
    const { annsRoom, beasRoom } = await openTogether(pair, 'A power cut', 'Light.')
    await Promise.all([annsRoom.putCaret(1, 0, 'Home'), beasRoom.putCaret(1, 0, 'End')])
    await pair.server.kill()
    await Promise.all([anns.keyboard.type('Dark, said Ann. '), beas.keyboard.type(' Dark, said Bea.')])
    await Promise.all([saysOffline(annsRoom), saysOffline(beasRoom)])
    await acceptLeaving(anns, () => anns.reload())
    await annsRoom.hasText('Dark, said Ann. Light.')
    await pair.server.start()
    await Promise.all([annsRoom.hasText(' Dark, said Bea.'), beasRoom.hasText('Dark, said Ann. ')])
    await expectSame(annsRoom, beasRoom)
    expect(await beasRoom.text()).toBe('Dark, said Ann. Light. Dark, said Bea.')
  })

  test('closing the page asks first while words are unsent, and not otherwise', async () => {
    const { story, beat, beasRoom } = await openTogether(pair, 'Leaving', 'Here.')
    const page = await beas.context().newPage()
    const room = await RoomPage.open(page, story.id, beat.id)
    await room.putCaret(1, 0, 'End')
    await goOffline(beas)
    await page.keyboard.type(' Unsent.')
    await saysOffline(room)
    expect(await asksBeforeLeaving(page)).toBe(true)
    await room.hasText('Here. Unsent.')
    await goOnline(beas)
    await room.saved()
    await beasRoom.hasText('Here. Unsent.')
    expect(await asksBeforeLeaving(page)).toBe(false)
    expect(page.isClosed()).toBe(true)
  })
})

describe('words that the server can’t take', () => {
  test('refused: they are kept beside the text, can be copied, and inserted when the role is back', async () => {
    const { story, annsRoom, beasRoom } = await openTogether(pair, 'Refused', 'Common ground.')
    await beasRoom.putCaret(1, 0, 'End')
    await goOffline(beas)
    await beas.keyboard.type(' Words of an editor.')
    await saysOffline(beasRoom)
    await changeRole(pair, story, 'viewer')
    await goOnline(beas)
    const refused = beas.getByRole('alert').filter({ hasText: 'Your last words did not arrive.' })
    await refused.getByText('Words of an editor.').waitFor()
    await expect.poll(() => beasRoom.text(), soon).toBe('Common ground.')
    await refused.getByRole('button', { name: 'Copy my words' }).click()
    await beas.getByText('Copied: the words that did not arrive.').waitFor()
    expect(await beas.evaluate('navigator.clipboard.readText()')).toContain('Words of an editor.')

    await beas.reload()
    await refused.getByText('Words of an editor.').waitFor()
    await changeRole(pair, story, 'editor')
    await refused.getByRole('button', { name: 'Insert again' }).click()
    await annsRoom.hasText('Common ground. Words of an editor.')
    await refused.waitFor({ state: 'hidden' })
    await expectSame(annsRoom, beasRoom)
  })

  test('the beat was deleted meanwhile: it is said, the words are kept, and can be inserted when it is restored', async () => {
    const { beat, annsRoom, beasRoom } = await openTogether(pair, 'Deleted meanwhile', 'Ground.')
    await annsRoom.saved()
    await beasRoom.putCaret(1, 0, 'End')
    await goOffline(beas)
    await beas.keyboard.type(' Sand.')
    await saysOffline(beasRoom)
    await pair.ann.call('DELETE', `/api/beats/${beat.id}`)
    await goOnline(beas)
    const refused = beas.getByRole('alert').filter({ hasText: 'This beat was deleted while you wrote.' })
    await refused.getByText('Sand.').waitFor()
    await beas.getByRole('heading', { name: 'This beat is not here any more' }).waitFor()
    await beasRoom.saved()
    await refused.getByRole('button', { name: 'Copy my words' }).click()
    await expect.poll(() => beas.evaluate('navigator.clipboard.readText()'), soon).toContain('Sand.')

    await beas.reload()
    await refused.getByText('Sand.').waitFor()
    await pair.ann.call('POST', `/api/beats/${beat.id}/restore`)
    await Promise.all([annsRoom.hasText('Ground.'), beasRoom.hasText('Ground.')])
    await refused.getByRole('button', { name: 'Insert again' }).click()
    await annsRoom.hasText('Ground. Sand.')
    await refused.waitFor({ state: 'hidden' })
    await expectSame(annsRoom, beasRoom)
  })
})

test('neither window has complained, nor asked anything of another server', () => {
  expectQuiet(pair)
})

/** Does what leaves the page, and says yes where the browser asks. */
async function acceptLeaving(page: Page, leave: () => Promise<unknown>): Promise<void> {
  const accept = (dialog: { accept(): Promise<void> }) => void dialog.accept()
  page.on('dialog', accept)
  await leave()
  page.off('dialog', accept)
}

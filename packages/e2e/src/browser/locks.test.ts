import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { press } from './keyboard.ts'
import { endPair, expectQuiet, expectSame, openTogether, type Pair, startPair } from './pair.ts'
import { OTHERS_CARET_IN_VIEW, type RoomPage, soon, TWELVE_PARAGRAPHS } from './room-page.ts'

let pair: Pair
let anns: Page
let beas: Page

beforeAll(async () => {
  pair = await startPair()
  anns = pair.annsWindow.page
  beas = pair.beasWindow.page
})
afterAll(() => endPair(pair))

describe('a beat for oneself', () => {
  test('locked, asked for, kept, asked for again and handed over, all by keyboard', async () => {
    const { annsRoom, beasRoom } = await openTogether(pair, 'Locks', 'Common ground.')
    await press(anns, 'Lock')
    await anns.getByText('Locked by you').waitFor()
    await beas.getByText('Ann is writing here').waitFor()
    await beas.getByText(/ · (29|30) min left$/).waitFor()
    await beasRoom.outline.getByRole('img', { name: 'Locked by Ann' }).waitFor()
    await annsRoom.outline.getByRole('img', { name: 'Locked by you' }).waitFor()
    await isReadOnly(beasRoom)
    await annsRoom.putCaret(1, 0, 'End')
    await anns.keyboard.type(' Mine alone.')
    await beasRoom.hasText('Common ground. Mine alone.')

    await press(beas, 'Ask for it')
    await beas.getByText('You asked Ann').waitFor()
    await anns.getByText('Bea asks for').waitFor()
    await press(anns, 'Keep it')
    await beas.getByText('Ann keeps it for now').waitFor()

    // Ann is asked wherever in the room she is.
    await anns.getByRole('link', { name: 'Board' }).click()
    await press(beas, 'Ask again')
    await anns.getByText('Bea asks for').waitFor()
    await press(anns, 'Hand over')
    await beas.getByText('Locked by you').waitFor()
    await anns.getByText(/^Bea has .* now\./).waitFor()
    await isWritable(beasRoom)
    await anns.goBack()
    await isReadOnly(annsRoom)
    await press(beas, 'Release')
    await isWritable(annsRoom)
  })

  test('silence hands it over; the story’s owner may end a lock, is asked before, and its holder is told', async () => {
    const { annsRoom, beasRoom } = await openTogether(pair, 'Silence', 'Common ground.')
    await anns.getByRole('button', { name: 'Lock', exact: true }).click()
    await beas.getByRole('button', { name: 'Ask for it' }).click()
    await anns.getByText('If you neither answer nor write, it is handed over.').waitFor()
    await beas.getByText('Locked by you').waitFor({ timeout: 60_000 })
    await isReadOnly(annsRoom)

    await anns.getByRole('button', { name: 'End the lock…' }).click()
    const dialog = anns.getByRole('dialog', { name: 'End Bea’s lock?' })
    await dialog.getByRole('button', { name: 'Leave it' }).click()
    await dialog.waitFor({ state: 'hidden' })
    expect(await beas.getByText('Locked by you').count()).toBe(1)
    await anns.getByRole('button', { name: 'End the lock…' }).click()
    await dialog.getByRole('button', { name: 'End the lock' }).click()
    await beas.getByText(/^Ann ended your lock on/).waitFor()
    await Promise.all([isWritable(annsRoom), isWritable(beasRoom)])
  })

  test('undo does not reach into a beat that another has locked', async () => {
    const { annsRoom, beasRoom } = await openTogether(pair, 'Undo and locks', 'Ground.')
    await beasRoom.putCaret(1, 0, 'End')
    await beas.keyboard.type(' Before.')
    await annsRoom.hasText('Ground. Before.')
    await anns.getByRole('button', { name: 'Lock', exact: true }).click()
    await isReadOnly(beasRoom)
    await beas.keyboard.press('Control+z')
    await annsRoom.putCaret(1, 0, 'Home')
    await anns.keyboard.type('After. ')
    await beasRoom.hasText('After. Ground. Before.')
    await expectSame(annsRoom, beasRoom)
  })
})

describe('words that came too late', () => {
  test('are kept over a reload, and inserted when the beat is free; others posted or thrown away', async () => {
    const { annsRoom, beasRoom } = await openTogether(pair, 'Too late', 'Common ground.')
    await writeTooLate(beasRoom, annsRoom, ' Too late, one.')
    await beas.reload()
    const kept = beas.getByRole('alert').filter({ hasText: 'Your last words did not arrive.' })
    await kept.getByText('Too late, one.').waitFor()
    expect(await kept.getByRole('button', { name: 'Insert again' }).count()).toBe(0)
    await beas.getByRole('button', { name: '1 text is kept for you' }).click()
    const all = beas.getByRole('dialog', { name: 'Kept for you' })
    await all.getByText('Too late, one.').waitFor()
    await beas.keyboard.press('Escape')
    await anns.getByRole('button', { name: 'Release' }).click()
    await kept.getByRole('button', { name: 'Insert again' }).click()
    await annsRoom.hasText('Common ground. Too late, one.')
    await kept.waitFor({ state: 'hidden' })
    await expectSame(annsRoom, beasRoom)

    await beasRoom.putCaret(1, 0, 'End')
    await writeTooLate(beasRoom, annsRoom, ' Too late, two.')
    await kept.getByRole('button', { name: 'Post as a comment' }).click()
    await kept.waitFor({ state: 'hidden' })
    await expect.poll(() => commentsOf(beasRoom), soon).toEqual(['Too late, two.'])
    await anns.getByRole('button', { name: 'Release' }).click()
    await isWritable(beasRoom)

    await writeTooLate(beasRoom, annsRoom, ' Too late, three.')
    await kept.getByRole('button', { name: 'Throw away…' }).click()
    const sure = beas.getByRole('dialog', { name: 'Throw these words away?' })
    await sure.getByRole('button', { name: 'Throw away', exact: true }).click()
    await kept.waitFor({ state: 'hidden' })
    expect(await annsRoom.text()).toBe('Common ground. Too late, one.')
  })

  test('undo begins anew after a refusal: nothing of before is taken back, nothing refused comes again', async () => {
    const { annsRoom, beasRoom } = await openTogether(pair, 'Undo anew', 'Ground.')
    const goal = beasRoom.field('Goal')
    await goal.click()
    await beas.keyboard.type('To be heard')
    await beasRoom.putCaret(1, 0, 'End')
    await beas.keyboard.type(' Before.')
    // Until then they are what undo takes back.
    await stepTo(beasRoom, 'Control+z', 'Ground.')
    await stepTo(beasRoom, 'Control+Shift+z', 'Ground. Before.')
    await writeTooLate(beasRoom, annsRoom, ' Refused.')
    await anns.getByRole('button', { name: 'Release' }).click()

    await beasRoom.putCaret(1, 0, 'End')
    for (const keys of STEPS) {
      await beas.keyboard.press(keys)
      expect([keys, await beasRoom.text()]).toEqual([keys, 'Ground. Before.'])
    }
    await goal.click()
    for (const keys of STEPS) {
      await beas.keyboard.press(keys)
      expect([keys, await goal.inputValue()]).toEqual([keys, 'To be heard'])
    }
    await beasRoom.putCaret(1, 0, 'End')
    await beas.keyboard.type(' After.')
    await stepTo(beasRoom, 'Control+z', 'Ground. Before.')
    await beas.keyboard.press('Control+z')
    expect(await beasRoom.text()).toBe('Ground. Before.')
    await stepTo(beasRoom, 'Control+Shift+z', 'Ground. Before. After.')
    await annsRoom.hasText('Ground. Before. After.')
    await expectSame(annsRoom, beasRoom)
    expect([await annsRoom.text(), await annsRoom.field('Goal').inputValue()]).toEqual([
      'Ground. Before. After.',
      'To be heard',
    ])
  })
})

describe('following', () => {
  test('a second click on a face follows its person from beat to beat and to their caret, until I do something', async () => {
    const { story, beat, annsRoom } = await openTogether(pair, 'Follow me', TWELVE_PARAGRAPHS)
    const { id: second } = await pair.ann.call<{ id: number }>('POST', `/api/stories/${story.id}/beats`, {
      title: 'The second',
      after_beat_id: beat.id,
    })
    const face = (name: string) => beas.getByRole('link', { name, exact: true })
    await face('Go to where Ann is').click()
    await face('Follow Ann').click()
    await beas.getByText('Following Ann').waitFor()
    await annsRoom.putCaret(1, 11, 'End')
    await beas.locator('.sw-caret').waitFor()
    await expect.poll(() => beas.evaluate(OTHERS_CARET_IN_VIEW), soon).toBe(true)
    await annsRoom.outline.getByRole('link', { name: 'The second' }).click()
    await beas.waitForURL(`**/beats/${second}**`)
    await beas.keyboard.press('Escape')
    await beas.getByText('Following Ann').waitFor({ state: 'hidden' })
    await annsRoom.outline.getByRole('link').first().click()
    await face('Follow Ann').waitFor()
    expect(beas.url()).toContain(`/beats/${second}`)
  })
})

test('neither window has complained, nor asked anything of another server', () => expectQuiet(pair))

/** Every way through a history, more than once. */
const STEPS = ['Control+z', 'Control+z', 'Control+Shift+z', 'Control+y', 'Control+z', 'Control+Shift+z']

/** Slow typing makes several steps. */
async function stepTo(room: RoomPage, keys: string, text: string): Promise<void> {
  for (let step = 0; step < 10 && (await room.text()) !== text; step++) await room.page.keyboard.press(keys)
  expect(await room.text()).toBe(text)
}

/** Writes while offline; meanwhile the other locks the beat. */
async function writeTooLate(writer: RoomPage, locker: RoomPage, words: string): Promise<void> {
  await writer.putCaret(1, 0, 'End')
  await writer.saved()
  await writer.page.context().setOffline(true)
  await writer.page.keyboard.type(words)
  await writer.page.locator('.sw-save-state[data-state="offline"]').waitFor()
  await locker.page.getByRole('button', { name: 'Lock', exact: true }).click()
  await locker.page.getByText('Locked by you').waitFor()
  await writer.page.context().setOffline(false)
  await writer.page
    .getByRole('alert')
    .filter({ hasText: 'Your last words did not arrive.' })
    .getByText(words.trim())
    .waitFor()
}

async function commentsOf({ page }: RoomPage): Promise<string[]> {
  const storyId = /stories\/(\d+)/.exec(page.url())?.[1]
  const { comments } = await pair.ann.call<{ comments: { content: string }[] }>(
    'GET',
    `/collaboration/stories/${storyId}/comments`,
  )
  return comments.map(({ content }) => content)
}

const isReadOnly = (room: RoomPage): Promise<void> =>
  room.page.locator('[aria-label="Scene 1"][contenteditable="false"][aria-readonly="true"]').waitFor()
const isWritable = (room: RoomPage): Promise<void> =>
  room.page.locator('[aria-label="Scene 1"][contenteditable="true"]').waitFor()

import type { Comment } from '@storyweave/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CommentsPage } from './comments-page.ts'
import { changeRole, endPair, expectQuiet, openTogether, type Pair, startPair } from './pair.ts'
import { soon } from './room-page.ts'

let pair: Pair

beforeAll(async () => {
  pair = await startPair()
})
afterAll(() => endPair(pair))

async function openComments(title: string, text: string) {
  const shared = await openTogether(pair, title, text)
  return { ...shared, anns: new CommentsPage(shared.annsRoom), beas: new CommentsPage(shared.beasRoom) }
}

test('with the mouse: a comment on a selection, an answer that mentions, resolved and reopened, live for both', async () => {
  const { anns, beas, beasRoom } = await openComments('Mouse', 'Before.\n\nGulls circle the wreck.')
  await anns.chooseFirstWord(1)
  await anns.commentByMouse('Which gulls?')
  await beas.marked('Gulls')

  // From the text to the thread.
  await beasRoom.scene().locator('mark').click()
  await beas.lit('Gulls', 'Which gulls?')
  await beas.thread('Which gulls?').getByRole('button', { name: 'Reply…' }).click()
  // A passing sign: it is waited for before it can be over.
  await Promise.all([anns.thread('Bea is typing…').waitFor(), beas.page.keyboard.type('Those, @an')])
  await beas.page.getByRole('option', { name: 'Ann' }).waitFor()
  await beas.page.keyboard.press('Enter')
  await beas.page.keyboard.type('of course.')
  await beas.page.keyboard.press('Enter')
  await anns.thread('Those, @Ann of course.').waitFor()
  await anns.filter('Mentions').click()
  await anns.thread('Which gulls?').waitFor()
  await anns.filter('Open').click()

  // The mark stays with its words while somebody writes before them.
  await beasRoom.putCaret(1, 0, 'Home')
  await beas.page.keyboard.type('Long ')
  await beasRoom.putCaret(1, 1, 'Home')
  await beas.page.keyboard.type('Pale ')
  await anns.room.hasText('Long Before.\nPale Gulls circle')
  await anns.marked('Gulls')
  await beas.marked('Gulls')

  // From the thread to the text.
  await anns.thread('Which gulls?').getByRole('button', { name: 'Gulls' }).click()
  await anns.lit('Gulls', 'Which gulls?')

  await beas.thread('Which gulls?').getByRole('button', { name: 'Resolve' }).click()
  await beas.list.getByText('No open comments').waitFor()
  await beas.filter('Resolved').click()
  await beas.thread('Which gulls?').getByRole('button', { name: 'Reopen' }).click()
  await beas.filter('Open').click()
  await beas.thread('Which gulls?').waitFor()
  await anns.thread('Which gulls?').waitFor()
  await anns.marked('Gulls')
})

test('by keyboard alone: selected, said and found again; then changed and taken back', async () => {
  const { anns, beas, annsRoom } = await openComments('Keys', 'Gulls circle the wreck.')
  const { keyboard } = anns.page
  const scene = annsRoom.scene()
  await anns.page.locator('[aria-label="Scene 1"][contenteditable="true"]').waitFor()
  await scene.focus()
  // The editor puts its own caret there a moment after the focus.
  await expect
    .poll(async () => {
      await keyboard.press('Control+Home')
      await keyboard.press('Control+Shift+ArrowRight')
      return (await anns.selected()).trim()
    }, soon)
    .toBe('Gulls')
  await keyboard.press('Control+Alt+m')
  await anns.page.locator('textarea[aria-label="New comment"]:focus').waitFor()
  await keyboard.type('Which?')
  await keyboard.press('Enter')
  await beas.thread('Which?').waitFor()
  await beas.marked('Gulls')
  // Back in the text, behind the passage.
  await anns.page.locator('[aria-label="Scene 1"]:focus').waitFor()
  await anns.marked('Gulls')
  await keyboard.press('ArrowLeft')
  await keyboard.press('Control+Alt+m')
  await anns.page.locator('.sw-thread-about:focus').waitFor()
  await anns.lit('Gulls', 'Which?')

  const change = anns.thread('Which?').getByRole('button', { name: 'Change the comment by Ann' })
  await change.click()
  await anns.page.getByRole('menuitem', { name: 'Edit' }).click()
  const edited = anns.page.getByRole('textbox', { name: 'Your comment' })
  await edited.fill('Which? And why?')
  await edited.press('Enter')
  await beas.thread('Which? And why?').waitFor()
  await anns.thread('Which? And why?').waitFor()

  await change.click()
  await anns.page.getByRole('menuitem', { name: 'Delete' }).click()
  await anns.page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
  await beas.thread('Which?').waitFor({ state: 'detached' })
  await beas.marked()
})

test('two keys at once: what the first has selected is what the second comments on', async () => {
  const { anns } = await openComments('Quick', 'Gulls circle the wreck.')
  await anns.page.locator('[aria-label="Scene 1"][contenteditable="true"]').waitFor()
  await anns.chooseFirstWord(0)
  // Before the browser tells anybody of the selection.
  await anns.page.evaluate(SELECT_AND_COMMENT)
  await anns.list.getByRole('region', { name: 'New comment' }).getByText('circle', { exact: true }).waitFor()
})

test('text that is deleted leaves its thread detached, with its quote; undo brings both back', async () => {
  const { anns, beas, beasRoom } = await openComments('Gone', 'Gulls circle the wreck.\n\nNobody saw them.')
  await anns.chooseFirstWord(1)
  await anns.commentByMouse('Nobody at all?')
  await beas.marked('Nobody')
  await beas.chooseFirstWord(1)
  await beas.page.keyboard.press('Delete')
  const detached = anns.list.getByRole('region', { name: 'Detached · its text was removed' })
  await detached.getByText('Nobody', { exact: true }).waitFor()
  await anns.marked()
  await beasRoom.scene().press('Control+z')
  await detached.waitFor({ state: 'detached' })
  await anns.thread('Nobody at all?').waitFor()
  await Promise.all([anns.marked('Nobody'), beas.marked('Nobody')])
})

test('an address with a thread opens its beat, scrolls to its text and lights both up', async () => {
  const before = 'A line that fills the page. '.repeat(40)
  const text = `${before}\n\n${before}\n\n${before}\n\nGulls circle the wreck.`
  const { anns, beas, story, beat } = await openComments('Address', text)
  await anns.chooseFirstWord(3)
  await anns.commentByMouse('Which gulls?')
  const { comments } = await pair.ann.call<{ comments: Comment[] }>(
    'GET',
    `/collaboration/stories/${story.id}/comments`,
  )
  const other = await pair.ann.call<{ id: number }>('POST', `/api/stories/${story.id}/beats`, {
    title: 'Elsewhere',
  })
  await beas.page.goto(`/stories/${story.id}/beats/${other.id}?panel=comments&thread=${comments[0]?.id}`)
  await beas.lit('Gulls', 'Which gulls?')
  expect(new URL(beas.page.url()).pathname).toBe(`/stories/${story.id}/beats/${beat.id}`)

  // On the other beat it stands under its own beat's name, and leads back there.
  await beas.room.outline.getByRole('link', { name: 'Elsewhere' }).click()
  await expect.poll(() => beas.room.field('Beat title').inputValue(), soon).toBe('Elsewhere')
  await beas.list.getByRole('button', { name: 'Comment on this beat' }).click()
  await beas.field.fill('What happens here?')
  await beas.field.press('Enter')
  await beas.hasThread('What happens here?')
  await beas.thread('What happens here?').getByText('On the beat').waitFor()
  await beas.list
    .getByRole('region', { name: /^Beat 1/ })
    .getByRole('button', { name: 'Gulls' })
    .click()
  await beas.lit('Gulls', 'Which gulls?')
  await anns.list.getByRole('region', { name: 'Beat 2 · Elsewhere' }).waitFor()
})

test('a viewer comments, and settles their own threads alone', async () => {
  const { anns, beas, story, beasRoom } = await openComments('Viewer', 'Gulls circle.\n\nNobody saw.')
  await anns.chooseFirstWord(0)
  await anns.commentByMouse('By Ann.')
  await changeRole(pair, story, 'viewer')
  await expect.poll(() => beasRoom.scene().getAttribute('contenteditable'), soon).toBe('false')
  await beas.chooseFirstWord(1)
  await beas.page.keyboard.press('Control+Alt+m')
  await beas.field.fill('By Bea.')
  await beas.field.press('Enter')
  await beas.hasThread('By Bea.')
  await anns.marked('Gulls', 'Nobody')
  await beas.page.getByRole('button', { name: 'Change scene 1' }).click()
  await beas.page.getByRole('menuitem', { name: 'Comment on this scene' }).click()
  await beas.field.fill('On all of it.')
  await beas.field.press('Enter')
  await beas.hasThread('On all of it.')
  await anns.thread('On all of it.').getByText('On scene 1').waitFor()
  const resolve = (words: string) => beas.thread(words).getByRole('button', { name: 'Resolve' })
  expect(await resolve('By Ann.').count()).toBe(0)
  await resolve('By Bea.').click()
  await anns.thread('By Bea.').waitFor({ state: 'detached' })
  await anns.marked('Gulls')
})

test('a comment that is written while the server is away is sent when it is back, once', async () => {
  const { anns, beas } = await openComments('Away', 'Gulls circle.')
  const context = anns.page.context()
  await context.setOffline(true)
  await anns.page.locator('.sw-save-state[data-away]').waitFor()
  await anns.chooseFirstWord(0)
  await anns.page.locator('.sw-comment-button').click()
  await anns.field.fill('Kept here.')
  await anns.field.press('Enter')
  await anns.thread('Kept here.').getByText('Waiting to be sent').waitFor()
  await context.setOffline(false)
  await beas.thread('Kept here.').waitFor()
  await beas.marked('Gulls')
  await anns.thread('Kept here.').getByRole('button', { name: 'Reply…' }).waitFor()
  expect(await anns.thread('Kept here.').count()).toBe(1)
})

test('no window has complained, nor asked anything of another server', () => {
  expectQuiet(pair)
})

const SELECT_AND_COMMENT = `(() => {
  const scene = document.querySelector('[aria-label="Scene 1"][contenteditable]')
  const [{ firstChild: text }] = scene.getElementsByTagName('p')
  const at = text.data.indexOf('circle')
  getSelection().setBaseAndExtent(text, at, text, at + 'circle'.length)
  const pressed = { key: 'm', ctrlKey: true, altKey: true, bubbles: true, cancelable: true }
  scene.dispatchEvent(new KeyboardEvent('keydown', pressed))
})()`

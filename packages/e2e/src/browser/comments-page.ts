import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import { type RoomPage, soon } from './room-page.ts'

/** The comments of a room, in its text and beside it, as a reader finds their way in them. */
export class CommentsPage {
  readonly page: Page
  readonly room: RoomPage

  constructor(room: RoomPage) {
    this.page = room.page
    this.room = room
  }

  get list(): Locator {
    return this.page.getByRole('complementary', { name: 'Comments' })
  }

  get field(): Locator {
    return this.page.getByRole('textbox', { name: 'New comment' })
  }

  /** The thread in which something is said. */
  thread(words: string): Locator {
    return this.list.getByRole('article').filter({ hasText: words })
  }

  filter(name: 'Open' | 'Resolved' | 'Mine' | 'Mentions'): Locator {
    return this.list.getByRole('group', { name: 'Show' }).getByRole('button', { name })
  }

  /** What is lit up in a scene's text. */
  marks(scene = 1): Promise<string[]> {
    return this.room.scene(scene).locator('mark[data-thread]').allTextContents()
  }

  /** The words that the editor takes for selected. */
  selected(scene = 1): Promise<string> {
    return this.room.scene(scene).evaluate(selectedIn)
  }

  async marked(...texts: readonly string[]): Promise<void> {
    await expect.poll(() => this.marks(), soon).toEqual(texts)
  }

  /** The passage and the thread that are lit up stand on the screen. */
  async lit(passage: string, words: string): Promise<void> {
    const mark = this.page.locator('mark.sw-mark-strong')
    await expect.poll(() => mark.allTextContents(), soon).toEqual([passage])
    await expect.poll(() => mark.evaluate(isInView), soon).toBe(true)
    await this.page.locator('.sw-thread[data-active]').filter({ hasText: words }).waitFor()
  }

  /** Selects a paragraph's first word with the mouse. */
  async chooseFirstWord(paragraph: number, scene = 1): Promise<void> {
    await this.room
      .scene(scene)
      .locator('> p')
      .nth(paragraph)
      .dblclick({ position: { x: 8, y: 16 } })
  }

  async commentByMouse(words: string): Promise<void> {
    await this.page.locator('.sw-comment-button').click()
    await this.field.fill(words)
    await this.list.getByRole('button', { name: 'Comment', exact: true }).click()
    await this.hasThread(words)
  }

  /** The server has made a thread of it: now the list stands still. */
  hasThread(words: string): Promise<void> {
    return this.thread(words).getByText('Reply…').waitFor()
  }
}

const selectedIn = (element: unknown): string => {
  const { doc, selection } = (element as EditorElement).editor.state
  return doc.textBetween(selection.from, selection.to)
}
interface EditorElement {
  readonly editor: {
    readonly state: {
      readonly doc: { textBetween(from: number, to: number): string }
      readonly selection: { readonly from: number; readonly to: number }
    }
  }
}

const isInView = (element: unknown): boolean => {
  const { top, bottom } = (element as { getBoundingClientRect(): DOMRect }).getBoundingClientRect()
  return top >= 0 && bottom <= (globalThis as unknown as { innerHeight: number }).innerHeight
}
interface DOMRect {
  readonly top: number
  readonly bottom: number
}

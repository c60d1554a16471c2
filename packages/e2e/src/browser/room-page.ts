import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'

/** How long anything may take on a busy machine. */
const PATIENCE_MS = 60_000

/** How often a click may miss. */
const TRIES = 10

export const soon = { timeout: PATIENCE_MS }

/** A story's room as a reader finds their way in it. */
export class RoomPage {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  static async open(page: Page, storyId: number, beatId?: number): Promise<RoomPage> {
    const room = new RoomPage(page)
    await page.goto(`/stories/${storyId}${beatId === undefined ? '' : `/beats/${beatId}`}`)
    await room.field('Beat title').waitFor()
    return room
  }

  /** The scene's text, by its place from 1. */
  scene(number = 1): Locator {
    return this.page.getByRole('textbox', { name: `Scene ${number}`, exact: true })
  }

  field(label: 'Beat title' | 'Goal' | 'Conflict' | 'Outcome'): Locator {
    return this.page.getByRole('textbox', { name: label, exact: true })
  }

  get outline(): Locator {
    return this.page.getByRole('navigation', { name: 'Outline' })
  }

  /** The titles in the outline, in their order. */
  titles(): Promise<string[]> {
    return this.outline.locator('.outline-title').allTextContents()
  }

  get saveState(): Locator {
    return this.page.locator('.sw-save-state')
  }

  /** Everything written here is on the server's disk, and the page says so. */
  async saved(): Promise<void> {
    await this.page.locator('.sw-save-state[data-state="saved"]', { hasText: /^Saved$/ }).waitFor()
  }

  /** The scene's paragraphs as the editor's document has them, without anyone's caret. */
  text(number = 1): Promise<string> {
    return this.scene(number).evaluate(editorText)
  }

  /** The scene's whole document as JSON. */
  document(number = 1): Promise<unknown> {
    return this.scene(number).evaluate(editorDocument)
  }

  /** Puts the caret into a scene that may be written in: to a paragraph's beginning or end, with mouse and keys. */
  async putCaret(scene: number, paragraph: number, where: 'Home' | 'End'): Promise<void> {
    await this.page.locator(`[aria-label="Scene ${scene}"][contenteditable="true"]`).waitFor()
    // A page that is still settling may move its text under the pointer.
    for (let tries = 1; (await this.#clickInto(scene, paragraph, where)) !== paragraph; tries++) {
      if (tries === TRIES) throw new Error(`No click came into paragraph ${paragraph}.`)
    }
  }

  /** Which paragraph the caret is in then. */
  async #clickInto(scene: number, paragraph: number, where: 'Home' | 'End'): Promise<number> {
    const block = this.scene(scene).locator('> p').nth(paragraph)
    const { width = 0, height = 0 } = (await block.boundingBox()) ?? {}
    const inset = 4
    const position = where === 'Home' ? { x: inset, y: inset } : { x: width - inset, y: height - inset }
    await block.click({ position })
    await this.page.locator(`[aria-label="Scene ${scene}"]:focus`).waitFor()
    await this.page.keyboard.press(where)
    return this.scene(scene).evaluate(caretParagraph)
  }

  async hasText(text: string, scene = 1): Promise<void> {
    await expect.poll(() => this.text(scene), soon).toContain(text)
  }
}

/** Tiptap hangs the editor on its element. */
interface EditorElement {
  readonly editor: {
    readonly state: {
      readonly doc: EditorDoc
      readonly selection: { readonly $head: { index(depth: number): number } }
    }
  }
}
interface EditorDoc {
  readonly content: { readonly size: number }
  textBetween(from: number, to: number, separator: string): string
  toJSON(): unknown
}

const editorText = (element: unknown): string => {
  const { doc } = (element as EditorElement).editor.state
  return doc.textBetween(0, doc.content.size, '\n')
}
const caretParagraph = (element: unknown): number =>
  (element as EditorElement).editor.state.selection.$head.index(0)
const editorDocument = (element: unknown): unknown => (element as EditorElement).editor.state.doc.toJSON()

/** More than a window holds. */
export const TWELVE_PARAGRAPHS =
  `${'A paragraph that fills the page, line after line. '.repeat(12)}\n\n`.repeat(12)

export const OTHERS_CARET_IN_VIEW = `(() => {
  const { top, bottom } = document.querySelector('.sw-caret').getBoundingClientRect()
  return top >= 0 && bottom <= innerHeight
})()`

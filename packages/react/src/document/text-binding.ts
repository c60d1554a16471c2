import { type Text, UndoManager, type YTextEvent } from 'yjs'
import { difference, mapIndex, type TextDelta } from './text-change.ts'

interface TextBindingOptions {
  /** Line ends become spaces: a title has one line. */
  readonly singleLine?: boolean
}

/**
 * Binds a text area to a shared text: what is typed merges with what others type, the caret stays where its
 * writer sees it, and undo takes back only what was typed here. While a character is being composed (an input
 * method, a dead key) the area is left alone, and what came meanwhile is shown after it.
 */
export class TextBinding {
  readonly #text: Text
  readonly #area: HTMLTextAreaElement
  readonly #singleLine: boolean
  readonly #undo: UndoManager
  readonly #listening = new AbortController()
  /** The area's content as this binding last knew it. */
  #shown = ''
  #composing = false
  /** Changes of others that the area does not show yet. */
  #held: TextDelta[] = []

  constructor(text: Text, area: HTMLTextAreaElement, { singleLine = false }: TextBindingOptions = {}) {
    this.#text = text
    this.#area = area
    this.#singleLine = singleLine
    this.#undo = new UndoManager(text, { trackedOrigins: new Set([this]) })
    this.#show()
    text.observe(this.#changed)
    const { signal } = this.#listening
    area.addEventListener('input', this.#typed, { signal })
    area.addEventListener('compositionstart', () => this.#compose(true), { signal })
    area.addEventListener('compositionend', () => this.#compose(false), { signal })
    area.addEventListener('beforeinput', this.#beforeInput, { signal })
    area.addEventListener('keydown', this.#keyDown, { signal })
  }

  destroy(): void {
    this.#listening.abort()
    this.#text.unobserve(this.#changed)
    this.#undo.destroy()
  }

  readonly #changed = (event: YTextEvent): void => {
    if (event.transaction.origin === this) return
    const delta = event.delta as TextDelta
    if (this.#composing) this.#held.push(delta)
    else this.#show(delta)
  }

  /** Shows the text as it is, the selection moved along with `deltas`. */
  #show(...deltas: readonly TextDelta[]): void {
    const area = this.#area
    const [start, end] = [area.selectionStart, area.selectionEnd].map((at) => deltas.reduce(mapIndex, at))
    area.value = this.#text.toString()
    this.#shown = area.value
    // Setting the selection of an area without focus would steal the focus in some browsers.
    if (area.ownerDocument.activeElement === area) area.setSelectionRange(start ?? 0, end ?? 0)
  }

  readonly #typed = (): void => {
    if (!this.#composing) this.#commit()
  }

  #compose(composing: boolean): void {
    this.#composing = composing
    if (!composing) this.#commit()
  }

  #commit(): void {
    const typed = this.#singleLine ? this.#area.value.replace(/\s*\n\s*/g, ' ') : this.#area.value
    const held = this.#held
    this.#held = []
    this.#write(typed, held)
    if (held.length > 0 || typed !== this.#area.value) this.#show(...held)
    else this.#shown = typed
  }

  #write(typed: string, held: readonly TextDelta[]): void {
    // A text area shows every line end as one character; where the text has two, indices are taken from the text.
    const before = this.#text.toString().includes('\r') ? this.#text.toString() : this.#shown
    const { index, removed, inserted } = difference(before, typed)
    if (removed === 0 && inserted === '') return
    const from = held.reduce(mapIndex, index)
    const to = held.reduce(mapIndex, index + removed)
    this.#text.doc?.transact(() => {
      if (to > from) this.#text.delete(from, to - from)
      if (inserted !== '') this.#text.insert(from, inserted)
    }, this)
  }

  readonly #beforeInput = (event: InputEvent): void => {
    if (event.inputType !== 'historyUndo' && event.inputType !== 'historyRedo') return
    event.preventDefault()
    this.#step(event.inputType === 'historyUndo' ? 'undo' : 'redo')
  }

  readonly #keyDown = (event: KeyboardEvent): void => {
    if (event.altKey || !(event.ctrlKey || event.metaKey)) return
    const key = event.key.toLowerCase()
    if (key !== 'z' && key !== 'y') return
    event.preventDefault()
    this.#step(key === 'z' && !event.shiftKey ? 'undo' : 'redo')
  }

  #step(kind: 'undo' | 'redo'): void {
    if (!this.#area.readOnly) this.#undo[kind]()
  }
}

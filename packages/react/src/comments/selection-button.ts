import type { Editor } from '@tiptap/core'

/** Between the selected words and the button. */
const GAP_PX = 6

/**
 * A button below what is selected in an editor, for pointers: the keyboard has its shortcut and the toolbar. Returns
 * how to take it away.
 */
export function offerButton(editor: Editor, label: string, press: () => void): () => void {
  const { dom } = editor.view
  const frame = dom.parentElement
  if (frame === null) return () => {}
  const button = makeButton(label, press)
  const listening = new AbortController()
  const { signal } = listening
  let isPressed = false
  let painting: number | undefined

  const look = () => {
    painting = undefined
    const at = isPressed ? undefined : endOfSelection(editor)
    if (at === undefined) return button.remove()
    if (!button.isConnected) frame.append(button)
    const { left, top, width } = frame.getBoundingClientRect()
    const leftmost = Math.min(at.left - left - button.offsetWidth / 2, width - button.offsetWidth)
    button.style.translate = `${Math.max(0, leftmost)}px ${at.bottom - top + GAP_PX}px`
  }
  const lookSoon = () => {
    painting ??= requestAnimationFrame(look)
  }
  dom.ownerDocument.addEventListener('selectionchange', lookSoon, { signal })
  // A selection that is being drawn is not finished.
  dom.addEventListener('pointerdown', () => (isPressed = true), { signal })
  const letGo = () => {
    isPressed = false
    lookSoon()
  }
  for (const end of ['pointerup', 'pointercancel']) dom.ownerDocument.addEventListener(end, letGo, { signal })

  return () => {
    listening.abort()
    if (painting !== undefined) cancelAnimationFrame(painting)
    button.remove()
  }
}

function makeButton(label: string, press: () => void): HTMLButtonElement {
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'sw-comment-button'
  button.textContent = label
  button.tabIndex = -1
  // The press must not take the selection out of the text.
  button.addEventListener('pointerdown', (event) => event.preventDefault())
  button.addEventListener('mousedown', (event) => event.preventDefault())
  button.addEventListener('click', () => {
    button.remove()
    press()
  })
  return button
}

/** Undefined where nothing is selected in this editor on the screen. */
function endOfSelection({ view, isDestroyed }: Editor): { left: number; bottom: number } | undefined {
  if (isDestroyed) return undefined
  const selection = view.dom.ownerDocument.getSelection()
  if (selection === null || selection.isCollapsed || !view.dom.contains(selection.focusNode)) return undefined
  const { empty, to } = view.state.selection
  return empty ? undefined : view.coordsAtPos(to, -1)
}

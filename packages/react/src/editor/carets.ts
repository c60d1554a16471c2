import type { DecorationAttrs } from '@tiptap/pm/view'
import type { Awareness } from 'y-protocols/awareness'
import { personVariable } from '../ui/person.ts'

/** As the server stamps it on every state; missing for a moment where a state came before its stamp. */
interface CaretUser {
  readonly id?: number
  readonly name?: string
  readonly color?: string
}

/** Another person's caret: a bar in their colour, and their name, which appears when it moves and then fades. */
export function buildCaret(user: CaretUser, clientId: number): HTMLElement {
  const caret = document.createElement('span')
  caret.className = 'sw-caret'
  caret.dataset['user'] = String(user.id ?? '')
  caret.dataset['client'] = String(clientId)
  caret.style.setProperty('--c', personVariable(user.color ?? ''))
  const name = document.createElement('span')
  name.className = 'sw-caret-name'
  name.textContent = user.name ?? ''
  // Word joiners keep the bar on the line of the letter before it.
  caret.append('\u2060', name, '\u2060')
  return caret
}

export function buildSelection(user: CaretUser): DecorationAttrs {
  return { class: 'sw-selection', style: `--c: ${personVariable(user.color ?? '')}` }
}

/** Shows a caret's name again whenever it moves; returns how to stop. The fading itself is the style's. */
export function watchCarets(awareness: Awareness, root: HTMLElement): () => void {
  const moved = ({
    added,
    updated,
  }: {
    readonly added: readonly number[]
    readonly updated: readonly number[]
  }) => {
    const names = [...added, ...updated].map(
      (clientId) => `.sw-caret[data-client="${clientId}"] .sw-caret-name`,
    )
    if (names.length === 0) return
    // The carets themselves are drawn after this event.
    requestAnimationFrame(() => {
      for (const name of root.querySelectorAll<HTMLElement>(names.join())) showName(name, root)
    })
  }
  awareness.on('change', moved)
  return () => awareness.off('change', moved)
}

/** From the start of its fading, and to the left of its caret where the page ends on the right. */
function showName(name: HTMLElement, root: HTMLElement): void {
  delete name.dataset['side']
  if (name.getBoundingClientRect().right > root.getBoundingClientRect().right) name.dataset['side'] = 'left'
  for (const animation of name.getAnimations()) {
    animation.cancel()
    animation.play()
  }
}

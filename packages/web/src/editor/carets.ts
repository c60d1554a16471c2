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
  const moved = ({ updated }: { readonly updated: readonly number[] }) => {
    for (const clientId of updated) {
      const name = root.querySelector(`.sw-caret[data-client="${clientId}"] .sw-caret-name`)
      for (const animation of name?.getAnimations() ?? []) {
        animation.cancel()
        animation.play()
      }
    }
  }
  awareness.on('change', moved)
  return () => awareness.off('change', moved)
}

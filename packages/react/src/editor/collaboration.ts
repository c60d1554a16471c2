import { Extension } from '@tiptap/core'
import { Plugin } from '@tiptap/pm/state'
import { redo, undo, yCursorPlugin, ySyncPlugin, yUndoPlugin } from '@tiptap/y-tiptap'
import type { Awareness } from 'y-protocols/awareness'
import type { XmlFragment } from 'yjs'
import { buildCaret, buildSelection, watchCarets } from './carets.ts'

export interface CollaborationOptions {
  readonly fragment: XmlFragment
  readonly awareness: Awareness
}

/** Binds an editor to a shared fragment: text, carets of others, and a history of one's own changes. */
export const Collaboration = Extension.create<CollaborationOptions>({
  name: 'collaboration',
  // Before the key maps of the nodes, so that undo reaches this history.
  priority: 1000,

  addProseMirrorPlugins() {
    const { fragment, awareness } = this.options
    return [
      syncPlugin(fragment),
      // Needs the one above to stand before it.
      yUndoPlugin(),
      yCursorPlugin(awareness, { cursorBuilder: buildCaret, selectionBuilder: buildSelection }),
      new Plugin({
        view: (view) => ({ destroy: watchCarets(awareness, view.dom) }),
        props: { handleDOMEvents: { beforeinput: (view, event) => stepThroughHistory(view, event) } },
      }),
    ]
  },

  addKeyboardShortcuts() {
    const step = (way: HistoryStep) => () => {
      way(this.editor.state)
      return true
    }
    return { 'Mod-z': step(undo), 'Mod-y': step(redo), 'Shift-Mod-z': step(redo) }
  },
})

type HistoryStep = typeof undo

/** Undo from a menu or a phone's keyboard: without this the browser would undo in the page alone. */
function stepThroughHistory(view: { readonly state: unknown }, event: InputEvent): boolean {
  if (event.inputType !== 'historyUndo' && event.inputType !== 'historyRedo') return false
  event.preventDefault()
  const step = event.inputType === 'historyUndo' ? undo : redo
  step(view.state)
  return true
}

/**
 * The binding, without a flaw of its undo: after a change of others it remembers "not for the history" until the
 * next change of the text, and takes every selection or caret in between for a reason to end the running undo step.
 * So one run of typing fell into single letters as soon as somebody else typed too.
 */
function syncPlugin(fragment: XmlFragment): Plugin {
  const plugin: Plugin = ySyncPlugin(fragment)
  const { spec } = plugin
  const { state } = spec
  if (state === undefined) throw new Error('The binding keeps no state: it has become another one.')
  return new Plugin({
    ...spec,
    state: {
      ...state,
      apply(transaction, value, oldState, newState) {
        const next = state.apply.call(plugin, transaction, value, oldState, newState)
        return transaction.docChanged || next.addToHistory ? next : { ...next, addToHistory: true }
      },
    },
  })
}

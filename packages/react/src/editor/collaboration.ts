import { Extension } from '@tiptap/core'
import type { Schema } from '@tiptap/pm/model'
import { type EditorState, Plugin, type Transaction } from '@tiptap/pm/state'
import type { EditorView } from '@tiptap/pm/view'
import {
  type ProsemirrorBinding,
  redo,
  relativePositionToAbsolutePosition,
  undo,
  yCursorPlugin,
  ySyncPlugin,
  ySyncPluginKey,
  yUndoPlugin,
} from '@tiptap/y-tiptap'
import type { Awareness } from 'y-protocols/awareness'
import type { XmlFragment } from 'yjs'
import { buildCaret, buildSelection, watchCarets } from './carets.ts'
import { movedSelection } from './moved-selection.ts'
import { asSmallChange } from './remote-change.ts'

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
      yUndoPlugin({ protectedNodes: containers(this.editor.schema) }),
      yCursorPlugin(awareness, { cursorBuilder: buildCaret, selectionBuilder: buildSelection }),
      new Plugin({
        view: (view) => ({ destroy: watchCarets(awareness, view.dom) }),
        props: { handleDOMEvents: { beforeinput: (view, event) => stepThroughHistory(view, event) } },
      }),
    ]
  },

  dispatchTransaction({ transaction, next }) {
    next(isFromOutside(transaction) ? narrowed(this.editor.view, transaction) : transaction)
  },

  addKeyboardShortcuts() {
    const step = (way: HistoryStep) => () => {
      takeStep(way, this.editor.state)
      return true
    }
    return { 'Mod-z': step(undo), 'Mod-y': step(redo), 'Shift-Mod-z': step(redo) }
  },
})

/** Undo takes none of these away while somebody's words stand in it. */
const containers = ({ nodes }: Schema): Set<string> =>
  new Set(Object.keys(nodes).filter((name) => nodes[name]?.isLeaf === false))

type Binding = Pick<ProsemirrorBinding, 'doc' | 'type' | 'mapping'> & {
  /** Where the caret stood; null but for the time of a change. */
  beforeTransactionSelection: { readonly anchor: unknown; readonly head: unknown } | null
}
interface SyncState {
  readonly binding: Binding
}

const bindingOf = (state: EditorState): Binding => (ySyncPluginKey.getState(state) as SyncState).binding

/** The shared document was changed by others, or by a step through one's own history. */
function isFromOutside(transaction: Transaction): boolean {
  const change = transaction.getMeta(ySyncPluginKey) as { readonly isChangeOrigin?: boolean } | undefined
  return transaction.docChanged && change?.isChangeOrigin === true
}

function narrowed(view: EditorView, whole: Transaction): Transaction {
  const { doc, type, mapping, beforeTransactionSelection: before } = bindingOf(view.state)
  const small = asSmallChange({
    state: view.state,
    whole,
    moved: movedSelection(view),
    placeOf: (end) =>
      before === null ? null : relativePositionToAbsolutePosition(doc, type, before[end], mapping),
  })
  return small
    .setMeta(ySyncPluginKey, whole.getMeta(ySyncPluginKey))
    .setMeta('addToHistory', whole.getMeta('addToHistory'))
}

type HistoryStep = typeof undo

function takeStep(way: HistoryStep, state: EditorState): void {
  way(state)
  // The binding keeps where the caret stood before what was undone, and would put it there with the next change of others.
  bindingOf(state).beforeTransactionSelection = null
}

/** Undo from a menu or a phone's keyboard: without this the browser would undo in the page alone. */
function stepThroughHistory(view: { readonly state: EditorState }, event: InputEvent): boolean {
  if (event.inputType !== 'historyUndo' && event.inputType !== 'historyRedo') return false
  event.preventDefault()
  takeStep(event.inputType === 'historyUndo' ? undo : redo, view.state)
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

import { type Editor, Extension } from '@tiptap/core'
import { keydownHandler } from '@tiptap/pm/keymap'
import { type EditorState, Plugin, PluginKey, type Transaction } from '@tiptap/pm/state'
import { DecorationSet } from '@tiptap/pm/view'
import { ySyncPluginKey } from '@tiptap/y-tiptap'

/**
 * The passages of a scene that threads are about, lit up in its text. This is the part that every editor has from its
 * start: adding a plugin later would throw its undo history away. What it knows of threads comes afterwards, by
 * `attach`.
 */

export interface PassageKeeper {
  /** The passages where they stand in the text of `state`. */
  locate(state: EditorState): DecorationSet
  /** The text has changed. */
  changed(): void
  clicked(threadId: number): void
  /** Somebody wants to comment on what is selected. */
  comment(): void
}

interface PassagesStorage {
  keeper: PassageKeeper | undefined
}

declare module '@tiptap/core' {
  interface Storage {
    passages: PassagesStorage
  }
}

const key = new PluginKey<DecorationSet>('passages')
const COMMENT_KEY = 'Mod-Alt-m'

export const Passages = Extension.create<object, PassagesStorage>({
  name: 'passages',

  addStorage: () => ({ keeper: undefined }),

  addKeyboardShortcuts() {
    return { [COMMENT_KEY]: () => commentOnSelection(this.editor) }
  },

  addProseMirrorPlugins() {
    const { editor, storage } = this
    const readersKeys = keydownHandler({ [COMMENT_KEY]: () => commentOnSelection(editor) })
    return [
      new Plugin<DecorationSet>({
        key,
        state: {
          init: () => DecorationSet.empty,
          apply(transaction, before, _, state) {
            if (transaction.getMeta(key) !== undefined) return storage.keeper?.locate(state) ?? before
            if (!transaction.docChanged) return before
            // A change of others, or an undo, replaces the whole text: nothing of it could be followed.
            return isFromYjs(transaction)
              ? (storage.keeper?.locate(state) ?? DecorationSet.empty)
              : before.map(transaction.mapping, transaction.doc)
          },
        },
        view: () => ({
          update(view, before) {
            if (view.state.doc !== before.doc) storage.keeper?.changed()
          },
        }),
        props: {
          decorations: (state) => key.getState(state),
          handleDOMEvents: {
            // What can't be written in takes no shortcut of an editor's, and is commented on all the same.
            keydown: (view, event) => {
              if (view.editable || !readersKeys(view, event)) return false
              event.preventDefault()
              return true
            },
          },
          handleClick: (view, position) => {
            const threadId = threadAt(view.state, position)
            if (threadId !== undefined) storage.keeper?.clicked(threadId)
            return false
          },
        },
      }),
    ]
  },
})

const isFromYjs = (transaction: Transaction): boolean =>
  (transaction.getMeta(ySyncPluginKey) as { isChangeOrigin?: boolean } | undefined)?.isChangeOrigin === true

export function attachKeeper(editor: Editor, keeper: PassageKeeper): () => void {
  // An editor that has ended has no storage any more.
  const { passages } = editor.storage
  passages.keeper = keeper
  return () => {
    passages.keeper = undefined
  }
}

/** Looks anew where the passages stand. */
export function relocatePassages(editor: Editor): void {
  editor.view.dispatch(editor.state.tr.setMeta(key, true))
}

export const passagesOf = (state: EditorState): DecorationSet => key.getState(state) ?? DecorationSet.empty

/** The thread at a position of the text; of several the one with the shortest passage. */
export function threadAt(state: EditorState, position: number): number | undefined {
  const here = passagesOf(state)
    .find(position, position)
    .sort((one, other) => one.to - one.from - (other.to - other.from))
  for (const { spec } of here) {
    const { threadId } = spec as { threadId?: number }
    if (threadId !== undefined) return threadId
  }
  return undefined
}

/** False as long as there is nobody to take the comment. */
export function commentOnSelection(editor: Editor): boolean {
  const { keeper } = editor.storage.passages
  keeper?.comment()
  return keeper !== undefined
}

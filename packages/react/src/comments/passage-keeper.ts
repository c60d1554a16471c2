import type { StoryRoomApi } from '@storyweave/client'
import type { Editor } from '@tiptap/core'
import type { EditorState } from '@tiptap/pm/state'
import { Decoration, DecorationSet } from '@tiptap/pm/view'
import type { XmlFragment } from 'yjs'
import { movedSelection } from '../editor/moved-selection.ts'
import type { Place } from '../provider/room.ts'
import type { Toasts } from '../ui/toast-store.ts'
import { type ActiveThread, type CommentFocus, commentFocusOf } from './focus.ts'
import { selectedPassage } from './make-draft.ts'
import { PassageFinder } from './passage-finder.ts'
import { type Passage, passagesIn } from './passage-list.ts'
import { attachKeeper, type PassageKeeper, passagesOf, relocatePassages, threadAt } from './passages.ts'
import { offerButton } from './selection-button.ts'
import { commentStrings } from './strings.ts'

/** So long after the last change the text has come to rest, and what was lost is searched for. */
const REST_MS = 400

export interface KeepOptions {
  readonly room: Pick<StoryRoomApi, 'subscribe' | 'getSnapshot' | 'openThreads'>
  readonly goTo: (place: Place) => void
  readonly toasts: Toasts
  /** Of the application, before the kit's own. */
  readonly strings: Partial<typeof commentStrings> | undefined
  readonly beatId: number
  readonly sceneId: number
  readonly sceneKey: string
  readonly fragment: XmlFragment
}

/** Lights up a scene's passages as long as it is not stopped, and lets one comment on others. */
export function keepPassages(editor: Editor, options: KeepOptions): () => void {
  const keeper = new ScenePassages(editor, options)
  // Whoever lists the threads tells of a failure, and tries again.
  options.room.openThreads().catch(() => undefined)
  return () => keeper.stop()
}

class ScenePassages implements PassageKeeper {
  readonly #editor: Editor
  readonly #options: KeepOptions
  readonly #focus: CommentFocus
  readonly #finder: PassageFinder
  readonly #strings: typeof commentStrings
  readonly #stops: readonly (() => void)[]
  #passages: readonly Passage[] = []
  #threads: unknown
  #outgoing: unknown
  /** The text was scrolled to it already. */
  #revealed: ActiveThread | undefined
  #rest: ReturnType<typeof setTimeout> | undefined
  #painting: number | undefined

  constructor(editor: Editor, options: KeepOptions) {
    this.#editor = editor
    this.#options = options
    this.#focus = commentFocusOf(options.room)
    this.#finder = new PassageFinder(options.fragment, options.sceneKey)
    this.#strings = { ...commentStrings, ...options.strings }
    this.#stops = [
      attachKeeper(editor, this),
      options.room.subscribe(() => this.#roomChanged()),
      this.#focus.subscribe(() => this.#show()),
      offerButton(editor, this.#strings.comment, () => this.comment()),
    ]
    this.#roomChanged()
    this.#show()
  }

  stop(): void {
    clearTimeout(this.#rest)
    if (this.#painting !== undefined) cancelAnimationFrame(this.#painting)
    for (const stop of this.#stops) stop()
    this.#focus.place(this.#options.sceneId, undefined)
  }

  locate(state: EditorState): DecorationSet {
    const decorations = this.#passages.flatMap((passage) => {
      const range = this.#finder.find(passage, state)
      return range === undefined ? [] : decorate(passage, range.from, range.to)
    })
    return decorations.length === 0 ? DecorationSet.empty : DecorationSet.create(state.doc, decorations)
  }

  changed(): void {
    if (this.#passages.length === 0) return
    clearTimeout(this.#rest)
    this.#rest = setTimeout(() => this.#look(), REST_MS)
  }

  clicked(threadId: number): void {
    this.#goToThread(threadId, false)
  }

  /** With nothing selected: to the thread at the caret, else a comment on the scene. */
  comment(): void {
    const { beatId, sceneId, sceneKey, fragment, toasts } = this.#options
    this.#takeSelection()
    const { state } = this.#editor
    const selected = selectedPassage(state, fragment, sceneKey)
    const here = state.selection.empty ? threadAt(state, state.selection.head) : undefined
    if (here !== undefined) return this.#goToThread(here, true)
    if (selected.kind === 'too_long') return toasts.complain(this.#strings.tooLong)
    const { anchor, quote } = selected.kind === 'passage' ? selected : NO_PASSAGE
    const goBack = (isWritten: boolean) => this.#goBack(isWritten)
    this.#focus.begin({ beatId, sceneId, anchor, quote, goBack })
  }

  /** Two keys in quick succession: what the first has selected on the screen is meant by the second. */
  #takeSelection(): void {
    const { view } = this.#editor
    const selection = movedSelection(view)
    if (selection !== undefined) view.dispatch(view.state.tr.setSelection(selection))
  }

  /** What was commented on needs to be selected no more. */
  #goBack(isWritten: boolean): void {
    if (this.#editor.isDestroyed) return
    const end = isWritten ? this.#editor.state.selection.to : null
    this.#editor.commands.focus(end, { scrollIntoView: false })
  }

  #goToThread(threadId: number, withKeyboard: boolean): void {
    this.#focus.activate(threadId, 'text', withKeyboard)
    this.#options.goTo({ beatId: this.#options.beatId, threadId })
  }

  /** The room changes with every key; its threads seldom. */
  #roomChanged(): void {
    const { threads, outgoing } = this.#options.room.getSnapshot().threads
    if (threads === this.#threads && outgoing === this.#outgoing) return
    this.#threads = threads
    this.#outgoing = outgoing
    this.#show()
  }

  #show(): void {
    const { active, draft } = this.#focus.getSnapshot()
    const { room, sceneId } = this.#options
    const before = this.#passages
    this.#passages = passagesIn(sceneId, { threads: room.getSnapshot().threads, active, draft })
    if (this.#passages.length > 0 || before.length > 0) this.#look()
    else this.#reveal()
  }

  #look(): void {
    clearTimeout(this.#rest)
    if (this.#editor.isDestroyed) return
    this.#finder.search(this.#passages, this.#editor.state)
    relocatePassages(this.#editor)
    this.#focus.place(this.#options.sceneId, idsIn(this.#editor.state))
    this.#reveal()
  }

  /** Scrolls to what somebody is led to, once, as soon as it is there. */
  #reveal(): void {
    const { active } = this.#focus.getSnapshot()
    if (active === undefined || active === this.#revealed || active.from === 'text') return
    // A column that was hidden is shown first.
    this.#painting ??= requestAnimationFrame(() => {
      this.#painting = undefined
      const target = this.#targetOf(active.id)
      if (target === undefined) return
      this.#revealed = active
      target.scrollIntoView({ block: 'center', behavior: wantsCalm() ? 'instant' : 'smooth' })
    })
  }

  #targetOf(threadId: number): Element | undefined {
    const { dom } = this.#editor.view
    const passage = dom.querySelector(`[data-thread="${threadId}"]`)
    if (passage !== null) return passage
    const { threads } = this.#options.room.getSnapshot().threads
    const thread = threads.find(({ first }) => first.id === threadId)
    const isOnScene = thread?.first.scene_id === this.#options.sceneId && thread.first.anchor === null
    return isOnScene ? (dom.closest('.sw-scene')?.firstElementChild ?? undefined) : undefined
  }
}

const NO_PASSAGE = { anchor: undefined, quote: undefined }
const wantsCalm = () => matchMedia('(prefers-reduced-motion: reduce)').matches

function decorate({ threadId, strong }: Passage, from: number, to: number): Decoration {
  const attributes = {
    nodeName: 'mark',
    class: strong ? 'sw-mark sw-mark-strong' : 'sw-mark',
    ...(threadId !== undefined && { 'data-thread': String(threadId) }),
  }
  return Decoration.inline(from, to, attributes, { threadId })
}

function idsIn(state: EditorState): readonly number[] {
  const found = passagesOf(state).find()
  return found
    .sort((one, other) => one.from - other.from || one.to - other.to)
    .flatMap(({ spec }) => (spec as { threadId?: number }).threadId ?? [])
}

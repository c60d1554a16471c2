import { resolveAnchor } from '@storyweave/client'
import { SceneAnchors } from '@storyweave/prose'
import type { NewAnchor } from '@storyweave/protocol'
import type { EditorState } from '@tiptap/pm/state'
import { relativePositionToAbsolutePosition, ySyncPluginKey } from '@tiptap/y-tiptap'
import {
  createAbsolutePositionFromRelativePosition,
  createRelativePositionFromTypeIndex,
  type RelativePosition,
  type XmlFragment,
  XmlText,
} from 'yjs'
import type { Passage } from './passage-list.ts'

interface Range {
  readonly from: number
  readonly to: number
}
type Ends = { readonly from: RelativePosition; readonly to: RelativePosition }

/**
 * Where passages stand in an editor's text. By their positions this costs nothing that grows with the text; searching
 * for words reads the whole scene, and is done when the text has come to rest.
 */
export class PassageFinder {
  readonly #fragment: XmlFragment
  readonly #sceneKey: string
  readonly #ends = new WeakMap<NewAnchor, Ends>()
  /** Where the words of those were found that their positions hold no more. */
  #found = new WeakMap<NewAnchor, Ends>()

  constructor(fragment: XmlFragment, sceneKey: string) {
    this.#fragment = fragment
    this.#sceneKey = sceneKey
  }

  find(passage: Passage, state: EditorState): Range | undefined {
    const held = this.#held(passage.anchor, state)
    if (held !== undefined && (!passage.detached || isQuote(passage, held, state))) return held
    const found = this.#found.get(passage.anchor)
    return found === undefined ? undefined : this.#range(found, state)
  }

  /** Looks for the words of those that are nowhere, until the server has done so. */
  search(passages: readonly Passage[], state: EditorState): void {
    this.#found = new WeakMap()
    const { doc } = this.#fragment
    if (doc === null) return
    let scene: SceneAnchors | undefined
    for (const { anchor, quoted, detached } of passages) {
      if (quoted === undefined || detached || this.#held(anchor, state) !== undefined) continue
      scene ??= new SceneAnchors(doc, this.#sceneKey)
      const found = scene.find(quoted)
      const ends = found && resolveAnchor(doc, found)?.relative
      if (ends !== undefined) this.#found.set(anchor, ends)
    }
  }

  #held(anchor: NewAnchor, state: EditorState): Range | undefined {
    const ends = this.#endsOf(anchor)
    return ends === undefined ? undefined : this.#range(ends, state)
  }

  /** They are read once: what they point at is looked up anew each time. */
  #endsOf(anchor: NewAnchor): Ends | undefined {
    const known = this.#ends.get(anchor)
    if (known !== undefined || this.#fragment.doc === null) return known
    const place = resolveAnchor(this.#fragment.doc, anchor)
    if (place?.sceneKey !== this.#sceneKey) return undefined
    this.#ends.set(anchor, place.relative)
    return place.relative
  }

  #range(ends: Ends, state: EditorState): Range | undefined {
    const [from, to] = [positionOf(ends.from, state), positionOf(ends.to, state)]
    if (from === null || to === null || from >= to || to > state.doc.content.size) return undefined
    return { from, to }
  }
}

/** Null where a position stands nowhere in the text. */
function positionOf(relative: RelativePosition, state: EditorState): number | null {
  const sync = ySyncPluginKey.getState(state)
  if (!sync?.binding) return null
  const { doc, type, binding } = sync
  const absolute = (of: RelativePosition): number | null =>
    relativePositionToAbsolutePosition(doc, type, of, binding.mapping)
  const found = absolute(relative)
  if (found !== null) return found
  // The binding takes the first letter of a text for a mistake; its beginning is the same place.
  const place = createAbsolutePositionFromRelativePosition(relative, doc)
  if (place?.index !== 0 || !(place.type instanceof XmlText)) return null
  return absolute(createRelativePositionFromTypeIndex(place.type, 0, -1))
}

const isQuote = ({ quoted }: Passage, { from, to }: Range, { doc }: EditorState): boolean =>
  quoted !== undefined && letters(doc.textBetween(from, to, '\n', '\n')) === letters(quoted.quote)

/** White space does not count: a line may have been broken, or two joined. */
const letters = (text: string): string => text.replaceAll(/\s+/g, '')

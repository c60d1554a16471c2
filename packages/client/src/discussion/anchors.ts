import { type Anchor, type NewAnchor, sceneKeyOfRoot, sceneRoot } from '@storyweave/protocol'
import * as Y from 'yjs'

/** Where an anchored thread's text stands in an open document. */
export interface AnchorPlace {
  readonly sceneKey: string
  readonly from: Y.AbsolutePosition
  readonly to: Y.AbsolutePosition
  /** The same as editors' bindings take them. */
  readonly relative: { readonly from: Y.RelativePosition; readonly to: Y.RelativePosition }
}

/** Undefined where the document does not have the place, or has it no more: the quote is all there is then. */
export function resolveAnchor(doc: Y.Doc, anchor: Pick<Anchor, 'start' | 'end'>): AnchorPlace | undefined {
  const relative = { from: decode(anchor.start), to: decode(anchor.end) }
  if (relative.from === undefined || relative.to === undefined) return undefined
  const from = Y.createAbsolutePositionFromRelativePosition(relative.from, doc)
  const to = Y.createAbsolutePositionFromRelativePosition(relative.to, doc)
  if (from === null || to === null) return undefined
  const sceneKey = sceneOf(from.type)
  if (sceneKey === undefined || sceneOf(to.type) !== sceneKey) return undefined
  return { sceneKey, from, to, relative: { from: relative.from, to: relative.to } }
}

/** Undefined where the positions are not both in this scene. */
export function makeAnchor(
  doc: Y.Doc,
  sceneKey: string,
  start: Y.RelativePosition,
  end: Y.RelativePosition,
): NewAnchor | undefined {
  // A root that was never asked for is not there for `resolveAnchor` either.
  doc.getXmlFragment(sceneRoot(sceneKey))
  const anchor = { start: encode(start), end: encode(end) }
  return resolveAnchor(doc, anchor)?.sceneKey === sceneKey ? anchor : undefined
}

/** The scene in whose text a type stands; undefined where it stands nowhere any more. */
function sceneOf(type: Y.ContentType['type']): string | undefined {
  const item = type._item
  if (item === null) return sceneKeyOfRoot(Y.findRootTypeKey(type))
  return item.deleted || !(item.parent instanceof Y.AbstractType) ? undefined : sceneOf(item.parent)
}

const encode = (position: Y.RelativePosition): string =>
  btoa(String.fromCharCode(...Y.encodeRelativePosition(position)))

function decode(text: string): Y.RelativePosition | undefined {
  try {
    return Y.decodeRelativePosition(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)))
  } catch {
    return undefined
  }
}

import { sceneRoot } from '@storyweave/protocol'
import * as Y from 'yjs'
import {
  type DrawerEntry,
  type Element,
  isInline,
  isRun,
  type Passage,
  type PassagePlace,
  type Piece,
  type TextRun,
} from './entry.ts'
import type { SharedType } from './read-pieces.ts'

type Container = Y.XmlFragment | Y.XmlElement

/**
 * Writes an entry's words into its beat's document: each passage where it stood, or, where that place is gone,
 * at the end of its field or scene; of the beat's last scene, where its own is gone. `sceneKeys` are the scenes
 * of the beat in their order. False, and nothing written, where there is no scene to write into.
 */
export function putBack(doc: Y.Doc, entry: DrawerEntry, sceneKeys: readonly string[]): boolean {
  const { place, passages } = entry
  if (place.kind === 'card') {
    doc.transact(() => {
      for (const passage of passages) intoField(doc, doc.getText(place.field), passage)
    })
    return true
  }
  const key = sceneKeys.includes(place.key) ? place.key : sceneKeys.at(-1)
  if (key === undefined) return false
  doc.transact(() => {
    for (const passage of passages) intoScene(doc, doc.getXmlFragment(sceneRoot(key)), passage)
  })
  return true
}

function intoField(doc: Y.Doc, field: Y.Text, { place, text }: Passage): void {
  const found = resolve(doc, place, field)
  if (found !== undefined) return field.insert(found.index, text)
  field.insert(field.length, field.length === 0 || field === doc.getText('title') ? text : `\n${text}`)
}

function intoScene(doc: Y.Doc, scene: Y.XmlFragment, { place, content }: Passage): void {
  const found = resolve(doc, place, scene)
  if (found?.type instanceof Y.XmlText) return insertRuns(found.type, found.index, content.filter(isRun))
  // `XmlElement` is an `XmlFragment` as well.
  if (found?.type instanceof Y.XmlFragment) return insertPieces(found.type, found.index, content)
  insertPieces(scene, scene.length, asBlocks(content))
}

/** The place as it is now; undefined where it is gone, or in another root than this. */
function resolve(doc: Y.Doc, place: PassagePlace, root: SharedType) {
  const relative = Y.createRelativePositionFromJSON(place)
  const found = Y.createAbsolutePositionFromRelativePosition(relative, doc, false)
  return found !== null && isWithin(found.type, root) ? found : undefined
}

function isWithin(type: SharedType, root: SharedType): boolean {
  if (type === root) return true
  const item = type._item
  if (item === null || item.deleted || !(item.parent instanceof Y.AbstractType)) return false
  return isWithin(item.parent, root)
}

/** Marks that stand at the place end before the words where they had none. */
function insertRuns(text: Y.Text, index: number, runs: readonly TextRun[]): void {
  let at = index
  for (const run of runs) {
    text.insert(at, run.text, { ...run.marks })
    at += run.text.length
  }
}

function insertPieces(container: Container, index: number, pieces: readonly Piece[]): void {
  let at = index
  for (const group of groups(pieces)) at += insertGroup(container, at, group)
}

/** How many children the container has got. */
function insertGroup(container: Container, at: number, group: Element | readonly TextRun[]): number {
  if ('element' in group) {
    container.insert(at, [build(group)])
    return 1
  }
  const before = at > 0 ? container.get(at - 1) : undefined
  const behind = at < container.length ? container.get(at) : undefined
  if (before instanceof Y.XmlText || behind instanceof Y.XmlText) {
    if (before instanceof Y.XmlText) insertRuns(before, before.length, group)
    else if (behind instanceof Y.XmlText) insertRuns(behind, 0, group)
    return 0
  }
  const text = new Y.XmlText()
  container.insert(at, [text])
  insertRuns(text, 0, group)
  return 1
}

/** Runs that stand together make one text. */
function groups(pieces: readonly Piece[]): readonly (Element | TextRun[])[] {
  const found: (Element | TextRun[])[] = []
  for (const piece of pieces) {
    const last = found.at(-1)
    if (!isRun(piece)) found.push(piece)
    else if (Array.isArray(last)) last.push(piece)
    else found.push([piece])
  }
  return found
}

function build({ element, attributes = {}, children }: Element): Y.XmlElement {
  // Yjs types attributes as texts, and keeps whatever they are.
  const built = new Y.XmlElement<Record<string, never>>(element)
  for (const [name, value] of Object.entries(attributes)) built.setAttribute(name, value as never)
  const parts = groups(children).map((group) => ('element' in group ? build(group) : buildText(group)))
  built.insert(0, parts)
  return built as unknown as Y.XmlElement
}

function buildText(runs: readonly TextRun[]): Y.XmlText {
  const text = new Y.XmlText()
  text.applyDelta(runs.map(({ text: insert, marks }) => ({ insert, ...(marks && { attributes: marks }) })))
  return text
}

/**
 * What may stand by itself: letters in a paragraph, items in a list. An editor deletes what its schema does not
 * allow.
 */
function asBlocks(pieces: readonly Piece[]): readonly Element[] {
  const blocks: Element[] = []
  let open: { readonly element: string; readonly children: Piece[] } | undefined
  for (const piece of pieces) {
    const element = wrapperOf(piece)
    if (element !== undefined && element === open?.element) {
      open.children.push(piece)
    } else {
      open = element === undefined ? undefined : { element, children: [piece] }
      blocks.push(open ?? (piece as Element))
    }
  }
  return blocks
}

/** Undefined for a block, which needs none. */
function wrapperOf(piece: Piece): string | undefined {
  if (isInline(piece)) return 'paragraph'
  return !isRun(piece) && piece.element === 'listItem' ? 'bulletList' : undefined
}

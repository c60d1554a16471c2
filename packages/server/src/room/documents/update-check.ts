import { isCardField, sceneKeyOfRoot } from '@storyweave/protocol'
import * as Y from 'yjs'
import { type Place, Places } from './places.ts'

/**
 * What an update would do to a document, decided on the decoded structs before anything is applied.
 * - `nothing_new`: all its structs and deletions are in the document already.
 * - `pending`: something it stands on is not there; applying it would wait invisibly.
 * - `bad`: it must never be applied; `why` is for the log of operations.
 * - `news`: it can be applied; `newClients` are Yjs client ids that nobody has written under yet, `sceneKeys` the
 *   scenes that it writes in.
 */
export type Verdict =
  | { readonly kind: 'nothing_new' }
  | { readonly kind: 'pending' }
  | { readonly kind: 'bad'; readonly why: string }
  | ({ readonly kind: 'news' } & News)

export interface News {
  readonly newClients: readonly number[]
  readonly sceneKeys: readonly string[]
}

/** What the check needs to know of the document around the Y.Doc. */
export interface UpdateContext {
  readonly doc: Y.Doc
  readonly userId: number
  /** The person a Yjs client id belongs to; undefined while it is free. */
  ownerOf(clientId: number): number | undefined
  hasScene(key: string): boolean
}

/** Beyond it the document's state could not be read by anybody any more. */
const MAX_CLOCK = 2 ** 48

const BAD = (why: string): Verdict => ({ kind: 'bad', why })

type Decoded = ReturnType<typeof Y.decodeUpdate>
type Struct = Decoded['structs'][number]
type DeleteSet = Decoded['ds']

/** A decoded update, or undefined where the bytes are none. */
export function decode(update: Uint8Array): Decoded | undefined {
  try {
    return Y.decodeUpdate(update)
  } catch {
    return undefined
  }
}

export function checkUpdate(update: Uint8Array, context: UpdateContext): Verdict {
  const decoded = decode(update)
  if (decoded === undefined) return BAD('does not decode')
  const extent = extentOf(decoded.structs, context.doc)
  if (extent === 'empty') return BAD('has a struct that is empty, or numbered beyond all numbers')
  if (extent === 'gap') return BAD('leaves a gap in its own structs')
  if (extent === 'missing') return { kind: 'pending' }
  if (deletionsReach(decoded.ds, extent, context.doc)) return { kind: 'pending' }
  const news = decoded.structs.filter((struct) => isNew(struct, context.doc))
  if (news.length === 0) {
    return isDeletedAlready(decoded.ds, context.doc)
      ? { kind: 'nothing_new' }
      : { kind: 'news', newClients: [], sceneKeys: [] }
  }
  return checkStructs(news, extent, context)
}

/** True where every struct and deletion of the update is in the document. */
export function isContained(update: Uint8Array, doc: Y.Doc): boolean {
  const decoded = decode(update)
  return (
    decoded !== undefined &&
    !decoded.structs.some((struct) => isNew(struct, doc)) &&
    isDeletedAlready(decoded.ds, doc)
  )
}

const stateOf = (doc: Y.Doc, client: number): number => Y.getState(doc.store, client)

const isNew = (struct: Struct, doc: Y.Doc): boolean =>
  struct.id.clock + struct.length > stateOf(doc, struct.id.client)

/** For each client of the update: the clock after its last struct. */
type Extent = ReadonlyMap<number, number>

function extentOf(structs: readonly Struct[], doc: Y.Doc): Extent | 'empty' | 'gap' | 'missing' {
  const ends = new Map<number, number>()
  for (const struct of structs) {
    if (struct instanceof Y.Skip) return 'gap'
    const { client, clock } = struct.id
    if (struct.length < 1 || clock + struct.length > MAX_CLOCK) return 'empty'
    const end = ends.get(client)
    if (end === undefined && clock > stateOf(doc, client)) return 'missing'
    if (end !== undefined && end !== clock) return 'gap'
    ends.set(client, clock + struct.length)
  }
  return ends
}

const reach = (client: number, extent: Extent, doc: Y.Doc): number =>
  Math.max(stateOf(doc, client), extent.get(client) ?? 0)

/** True where a deletion names structs that neither the document nor the update has. */
function deletionsReach(deletions: DeleteSet, extent: Extent, doc: Y.Doc): boolean {
  for (const [client, ranges] of deletions.clients) {
    const known = reach(client, extent, doc)
    if (ranges.some(({ clock, len }) => clock + len > known)) return true
  }
  return false
}

function isDeletedAlready(deletions: DeleteSet, doc: Y.Doc): boolean {
  for (const [client, ranges] of deletions.clients) {
    const structs = doc.store.clients.get(client)
    if (structs === undefined) return ranges.length === 0
    for (const { clock, len } of ranges) if (!rangeIsDeleted(structs, clock, clock + len)) return false
  }
  return true
}

function rangeIsDeleted(structs: (Y.Item | Y.GC)[], from: number, to: number): boolean {
  const last = structs.at(-1)
  if (last === undefined || to > last.id.clock + last.length) return false
  for (let index = Y.findIndexSS(structs, from); index < structs.length; index++) {
    const struct = structs[index]
    if (struct === undefined || struct.id.clock >= to) return true
    if (!struct.deleted) return false
  }
  return true
}

function checkStructs(news: readonly Struct[], extent: Extent, context: UpdateContext): Verdict {
  const newClients = new Set<number>()
  const sceneKeys = new Set<string>()
  const places = new Places(news, context.doc)
  for (const struct of news) {
    const { client } = struct.id
    const owner = context.ownerOf(client)
    if (owner !== undefined && owner !== context.userId) return BAD("writes under another person's client id")
    if (owner === undefined) newClients.add(client)
    if (struct instanceof Y.Item) {
      if (!standsOnKnown(struct, extent, context.doc)) return { kind: 'pending' }
      const place = places.of(struct)
      const complaint = complaintAbout(struct, place, context)
      if (complaint !== undefined) return BAD(complaint)
      const sceneKey = typeof place === 'string' ? undefined : sceneKeyOfRoot(place.root)
      if (sceneKey !== undefined) sceneKeys.add(sceneKey)
    }
  }
  return { kind: 'news', newClients: [...newClients], sceneKeys: [...sceneKeys] }
}

function standsOnKnown(item: Y.Item, extent: Extent, doc: Y.Doc): boolean {
  const known = (id: Y.ID | null) => id === null || id.clock < reach(id.client, extent, doc)
  // A decoded item's parent is the root's name, the id of the item that holds it, or null where its origin tells.
  const parent = item.parent as unknown
  return known(item.origin) && known(item.rightOrigin) && (!(parent instanceof Y.ID) || known(parent))
}

/** Contents that prose and cards are made of. No subdocuments, no binaries. */
function complaintAbout({ content }: Y.Item, place: Place, context: UpdateContext): string | undefined {
  if (content instanceof Y.ContentDoc || content instanceof Y.ContentBinary)
    return 'holds what a text never holds'
  if (place === 'nowhere') return undefined
  if (place === 'circle') return 'stands on itself'
  if (place.isAttribute) return 'writes attributes of a root'
  if (isCardField(place.root)) {
    const isText =
      content instanceof Y.ContentString ||
      content instanceof Y.ContentFormat ||
      content instanceof Y.ContentDeleted
    return isText ? undefined : 'puts something other than text into a card'
  }
  const key = sceneKeyOfRoot(place.root)
  return key !== undefined && context.hasScene(key)
    ? undefined
    : 'stands on a root the document does not have'
}

import * as Y from 'yjs'

type Struct = ReturnType<typeof Y.decodeUpdate>['structs'][number]

/** Under which root a struct stands, whether directly in it, and if so, whether as an attribute. */
interface Standing {
  readonly root: string
  readonly isDirect: boolean
  readonly isAttribute: boolean
}

/**
 * Where a struct will stand. `nowhere`: what it stands on is deleted and forgotten, so Yjs forgets it, too.
 * `circle`: it stands on itself.
 */
export type Place = Standing | 'nowhere' | 'circle'

/**
 * The places of an update's structs. An encoded item names its parent only where it has no neighbour: else the place
 * is the neighbour's, found here before anything is applied.
 */
export class Places {
  readonly #doc: Y.Doc
  readonly #byClient: ReadonlyMap<number, Struct[]>
  readonly #known = new Map<Struct, Place>()

  constructor(structs: readonly Struct[], doc: Y.Doc) {
    this.#doc = doc
    this.#byClient = Map.groupBy(structs, ({ id }) => id.client)
  }

  /** Without recursion: one item may stand on the next a million times. */
  of(struct: Struct): Place {
    const way = new Set<Y.Item>()
    let place: Place | undefined
    let next: Struct | undefined = struct
    while (place === undefined) {
      place = this.#placeOf(next)
      if (place !== undefined || !(next instanceof Y.Item)) break
      if (way.has(next)) place = 'circle'
      way.add(next)
      const id = idOfGround(next)
      if (id.clock < Y.getState(this.#doc.store, id.client)) {
        place = placeOfIntegrated(Y.getItem(this.#doc.store, id))
      } else next = this.#find(id)
    }
    return this.#remember([...way], place ?? 'nowhere')
  }

  /** The place of a struct that tells it by itself, or is known already. */
  #placeOf(struct: Struct | undefined): Place | undefined {
    if (!(struct instanceof Y.Item)) return 'nowhere'
    const parent = struct.parent as unknown
    if (typeof parent !== 'string') return this.#known.get(struct)
    return { root: parent, isDirect: true, isAttribute: struct.parentSub !== null }
  }

  #remember(way: readonly Y.Item[], ground: Place): Place {
    let place = ground
    for (const item of way.toReversed()) {
      const isInside = (item.parent as unknown) instanceof Y.ID
      if (isInside && typeof place !== 'string') place = { ...place, isDirect: false, isAttribute: false }
      this.#known.set(item, place)
    }
    return place
  }

  #find(id: Y.ID): Struct | undefined {
    const structs = this.#byClient.get(id.client) ?? []
    const last = structs.at(-1)
    if (last === undefined || id.clock >= last.id.clock + last.length) return undefined
    return structs[Y.findIndexSS(structs as Y.Item[], id.clock)]
  }
}

/** What an item without a root's name stands on: the item around it, or its neighbour. */
function idOfGround(item: Y.Item): Y.ID {
  const parent = item.parent as unknown
  const id = parent instanceof Y.ID ? parent : (item.origin ?? item.rightOrigin)
  if (id === null) throw new Error('A decoded item names a parent or a neighbour.')
  return id
}

function placeOfIntegrated(struct: Y.Item | Y.GC): Place {
  let isDirect = true
  for (let item: Y.Item | Y.GC | null = struct; item instanceof Y.Item; isDirect = false) {
    const type = item.parent as unknown
    if (!(type instanceof Y.AbstractType)) return 'nowhere'
    if (type._item === null) {
      return { root: Y.findRootTypeKey(type), isDirect, isAttribute: isDirect && item.parentSub !== null }
    }
    item = type._item
  }
  return 'nowhere'
}

/** So many ids are remembered of one person: a page that is loaded anew has another one each time. */
const IDS_OF_ONE = 64
const IDS = 4_096

/** Who has shown a caret under which Yjs client id. Bounded: the oldest is forgotten first, of each person their own. */
export class CaretOwners {
  readonly #persons = new Map<number, number>()
  readonly #idsOf = new Map<number, Set<number>>()

  /** An id belongs to the first person who shows a caret under it. */
  claim(clientId: number, userId: number): void {
    if (this.#persons.has(clientId)) return
    this.#persons.set(clientId, userId)
    const ids = this.#idsOf.get(userId) ?? new Set()
    this.#idsOf.set(userId, ids.add(clientId))
    const [oldest] = ids.size > IDS_OF_ONE ? ids : this.#persons.keys()
    if (oldest !== undefined && (ids.size > IDS_OF_ONE || this.#persons.size > IDS)) this.#forget(oldest)
  }

  #forget(clientId: number): void {
    const userId = this.#persons.get(clientId) ?? 0
    this.#persons.delete(clientId)
    const ids = this.#idsOf.get(userId)
    ids?.delete(clientId)
    if (ids?.size === 0) this.#idsOf.delete(userId)
  }

  of(clientId: number): number | undefined {
    return this.#persons.get(clientId)
  }
}

import { Violation } from './checks.ts'
import type { House } from './house.ts'
import type { Page } from './page.ts'
import type { Rows } from './rows.ts'

/** Everyone sees who is here, and nobody else: each person once, as they are. */
export function checkPresence(pages: readonly Page[], { roles }: Pick<House, 'roles'>): void {
  const here = new Set(pages.map(({ person }) => person.userId))
  const wanted = [...here].toSorted((one, other) => one - other).map((id) => `${id}, ${roles.get(id)}`)
  const since = new Map<string, string>()
  for (const { name, room } of pages) {
    const users = room.getSnapshot().users.toSorted((one, other) => one.user_id - other.user_id)
    const [is, should] = [users.map((user) => `${user.user_id}, ${user.role}`).join('; '), wanted.join('; ')]
    if (is !== should) throw new Violation(`${name} sees the people ${is}, and there are ${should}`)
    since.set(name, users.map(({ connected_at }) => connected_at).join('; '))
  }
  if (new Set(since.values()).size > 1)
    throw new Violation(`people are here since ${JSON.stringify([...since])}, not the same for all`)
}

/** Everyone sees the carets of the others that are shown, as they are, and none that is gone. */
export function checkCarets(pages: readonly Page[], beatIds: readonly number[]): void {
  for (const beatId of beatIds) {
    const shown = pages.flatMap(({ person, held }) => {
      const awareness = held.get(beatId)?.getSnapshot().awareness
      const state = awareness?.getLocalState()
      return awareness === undefined || state == null
        ? []
        : [{ userId: person.userId, caret: caretOf(awareness.clientID, state) }]
    })
    for (const page of pages) checkCaretsOf(page, beatId, shown)
  }
}

interface Shown {
  readonly userId: number
  readonly caret: string
}

function checkCaretsOf({ name, person, held }: Page, beatId: number, shown: readonly Shown[]): void {
  const awareness = held.get(beatId)?.getSnapshot().awareness
  if (awareness === undefined) return
  const seen = new Set(
    [...awareness.getStates()].flatMap(([id, state]) =>
      id === awareness.clientID || Object.keys(state).length === 0 ? [] : [caretOf(id, state)],
    ),
  )
  const where = `${name} in beat ${beatId}`
  const all = new Set(shown.map(({ caret }) => caret))
  const gone = [...seen].filter((caret) => !all.has(caret))
  if (gone.length > 0) throw new Violation(`${where} sees the carets ${gone}, and there are ${[...all]}`)
  const missing = shown.filter(({ userId, caret }) => userId !== person.userId && !seen.has(caret))
  if (missing.length > 0)
    throw new Violation(`${where} does not see ${missing.map(({ caret }) => caret)}, but ${[...seen]}`)
}

const caretOf = (clientId: number, state: Readonly<Record<string, unknown>>): string =>
  `${clientId} at ${state['at']}`

/** Who comes now is told by each node what the others know: the board as the tables have it. */
export function checkBoard({ name, room }: Page, { house, rows }: { house: House; rows: Rows }): void {
  const words = new Map(house.wordCounts)
  for (const { id, title, scenes } of room.getSnapshot().beats) {
    const wanted = rows.truth(id).getText('title').toString()
    if (title !== wanted) throw new Violation(`${name} is told that beat ${id} is ${title}, not ${wanted}`)
    for (const { key, word_count } of scenes) {
      if (word_count === words.get(key)) continue
      throw new Violation(`${name} is told of ${word_count} words in scene ${key}, not ${words.get(key)}`)
    }
  }
}

import { CARD_FIELDS } from '@storyweave/protocol'
import { getState } from 'yjs'
import type { House } from './house.ts'
import type { LockWatch } from './lock-watch.ts'
import type { Page } from './page.ts'
import type { Rows } from './rows.ts'
import { textOf, textOfUpdates } from './text.ts'
import type { Word, Words } from './words.ts'

/** Something that must never be, or not be at the end. */
export class Violation extends Error {
  override readonly name = 'Violation'
}

/** Stands for the page where a refused word is its writer's to decide about. */
export const DRAWER = 'the drawer'

/** A person whose role has changed is heard of by every room within this time, also where an answer is late, or lost. */
const ROLE_TOLD_MS = 3_000

export interface Evidence {
  readonly house: House
  readonly rows: Rows
  readonly words: Words
}

/** A row is stored: nobody else holds its beat. */
export function checkHolder(
  watch: LockWatch,
  { beatId, userId }: { readonly beatId: number; readonly userId: number },
): void {
  const holder = watch.standing().find((lock) => lock.beatId === beatId)?.userId ?? userId
  if (holder !== userId)
    throw new Violation(`person ${userId} has changed beat ${beatId}, which person ${holder} has locked`)
}

/** Everyone sees the locks that stand. */
export function checkLocks(
  pages: readonly Page[],
  watch: LockWatch,
  { house }: Pick<Evidence, 'house'>,
): void {
  const wanted = watch
    .standing()
    .filter(({ beatId }) => house.beatIds.includes(beatId))
    .map(({ beatId, userId, expiresAt }) => `beat ${beatId}, person ${userId}, until ${expiresAt}`)
  for (const { name, room } of pages) {
    const seen = room
      .getSnapshot()
      .locks.toSorted((one, other) => one.beat_id - other.beat_id)
      .map((lock) => `beat ${lock.beat_id}, person ${lock.locked_by}, until ${Date.parse(lock.expires_at)}`)
    const [is, should] = [seen.join('; '), wanted.join('; ')]
    if (is !== should) throw new Violation(`${name} sees the locks ${is}, and there are ${should}`)
  }
}

/** A row is on disk: whoever brought its words may do so. */
export function checkRow(
  { house, words }: Pick<Evidence, 'house' | 'words'>,
  row: { readonly beatId: number; readonly bytes: Uint8Array; readonly userId: number },
): void {
  const readerSince = house.readerSince.get(row.userId)
  for (const word of words.ofRow(row)) {
    if (word.refused) throw new Violation(`${nameOf(word)} was refused, and is on disk`)
    if (!word.committed && word.userId !== row.userId) {
      throw new Violation(`${nameOf(word)} is on disk as the word of person ${row.userId}`)
    }
    if (!word.committed && readerSince !== undefined && word.at > readerSince + ROLE_TOLD_MS) {
      throw new Violation(`${nameOf(word)} is on disk, but its writer may only read`)
    }
    word.committed = true
  }
}

/**
 * What must hold at every moment: nothing is seen before it is on disk, and nobody is told *Saved* falsely.
 * Answers with a promise only where the device has to be asked whether the words are in its drawer.
 */
export function checkPage(page: Page, { rows, words }: Evidence): Promise<void> | undefined {
  for (const [beatId, beat] of page.held) {
    const { doc, unsaved } = beat.getSnapshot()
    const truth = rows.truth(beatId)
    for (const client of doc.store.clients.keys()) {
      if (getState(doc.store, client) <= getState(truth.store, client)) continue
      const where = `${page.name} has of beat ${beatId} what is not on disk`
      if (!page.person.pens.has(client))
        throw new Violation(`${where}, from somebody else (client ${client})`)
      if (unsaved === 0) throw new Violation(`${where}, and says that nothing is unsaved (client ${client})`)
    }
  }
  if (page.room.getSnapshot().save.state !== 'saved') return undefined
  const missing = words.all.filter((word) => word.page === page.name && !isSafe(word))
  return missing.length === 0 ? undefined : checkDrawer(page, missing)
}

/** Words that are neither on disk nor waiting for the server have been put where their writer finds them. */
async function checkDrawer({ name, person }: Page, words: readonly Word[]): Promise<void> {
  const drawer = await person.device.drawerText()
  const missing = words.find(({ letter }) => !drawer.includes(letter))
  if (missing !== undefined) throw new Violation(`${name} says saved, but ${nameOf(missing)} is not on disk`)
}

const isSafe = ({ committed, erased, lost }: Word): boolean => committed || erased || lost

export const nameOf = ({ letter, userId, beatId, page }: Word): string =>
  `the word ${letter} of person ${userId} in beat ${beatId} (${page})`

/** What must hold in the end, where everyone has come back and is at rest. */
export async function checkEnd(pages: readonly Page[], evidence: Evidence): Promise<void> {
  for (const beatId of evidence.house.beatIds) {
    const fresh = checkFreshReader(beatId, evidence)
    for (const page of pages) checkReader(page, beatId, fresh, evidence)
    checkProjection(beatId, evidence)
    checkCard(beatId, evidence)
  }
  for (const page of pages) checkOutline(page, evidence)
  await checkWords(pages, evidence)
}

/** Every word is on disk and in the text, or where its writer finds it: of those that were refused, in the drawer. */
export async function checkWords(pages: readonly Page[], evidence: Evidence): Promise<void> {
  for (const word of evidence.words.all) await checkWord(word, pages, evidence)
}

/** Nothing that was written once stands twice; prose is left out, where a paragraph is split by two at once. */
function checkCard(beatId: number, { rows, words }: Evidence): void {
  const seen = new Set<Word>()
  for (const field of CARD_FIELDS) {
    for (const word of words.in(rows.truth(beatId).getText(field).toString())) {
      if (seen.has(word) && !word.mayRepeat) throw new Violation(`${nameOf(word)} stands twice in its card`)
      seen.add(word)
    }
  }
}

/** What the log gives to who reads it anew is what was committed. */
function checkFreshReader(beatId: number, { house, rows }: Evidence): string {
  const keys = house.scenesOf(beatId).map(({ key }) => key)
  const loaded = rows.load(beatId)
  if (loaded === undefined) throw new Violation(`beat ${beatId} can't be read`)
  const fresh = textOfUpdates(loaded.updates, keys)
  const truth = textOf(rows.truth(beatId), keys)
  if (fresh !== truth) throw new Violation(`beat ${beatId} reads ${fresh} anew, but was ${truth}`)
  return fresh
}

function checkReader(page: Page, beatId: number, fresh: string, { house }: Evidence): void {
  const beat = page.held.get(beatId)
  if (beat === undefined) throw new Violation(`${page.name} does not hold beat ${beatId}`)
  const { doc, state, unsaved } = beat.getSnapshot()
  const where = `${page.name} beat ${beatId}`
  if (state !== 'synced') throw new Violation(`${where} is ${state}`)
  if (unsaved > 0) throw new Violation(`${where} has ${unsaved} unsaved changes`)
  const text = textOf(
    doc,
    house.scenesOf(beatId).map(({ key }) => key),
  )
  if (text !== fresh) throw new Violation(`${where} reads\n${text}\nand the log\n${fresh}`)
}

function checkProjection(beatId: number, { rows }: Evidence): void {
  const projection = rows.projection(beatId)
  const { truth, head } = { truth: rows.truth(beatId), head: rows.headSeq(beatId) }
  if (projection?.seq !== head)
    throw new Violation(`beat ${beatId} is projected to ${projection?.seq} of ${head}`)
  for (const [field, text] of Object.entries(projection.card)) {
    const wanted = truth.getText(field).toString()
    if (text !== wanted) throw new Violation(`beat ${beatId} projects ${field} as ${text}, not ${wanted}`)
  }
}

function checkOutline(page: Page, { house, rows }: Evidence): void {
  const { beats, save } = page.room.getSnapshot()
  const seen = beats.map(({ id, title, scenes }) => ({ id, title, scenes: scenes.map(({ key }) => key) }))
  const wanted = house.outline.map(({ id, scenes }) => ({
    id,
    title: rows.truth(id).getText('title').toString(),
    scenes: scenes.map(({ key }) => key),
  }))
  const [is, should] = [JSON.stringify(seen), JSON.stringify(wanted)]
  if (is !== should) throw new Violation(`${page.name} sees ${is}, not ${should}`)
  if (page.room.hasUnsaved()) {
    throw new Violation(`${page.name} has something unsaved: ${JSON.stringify(save)}`)
  }
}

async function checkWord(word: Word, pages: readonly Page[], { house, rows }: Evidence): Promise<void> {
  if (word.erased || word.lost || !house.beatIds.includes(word.beatId)) return
  const keys = house.scenesOf(word.beatId).map(({ key }) => key)
  if (word.committed) {
    if (!textOf(rows.truth(word.beatId), keys).includes(word.letter))
      throw new Violation(`${nameOf(word)} is gone`)
    return
  }
  if (!word.page.startsWith('page') && word.page !== DRAWER) return
  const mine = pages.filter(({ person }) => person.userId === word.userId)
  const texts = mine.map(({ held }) => held.get(word.beatId)?.getSnapshot().doc)
  if (texts.some((doc) => doc !== undefined && textOf(doc, keys).includes(word.letter))) return
  const device = mine[0]?.person.device
  const kept = [await device?.textOf(word.beatId, keys), await device?.drawerText()]
  if (!kept.some((text) => text?.includes(word.letter)))
    throw new Violation(`${nameOf(word)} is neither on disk nor kept`)
}

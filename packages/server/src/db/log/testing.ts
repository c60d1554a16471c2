import * as Y from 'yjs'
import type { AppendResult, AppendRow, LoadedDocument } from '../../room/ports.ts'
import {
  addMember,
  addStory,
  TEST_TIME,
  type TemporaryDatabase,
  type TestDatabaseKind,
  temporaryDatabase,
} from '../testing.ts'

/** What tests of the log write and read with. */

/** A story of two beats, with Alice and Bob, who may write in it. */
export interface LogFixture {
  readonly database: TemporaryDatabase
  readonly storyId: number
  readonly beatId: number
  readonly otherBeatId: number
  readonly alice: number
  readonly bob: number
  /** Makes the rows of the fixture's own node. */
  readonly rows: RowMaker
  /** Alice types the text as client 1, a row for each letter: the title's length is the row's number ever after. */
  readonly typed: (text: string) => AppendRow[]
  readonly storedSeqs: (beatId: number) => Promise<number[]>
  readonly deleteBeat: (beatId: number) => Promise<unknown>
  /** To the first beat. */
  readonly addScene: (key: string, deletedAt?: number | null) => Promise<unknown>
}

export async function openLogFixture(kind: TestDatabaseKind): Promise<LogFixture> {
  const database = await temporaryDatabase({ kind })
  const { db } = database
  const { storyId, userId: alice, beatIds } = await addStory(database, { beats: 2 })
  const [beatId = 0, otherBeatId = 0] = beatIds
  const bob = await addMember(database, storyId, { name: 'Bob' })
  const rows = new RowMaker(storyId)
  return {
    ...{ database, storyId, beatId, otherBeatId, alice, bob, rows },
    typed: (text) =>
      typing(text, 1).map((bytes) => rows.make({ beatId, userId: alice, bytes, newClients: [1] })),
    storedSeqs: async (id) => {
      const stored = db.selectFrom('document_updates').select('seq').where('beat_id', '=', id)
      return (await stored.orderBy('seq').execute()).map(({ seq }) => seq)
    },
    deleteBeat: (id) => db.updateTable('beats').set({ deleted_at: TEST_TIME }).where('id', '=', id).execute(),
    addScene: (key, deletedAt = null) =>
      db
        .insertInto('scenes')
        .values({
          ...{ beat_id: beatId, key, position: 'a0', title: null, plain_text: '', word_count: 0 },
          ...{ deleted_at: deletedAt, created_at: 0, updated_at: 0 },
        })
        .execute(),
  }
}

/** Makes rows of one node and counts them. */
export class RowMaker {
  readonly #storyId: number
  #counter = 0

  constructor(storyId: number) {
    this.#storyId = storyId
  }

  make(row: Pick<AppendRow, 'beatId' | 'userId'> & Partial<AppendRow>): AppendRow {
    return {
      storyId: this.#storyId,
      bytes: EMPTY_UPDATE,
      newClients: [],
      counter: ++this.#counter,
      at: TEST_TIME,
      ...row,
    }
  }
}

/** A Yjs update that changes nothing. */
export const EMPTY_UPDATE = new Uint8Array([0, 0])

/** Types `text` into a document's title, one update for each letter. */
export function typing(text: string, clientId: number): Uint8Array[] {
  const doc = new Y.Doc()
  doc.clientID = clientId
  const updates: Uint8Array[] = []
  doc.on('update', (update) => updates.push(update))
  for (const [index, letter] of [...text].entries()) doc.getText('title').insert(index, letter)
  doc.destroy()
  return updates
}

/** The title and the state vector of what was loaded. */
export function contents(loaded: LoadedDocument | undefined): { title: string; vector: Map<number, number> } {
  if (loaded === undefined) throw new Error('There is no such document')
  const doc = new Y.Doc()
  for (const update of loaded.updates) Y.applyUpdate(doc, update)
  const vector = Y.decodeStateVector(Y.encodeStateVector(doc))
  const title = doc.getText('title').toString()
  doc.destroy()
  return { title, vector }
}

/** The numbers that rows got; a refusal is a failure. */
export const seqsOf = (results: readonly AppendResult[]): number[] =>
  results.map((result) => {
    if (!result.ok) throw new Error(`A row was refused: ${result.code}`)
    return result.seq
  })

/** 1 to `count`. */
export const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1)

export const rising = (numbers: readonly number[]): number[] => numbers.toSorted((a, b) => a - b)

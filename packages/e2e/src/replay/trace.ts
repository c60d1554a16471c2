import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { sharedFile } from '../support/shared-data.ts'

/** What two people really typed at the same time; positions are in Unicode code points. */
export interface Trace {
  /** Where it comes from, for the test's name. */
  readonly source: string
  readonly endContent: string
  readonly txns: readonly Txn[]
}

export interface Txn {
  /** Indexes of the transactions this one came after. */
  readonly parents: readonly number[]
  readonly agent: number
  /** `[position, deleted, inserted]` */
  readonly patches: readonly (readonly [number, number, string])[]
}

export function loadTrace(): Trace {
  const path = sharedFile('friendsforever.json.gz')
  if (path === undefined) return standIn()
  const { endContent, txns } = JSON.parse(gunzipSync(readFileSync(path)).toString()) as Omit<Trace, 'source'>
  return { source: 'friendsforever', endContent, txns }
}

const STAND_IN_TXNS = 26_000

/** Two agents who append in turns, each after what the other has written: as many transactions as the real trace. */
function standIn(): Trace {
  const txns: Txn[] = []
  let content = ''
  for (let index = 0; index < STAND_IN_TXNS; index++) {
    const letter = index % 61 === 60 ? ' ' : String.fromCodePoint(97 + (index % 26))
    txns.push({
      parents: index === 0 ? [] : [index - 1],
      agent: Math.floor(index / 20) % 2,
      patches: [[index, 0, letter]],
    })
    content += letter
  }
  return { source: 'a stand-in of the same size, as the real trace is not here', endContent: content, txns }
}

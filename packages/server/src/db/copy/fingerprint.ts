import { createHash, type Hash } from 'node:crypto'

/** A row as both databases give it: see `sqlite/values.ts` and `postgres/types.ts`. */
export type TableRow = Readonly<Record<string, unknown>>

const BITS = 256

/**
 * What a table holds, as a number of rows and a sum over them: the sum of the rows' SHA-256, so that it is the same in
 * whatever order they are read. Two databases order text differently.
 */
export class Fingerprint {
  #rows = 0
  #sum = 0n

  add(row: TableRow): void {
    this.#rows += 1
    this.#sum = BigInt.asUintN(BITS, this.#sum + BigInt(`0x${hashOf(row)}`))
  }

  get rows(): number {
    return this.#rows
  }

  /** 64 hexadecimal digits. */
  get checksum(): string {
    return this.#sum.toString(16).padStart(BITS / 4, '0')
  }
}

function hashOf(row: TableRow): string {
  const hash = createHash('sha256')
  for (const column of Object.keys(row).toSorted()) {
    addPart(hash, column)
    addValue(hash, row[column])
  }
  return hash.digest('hex')
}

/** A letter for the kind comes first: the text 1, the number 1 and true are three different things. */
function addValue(hash: Hash, value: unknown): void {
  if (value === null) hash.update('n')
  else if (typeof value === 'number') addPart(hash.update('i'), String(value))
  else if (typeof value === 'string') addPart(hash.update('s'), value)
  else if (typeof value === 'boolean') hash.update(value ? 't' : 'f')
  else if (value instanceof Date) addPart(hash.update('d'), String(value.getTime()))
  else if (value instanceof Uint8Array) addPart(hash.update('b'), value)
  else throw new TypeError(`A column holds a ${typeof value}, which no table of a house does`)
}

/** With its length before it, so that no two parts can be taken for two others. */
function addPart(hash: Hash, part: string | Uint8Array): void {
  const bytes = typeof part === 'string' ? Buffer.from(part) : part
  hash.update(`${bytes.length}:`).update(bytes)
}

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ITEMS } from './conformance-items.mjs'
import { testNamesIn } from './spec-rules.mjs'

const TABLE = 'docs/spec/conformance.md'
/** A row of a table's body: item, where it is, its tests. */
const ROW = /^\| (.+?) \| (.+?) \|(?: (.*?))? ?\|$/
const HEAD = /^\| item \|/
const RULER = /^\|[-|\s]+\|$/
/** `the test's name` in `its file`; several stand behind one another. */
const PROOF = /`([^`]+)` in `([^`]+)`/g
/** A file or folder of the project. */
const PATH = /`((?:docs|packages|scripts)\/[^`]+)`/g

/**
 * Holds the table of conformance to the tests: every item has one row, every row a test, and every test that a row
 * names is there, by that name, in that file.
 * @param {string} root
 * @param {readonly string[]} [items]
 * @returns {string[]} one sentence for each fault
 */
export function checkConformance(root, items = ITEMS) {
  const rows = readRows(root)
  const named = rows.map(({ item }) => item)
  return [
    ...items.filter((item) => !named.includes(item)).map((item) => `${TABLE} has no row “${item}”.`),
    ...rows
      .filter(({ item }, n) => named.indexOf(item) < n)
      .map(({ item, line }) => `${TABLE}:${line} has a second row “${item}”.`),
    ...rows
      .filter(({ item }) => !items.includes(item))
      .map(({ item, line }) => `${TABLE}:${line} has a row “${item}”, which is none of the items.`),
    ...rows.flatMap((row) => [...missingPaths(root, row), ...missingProofs(root, row)]),
  ]
}

function readRows(root) {
  const file = join(root, TABLE)
  if (!existsSync(file)) return []
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((text, index) => {
      const match = HEAD.test(text) || RULER.test(text) ? null : ROW.exec(text)
      if (match === null) return []
      const [, item, where, proof = ''] = match
      return [{ item, where, proof, line: index + 1 }]
    })
}

function missingPaths(root, { where, line }) {
  const paths = [...where.matchAll(PATH)].map(([, path]) => path)
  if (paths.length === 0) return [`${TABLE}:${line} does not say where its item is.`]
  return paths
    .filter((path) => !existsSync(join(root, path)))
    .map((path) => `${TABLE}:${line} names ${path}, which is not there.`)
}

function missingProofs(root, { item, proof, line }) {
  const proofs = [...proof.matchAll(PROOF)]
  if (proofs.length === 0) return [`${TABLE}:${line} has no test for “${item}”: \`name\` in \`file\`.`]
  return proofs.flatMap(([, name, file]) => {
    if (!existsSync(join(root, file))) return [`${TABLE}:${line} names ${file}, which is not there.`]
    if (testNamesIn(root, file).includes(name)) return []
    return [`${TABLE}:${line} names the test “${name}”, which is not in ${file}.`]
  })
}

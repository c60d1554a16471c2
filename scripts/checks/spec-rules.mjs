import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sourceFiles } from './source-files.mjs'
import { lineAt, parse, walk } from './syntax.mjs'

const SPEC = 'docs/spec'
const TEST_FILE = /\.test\.(tsx?|mjs)$/
/** A line of the specification that states a rule: - `rule-id` … */
const RULE_LINE = /^- `([a-z0-9]+(?:-[a-z0-9]+)*)`/gm
/** A test's name that quotes one: `[rule-id] …` or `rule-id: …`. */
const QUOTE = /^(?:\[([a-z0-9-]+)\]|([a-z0-9]+(?:-[a-z0-9]+)*):)/
const TEST_FUNCTIONS = new Set(['test', 'it', 'describe'])

/**
 * Holds specification and tests together: each rule has a test that quotes it, each quotation a rule.
 * What stands before a colon may also be a test's subject (`sign-up: …`): it is a quotation where there is such a rule.
 * @param {string} root
 * @returns {string[]} one sentence for each fault
 */
export function checkSpecRules(root) {
  const rules = specRules(root)
  const quotes = sourceFiles(root, TEST_FILE).flatMap((file) => quotesIn(root, file))
  const known = new Set(rules.map((rule) => rule.id))
  const quoted = new Set(quotes.map((quote) => quote.id))
  return [
    ...repeated(rules),
    ...rules
      .filter((rule) => !quoted.has(rule.id))
      .map(({ id, file, line }) => `${file}:${line} states the rule ${id}, which no test's name quotes.`),
    ...quotes
      .filter((quote) => quote.certain && !known.has(quote.id))
      .map(
        ({ id, file, line }) =>
          `${file}:${line} quotes the rule ${id}, which is not in ${SPEC}. Write the rule, or name the test otherwise.`,
      ),
  ]
}

function specRules(root) {
  if (!existsSync(join(root, SPEC))) return []
  return sourceFiles(root, /\.md$/, SPEC).flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8')
    return [...text.matchAll(RULE_LINE)].map((match) => ({
      id: match[1],
      file,
      line: lineAt(text, match.index),
    }))
  })
}

function repeated(rules) {
  return rules
    .filter((rule, n) => rules.findIndex((other) => other.id === rule.id) < n)
    .map(({ id, file, line }) => `${file}:${line} states the rule ${id} again. One rule, one place.`)
}

function quotesIn(root, file) {
  const source = readFileSync(join(root, file), 'utf8')
  const found = []
  walk(parse(file, source), (node) => {
    const match = QUOTE.exec(testName(node) ?? '')
    if (match === null) return
    const [, bracketed, beforeColon] = match
    const line = lineAt(source, node.start)
    found.push({ id: bracketed ?? beforeColon, file, line, certain: bracketed !== undefined })
  })
  return found
}

/**
 * The names of a file's tests, as they are written; those that group tests are none.
 * @param {string} root
 * @param {string} file from the root
 * @returns {string[]}
 */
export function testNamesIn(root, file) {
  const names = []
  walk(parse(file, readFileSync(join(root, file), 'utf8')), (node) => {
    const name = testName(node)
    if (name !== undefined && rootName(node.callee) !== 'describe') names.push(name)
  })
  return names
}

/** The name in `test('name', …)`, `describe.each(…)('name', …)`, `` it.skipIf(…)(`name ${…}`, …) `` and their like. */
function testName(node) {
  if (node.type !== 'CallExpression' || !TEST_FUNCTIONS.has(rootName(node.callee))) return undefined
  const [name] = node.arguments
  if (name?.type === 'TemplateLiteral') return name.quasis[0].value.cooked
  return typeof name?.value === 'string' ? name.value : undefined
}

function rootName(callee) {
  switch (callee.type) {
    case 'Identifier':
      return callee.name
    case 'MemberExpression':
      return rootName(callee.object)
    case 'CallExpression':
      return rootName(callee.callee)
    case 'TaggedTemplateExpression':
      return rootName(callee.tag)
    default:
      return undefined
  }
}

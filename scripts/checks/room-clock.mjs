import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isTestFile, sourceFiles } from './source-files.mjs'
import { lineAt, parse, walk } from './syntax.mjs'

/** Where a decision must come out the same whenever and wherever it is made. */
const TIMELESS = ['packages/server/src/room', 'packages/server/src/access']
/** Ports describe what others do, and others wait. */
const MAY_NAME_PROMISES = ['packages/server/src/room/ports.ts', 'packages/server/src/access/tries.ts']

const WAITING = 'Nothing here may wait: send an effect through a port, and take the answer as an input.'
const TIME = 'Time is an argument here: take the moment from the input that is being decided.'
const CHANCE = 'Chance is an argument here: take what is random from the input or a port.'

/** Names of the language that no value may be made from. */
const FORBIDDEN_NAMES = {
  setTimeout: WAITING,
  setInterval: WAITING,
  setImmediate: WAITING,
  queueMicrotask: WAITING,
  Promise: WAITING,
  performance: TIME,
  globalThis: 'Through globalThis everything forbidden here could be had.',
}

/** lib0 has clocks and dice of its own. */
const FORBIDDEN_MODULES = {
  'lib0/time': TIME,
  'lib0/random': CHANCE,
  'lib0/eventloop': WAITING,
  'lib0/promise': WAITING,
}

/**
 * Looks for clocks, chance and waiting in the room and in access, which the compiler can't see: they are part of the
 * language.
 * @param {string} root
 * @returns {string[]} one sentence for each violation
 */
export function checkRoomClock(root) {
  return TIMELESS.flatMap((folder) => sourceFiles(root, /\.ts$/, folder))
    .filter((file) => !isTestFile(file))
    .flatMap((file) => {
      const source = readFileSync(join(root, file), 'utf8')
      return violations(file, source).map(({ node, what, why }) => {
        return `${file}:${lineAt(source, node.start)} uses ${what}. ${why}`
      })
    })
}

function violations(file, source) {
  const found = []
  walk(parse(file, source), (node, parent, key) => {
    const violation = violationAt(node, parent, key, file)
    if (violation !== undefined) found.push({ node, ...violation })
  })
  return found
}

function violationAt(node, parent, key, file) {
  switch (node.type) {
    case 'AwaitExpression':
      return { what: 'await', why: WAITING }
    case 'ForOfStatement':
      return node.await ? { what: 'for await', why: WAITING } : undefined
    case 'ImportExpression':
      return { what: 'import()', why: WAITING }
    case 'ImportDeclaration':
      return forbidden(FORBIDDEN_MODULES, node.source.value)
    case 'Identifier':
      return violationOfName(node, parent, key, file)
    default:
      return node.async === true ? { what: 'an async function', why: WAITING } : undefined
  }
}

function violationOfName({ name }, parent, key, file) {
  if (isLabel(parent, key)) return undefined
  if (name === 'Promise' && isType(parent) && MAY_NAME_PROMISES.includes(file)) return undefined
  if (name === 'Date' && !isType(parent) && !isPureDate(parent, key)) {
    return { what: 'the clock (Date)', why: TIME }
  }
  if (name === 'Math' && !isPureMath(parent, key)) return { what: 'Math.random', why: CHANCE }
  return forbidden(FORBIDDEN_NAMES, name)
}

/** A property's name after a dot or before a colon is not the global of that name. */
function isLabel(parent, key) {
  return (key === 'property' || key === 'key') && !parent.computed && !parent.shorthand
}

function isType(parent) {
  return parent.type === 'TSTypeReference'
}

/** `new Date(millis)`, `Date.UTC(…)`, `Date.parse(…)`: their answers hang on their arguments alone. */
function isPureDate(parent, key) {
  if (parent.type === 'NewExpression' && key === 'callee') return parent.arguments.length > 0
  return isMember(parent, key) && ['UTC', 'parse'].includes(parent.property.name)
}

function isPureMath(parent, key) {
  return isMember(parent, key) && parent.property.name !== 'random'
}

function isMember(parent, key) {
  return parent.type === 'MemberExpression' && key === 'object' && !parent.computed
}

function forbidden(table, name) {
  return Object.hasOwn(table, name) ? { what: name, why: table[name] } : undefined
}

import { readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { isTestFile, sourceFiles } from './source-files.mjs'
import { references } from './syntax.mjs'
import { resolve, workspacePackages } from './workspace.mjs'

const PROTOCOL = 'packages/protocol/src'
const PROSE = 'packages/prose/src'
const CLIENT = 'packages/client/src'
const REACT = 'packages/react/src'
const WEB = 'packages/web/src'
const SERVER = 'packages/server/src'
const ROOM_PORTS = `${SERVER}/room/ports.ts`
const API_PORTS = `${SERVER}/api/ports.ts`

/**
 * THE RULE: web → react → client → protocol ← server/room ← server/{ws, api, db, auth, host} ← server/main, prose beside
 * protocol. A row speaks for a folder or a file; the longest path that fits a file is its row.
 *
 * `sees` what else of the repository it may import · `types` what it may import types from · `packages` the packages
 * from outside that it may import, any where left out · `node` whether it may use modules of Node ·
 * `why` and `instead` finish the sentence of a violation.
 *
 * @typedef {object} Row
 * @property {string} path
 * @property {readonly string[]} sees
 * @property {readonly string[]} [types]
 * @property {readonly string[]} [packages]
 * @property {boolean} node
 * @property {string} why
 * @property {string} instead
 */
/** @type {readonly Row[]} */
export const RULES = [
  {
    path: PROTOCOL,
    sees: [],
    packages: ['zod', 'lib0'],
    node: false,
    why: 'the protocol is the vocabulary of both sides and knows no platform and no other package',
    instead: 'Move what both need into the protocol, or keep this where it is used.',
  },
  {
    path: PROSE,
    sees: [PROTOCOL],
    node: false,
    why: 'prose runs in the server and in browsers, and knows the protocol alone',
    instead: 'Let the caller pass in what prose needs.',
  },
  {
    path: CLIENT,
    sees: [PROTOCOL],
    packages: ['idb', 'lib0', 'y-protocols', 'yjs', 'zod'],
    node: false,
    why: 'the client knows no framework, no Node, no prose and no server: only the protocol and Yjs',
    instead: 'Take it as a port (client/src/ports.ts) and let the application bring it.',
  },
  {
    path: REACT,
    sees: [CLIENT, PROTOCOL, PROSE],
    node: false,
    why: 'the kit forwards to the client, and is used in applications that know nothing of ours',
    instead: 'Take it as a prop, or ask the client.',
  },
  {
    path: WEB,
    sees: [REACT, CLIENT, PROTOCOL, PROSE],
    node: false,
    why: 'the web application knows the kit, the client, the prose and the protocol; the server is on the other side of the wire',
    instead: 'Ask for it by a message or a route of the protocol.',
  },
  {
    path: `${SERVER}/room`,
    sees: [`${SERVER}/access`, PROTOCOL],
    packages: ['yjs', 'lib0', 'y-protocols', 'fast-diff'],
    node: false,
    why: 'the room decides and knows no socket, no SQL and no clock: only access, the protocol and Yjs',
    instead: 'Name what the room needs in room/ports.ts and let the host do it.',
  },
  {
    path: `${SERVER}/access`,
    sees: [PROTOCOL],
    packages: [],
    node: false,
    why: 'a right is a pure predicate: it knows the protocol alone',
    instead: 'Pass in what the predicate needs.',
  },
  {
    path: `${SERVER}/db`,
    sees: [`${SERVER}/access`, PROTOCOL, PROSE],
    types: [ROOM_PORTS],
    node: true,
    why: 'the database serves the others and knows none of them',
    instead:
      "Put what is shared into access or the protocol, or wire the two in main.ts through the caller's port.",
  },
  {
    path: `${SERVER}/ws`,
    sees: [`${SERVER}/access`, PROTOCOL],
    types: [ROOM_PORTS],
    node: true,
    why: 'a socket carries frames and knows neither rooms nor tables nor sign-in',
    instead: 'Take it as an argument and wire it in main.ts.',
  },
  {
    path: `${SERVER}/cluster`,
    sees: [PROTOCOL],
    types: [ROOM_PORTS],
    packages: ['@redis/client', 'lib0'],
    node: true,
    why: 'the bus carries bytes between nodes and knows neither rooms nor tables',
    instead: 'Take it as an argument and wire it in main.ts.',
  },
  {
    path: `${SERVER}/host`,
    sees: [`${SERVER}/room`, `${SERVER}/access`, PROTOCOL, PROSE],
    types: [API_PORTS],
    node: true,
    why: 'the host runs rooms on ports and knows neither tables nor sockets nor routes',
    instead: 'Take it as a port (room/ports.ts) and wire it in main.ts.',
  },
  {
    path: `${SERVER}/auth`,
    sees: [`${SERVER}/db`, `${SERVER}/config`, `${SERVER}/access`, PROTOCOL],
    types: [ROOM_PORTS, API_PORTS],
    node: true,
    why: 'sign-in knows the settings and the tables of people, and nothing of rooms, sockets and routes',
    instead: 'Take it as an argument and wire it in main.ts.',
  },
  {
    path: `${SERVER}/api`,
    sees: [`${SERVER}/db`, `${SERVER}/content`, `${SERVER}/access`, PROTOCOL, PROSE],
    types: [ROOM_PORTS],
    node: true,
    why: 'a route asks the tables and, through api/ports.ts, the rooms; it knows no socket and no sign-in',
    instead: 'Name it in api/ports.ts and wire it in main.ts.',
  },
  {
    path: `${SERVER}/content`,
    sees: [`${SERVER}/db`, PROTOCOL, PROSE],
    types: [ROOM_PORTS],
    node: true,
    why: 'content is what a new account begins with, put into the tables; it knows nothing else of the server',
    instead: 'Let the routes, which use the content, do it.',
  },
  {
    path: `${SERVER}/config`,
    sees: [PROTOCOL],
    types: [ROOM_PORTS],
    node: true,
    why: 'the configuration is read before anything else exists',
    instead: 'Keep settings plain data and let main.ts act on them.',
  },
  {
    path: `${SERVER}/mail`,
    sees: [`${SERVER}/db`, `${SERVER}/config`, PROTOCOL],
    types: [API_PORTS],
    node: true,
    why: 'mail takes letters from its queue to the mail server, and knows the settings and the tables alone',
    instead: 'Take it as an argument and wire it in main.ts.',
  },
  {
    path: `${SERVER}/pages`,
    sees: [PROTOCOL],
    node: true,
    why: 'the pages are files of the web application, and carrying them needs nothing of the server',
    instead: 'Take it as an argument and wire it in main.ts.',
  },
  {
    path: `${SERVER}/metrics.ts`,
    sees: [],
    node: true,
    why: 'metrics are read from what main.ts hands in',
    instead: 'Take the figure as a function and wire it in main.ts.',
  },
  {
    path: `${SERVER}/cli`,
    sees: [SERVER, PROTOCOL, PROSE],
    node: true,
    why: 'the command line belongs to the server',
    instead: 'Use the server, the protocol or the prose.',
  },
  {
    path: `${SERVER}/shared-house.ts`,
    sees: [`${SERVER}/cluster`, `${SERVER}/host`, `${SERVER}/db`, `${SERVER}/config`],
    node: true,
    why: 'it brings the bus, the tables and the host of rooms together for main.ts, and nothing else',
    instead: 'Wire it in main.ts.',
  },
  {
    path: `${SERVER}/main.ts`,
    sees: [SERVER, PROTOCOL, PROSE],
    node: true,
    why: 'the server never imports the client',
    instead: 'What both need belongs into the protocol.',
  },
  {
    path: 'packages/bench/src',
    sees: [SERVER, CLIENT, PROTOCOL, PROSE],
    node: true,
    trial: true,
    why: 'the bench measures the server by what clients see',
    instead: 'Measure through the server, the client or the protocol.',
  },
  {
    path: 'packages/e2e/src',
    sees: [SERVER, CLIENT, PROTOCOL, PROSE, REACT, WEB],
    node: true,
    trial: true,
    why: 'end-to-end tests drive the products, not the bench',
    instead: 'Move what both need into a package that is made for it.',
  },
]

/**
 * Holds every source file of the packages to the rule.
 * @param {string} root
 * @returns {string[]} one sentence for each violation
 */
export function checkImports(root) {
  const packages = workspacePackages(root)
  return sourceFiles(root, /^packages\/[^/]+\/src\/.*\.tsx?$/, 'packages').flatMap((file) => {
    const row = rowOf(file)
    if (row === undefined) return [`${file} stands where the import rule has no row. ${ADD_A_ROW}`]
    const source = readFileSync(join(root, file), 'utf8')
    return references(file, source).flatMap((reference) => {
      const complaint = complaintAbout(resolve(reference.specifier, file, packages), file, row, reference)
      return complaint === undefined
        ? []
        : [`${file}:${reference.line} may not import '${reference.specifier}': ${complaint}`]
    })
  })
}

const ADD_A_ROW = 'Say in scripts/checks/imports.mjs what it may import, and why.'

function rowOf(file) {
  return RULES.filter((row) => isIn(file, row.path)).sort((a, b) => b.path.length - a.path.length)[0]
}

function complaintAbout(target, file, row, { specifier, typeOnly }) {
  switch (target.kind) {
    case 'unexported':
      return `${target.name} does not export it. Import what its exports map offers, or add to that map.`
    case 'external':
      return isTestFile(file) || allowsExternal(row, target.name) ? undefined : sentence(row)
    case 'file':
      if (specifier.startsWith('.') && packageOf(target.path) !== packageOf(file)) {
        return `it reaches into ${packageOf(target.path)} by path. Import that package by its name.`
      }
      return complaintAboutFile(target.path, file, row, typeOnly)
  }
}

function complaintAboutFile(target, file, row, typeOnly) {
  // A package that only tries the others out may take what they have made for tests.
  if (isTestFile(target) && !isTestFile(file) && !row.trial) {
    return 'it is made for tests. Move what the product needs out of it.'
  }
  // Beside its sources a package keeps no code: its manifest, say.
  if (packageOf(target) === packageOf(file) && !isIn(target, sourcesOf(file))) return undefined
  const visible = [row.path, ...row.sees, ...(typeOnly ? (row.types ?? []) : [])]
  const visibleToTests = isTestFile(file) ? packageSees(row) : []
  return [...visible, ...visibleToTests].some((path) => isIn(target, path)) ? undefined : sentence(row)
}

function allowsExternal(row, name) {
  if (isBuiltin(name)) return row.node
  return row.packages === undefined || row.packages.includes(name)
}

/** What a test may see: its own package, and what any folder of its package sees. */
function packageSees(row) {
  const own = sourcesOf(row.path)
  return [own, ...RULES.filter(({ path }) => sourcesOf(path) === own).flatMap(({ sees }) => sees)]
}

function packageOf(path) {
  return path.split('/').slice(0, 2).join('/')
}

function sourcesOf(path) {
  return `${packageOf(path)}/src`
}

function sentence(row) {
  return `${row.why}. ${row.instead}`
}

function isIn(path, place) {
  return path === place || path.startsWith(`${place}/`)
}

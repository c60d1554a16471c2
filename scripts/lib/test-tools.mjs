import { dirname } from 'node:path'
import { Complaint } from './complaint.mjs'
import { expand, onPath } from './host.mjs'

/** The programs that tests need and npm does not bring: how each is called, where it lies, how it gets there. */
const TOOLS = {
  chromium: {
    title: 'Chromium',
    variable: 'CHROMIUM_PATH',
    // The first is the same engine without a desktop around it: a fifth less work for the machine.
    names: [
      'chromium-headless-shell',
      'chromium',
      'chromium-browser',
      'google-chrome',
      'google-chrome-stable',
      'chrome',
    ],
    places: [
      '/snap/bin/chromium',
      '/opt/google/chrome/chrome',
      '/Applications/Chromium.app/Contents/MacOS/Chromium',
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
      '~/Applications/Chromium.app/Contents/MacOS/Chromium',
      '~/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    ],
    debian: 'chromium-headless-shell',
    homebrew: '--cask chromium',
  },
  postgres: {
    title: 'PostgreSQL',
    variable: 'POSTGRES_BIN',
    names: ['initdb'],
    places: [
      '/usr/lib/postgresql/*/bin/initdb',
      '/usr/pgsql-*/bin/initdb',
      '/usr/local/pgsql/bin/initdb',
      '/opt/homebrew/opt/postgresql*/bin/initdb',
      '/usr/local/opt/postgresql*/bin/initdb',
      '/Applications/Postgres.app/Contents/Versions/*/bin/initdb',
    ],
    debian: 'postgresql',
    homebrew: 'postgresql',
    // Two programs are needed, `initdb` and `postgres`: what is handed on, and named from outside, is their folder.
    folder: true,
  },
  redis: {
    title: 'Redis',
    variable: 'REDIS_SERVER',
    names: ['redis-server', 'valkey-server'],
    places: ['/opt/homebrew/bin/redis-server', '/usr/local/bin/redis-server', '/usr/sbin/redis-server'],
    debian: 'redis-server',
    homebrew: 'redis',
  },
  haproxy: {
    title: 'HAProxy',
    variable: 'HAPROXY',
    names: ['haproxy'],
    places: ['/usr/sbin/haproxy', '/usr/local/sbin/haproxy', '/opt/homebrew/bin/haproxy'],
    debian: 'haproxy',
    homebrew: 'haproxy',
  },
}

/**
 * Where the tools are; a missing one is undefined.
 * @param {import('./host.mjs').Host} host
 * @returns {Record<'chromium' | 'postgres' | 'redis' | 'haproxy', string | undefined>}
 *   programs; for PostgreSQL the folder that holds them
 * @throws {Complaint} where a variable points at nothing
 */
export function findTools(host) {
  return Object.fromEntries(Object.entries(TOOLS).map(([name, tool]) => [name, findTool(host, tool)]))
}

function findTool(host, tool) {
  const named = host.env[tool.variable]
  if (named) return namedTool(host, tool, named)
  const places = tool.places.flatMap((place) => expand(host, place.replace('~', host.home)))
  const program = onPath(host, tool.names) ?? places.find(host.isProgram)
  return program !== undefined && tool.folder ? dirname(program) : program
}

function namedTool(host, tool, named) {
  if (host.isProgram(tool.folder ? `${named}/${tool.names[0]}` : named)) return named
  const what = tool.folder ? `a folder with the program ${tool.names[0]}` : 'a program'
  throw new Complaint(`${tool.variable} is ${named}, which is not ${what}.`)
}

/** @param {ReturnType<typeof findTools>} found */
export function missingTools(found) {
  return Object.keys(TOOLS).filter((name) => found[name] === undefined)
}

/** @param {readonly string[]} missing names as `missingTools` gives them */
export function debianPackages(missing) {
  return missing.map((name) => TOOLS[name].debian)
}

/** One message that says what to install, and how. */
export function missingMessage(missing) {
  const tools = missing.map((name) => TOOLS[name])
  const titles = new Intl.ListFormat('en').format(tools.map((tool) => tool.title))
  const variables = tools.map((tool) => `${tool.variable}=/path/to/${tool.folder ? 'bin' : tool.names[0]}`)
  return [
    `The tests need ${titles}, not found on this machine. Install what is missing and try again:`,
    `  Debian           sudo apt-get install ${tools.map((tool) => tool.debian).join(' ')}`,
    ...tools.map(
      (tool, n) => `  ${n === 0 ? 'macOS (Homebrew)' : '                '} brew install ${tool.homebrew}`,
    ),
    `Where it is installed already, say where: ${variables.join(' ')}`,
  ].join('\n')
}

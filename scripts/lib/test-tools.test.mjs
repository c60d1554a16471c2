import { expect, it } from 'vitest'
import { Complaint } from './complaint.mjs'
import { debianPackages, findTools, missingMessage, missingTools } from './test-tools.mjs'

/** A machine that has exactly these programs. */
function machine(programs, env = {}) {
  return {
    env: { PATH: '/usr/local/bin:/usr/bin', ...env },
    home: '/home/ada',
    isProgram: (path) => programs.includes(path),
    list: (folder) => {
      const below = programs.filter((path) => path.startsWith(`${folder}/`))
      return [...new Set(below.map((path) => path.slice(folder.length + 1).split('/')[0]))]
    },
  }
}

it('programs are found on the PATH', () => {
  const programs = ['chromium', 'initdb', 'haproxy'].map((name) => `/usr/bin/${name}`)
  const found = findTools(machine([...programs, '/usr/local/bin/redis-server']))
  expect(found).toEqual({
    chromium: '/usr/bin/chromium',
    postgres: '/usr/bin',
    redis: '/usr/local/bin/redis-server',
    haproxy: '/usr/bin/haproxy',
  })
  expect(missingTools(found)).toEqual([])
})

it('programs are found where Debian and macOS put them, the newest PostgreSQL first', () => {
  const debian = ['/usr/lib/postgresql/9/bin/initdb', '/usr/lib/postgresql/16/bin/initdb']
  expect(findTools(machine(debian)).postgres).toBe('/usr/lib/postgresql/16/bin')
  const chrome = '/home/ada/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'
  const homebrew = ['/opt/homebrew/opt/postgresql@17/bin/initdb', '/opt/homebrew/bin/redis-server', chrome]
  expect(findTools(machine(homebrew))).toEqual({
    chromium: chrome,
    postgres: '/opt/homebrew/opt/postgresql@17/bin',
    redis: '/opt/homebrew/bin/redis-server',
  })
})

it('a variable goes before everything else', () => {
  const programs = ['/usr/bin/chromium', '/opt/my/chrome', '/usr/bin/initdb', '/opt/my/bin/initdb']
  const found = findTools(machine(programs, { CHROMIUM_PATH: '/opt/my/chrome', POSTGRES_BIN: '/opt/my/bin' }))
  expect(found).toMatchObject({ chromium: '/opt/my/chrome', postgres: '/opt/my/bin' })
})

it('a variable that points at nothing is told, not passed over', () => {
  const host = machine(['/usr/bin/chromium'], { CHROMIUM_PATH: '/opt/gone' })
  expect(() => findTools(host)).toThrow(Complaint)
  expect(() => findTools(host)).toThrow('CHROMIUM_PATH is /opt/gone, which is not a program.')
})

it('one message names everything that is missing and how to get it', () => {
  const missing = missingTools(findTools(machine(['/usr/bin/redis-server', '/usr/sbin/haproxy'])))
  expect(debianPackages(missing)).toEqual(['chromium-headless-shell', 'postgresql'])
  const message = missingMessage(missing)
  expect(message).toContain('need Chromium and PostgreSQL,')
  expect(message).toContain('sudo apt-get install chromium-headless-shell postgresql\n')
  expect(message).toContain('CHROMIUM_PATH=/path/to/chromium-headless-shell POSTGRES_BIN=/path/to/bin')
  expect(message).not.toContain('redis')
})

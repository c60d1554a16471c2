import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const HERE = new URL('.', import.meta.url)
const PAGE = new URL('../../../../docs/settings.md', import.meta.url)

/** Whatever one of the ways to read a setting is asked for by its name. */
const READ = /\bsettings\.(?!problem\b)\w+\(\s*'([A-Z][A-Z0-9_]*)'/g
const ROW = /^\| `([A-Z][A-Z0-9_]*)` \|/gm

const found = (pattern: RegExp, text: string): string[] =>
  [...text.matchAll(pattern)].map(([, name = '']) => name)

test('settings: the page has every setting that is read, once, and no other', () => {
  const sources = readdirSync(HERE).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  const read = sources.flatMap((name) => found(READ, readFileSync(new URL(name, HERE), 'utf8')))
  expect(read).toEqual(expect.arrayContaining(['HOST', 'DATABASE_URL', 'MAIL_FROM', 'TRUSTED_PROXIES']))
  expect(found(ROW, readFileSync(PAGE, 'utf8')).toSorted()).toEqual([...new Set(read)].toSorted())
})

test('settings: the server reads the environment through them alone', () => {
  const sources = readdirSync(new URL('..', HERE), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.includes('test'))
    .filter((name) => {
      const source = readFileSync(new URL(`../${name}`, HERE), 'utf8')
      return source.replaceAll('readConfig(process.env)', '').includes('process.env')
    })
  expect(sources).toEqual([])
})

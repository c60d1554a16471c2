import { mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { temporaryFolder } from './temporary-folder.mjs'
import { webBuildIsStale } from './web-build.mjs'

const SOURCES = ['web/src', 'react/src', 'client/src', 'prose/src', 'protocol/src']

/** A repository whose sources were all written at second 100, and whose build began at second 200. */
function builtRepository() {
  const root = temporaryFolder()
  const page = join(root, 'packages/web/dist/index.html')
  for (const folder of SOURCES) {
    mkdirSync(join(root, 'packages', folder), { recursive: true })
    write(join(root, 'packages', folder, 'a.ts'), 100)
    touch(join(root, 'packages', folder), 100)
  }
  mkdirSync(join(root, 'packages/web/dist'))
  write(page, 200)
  write(join(root, 'package-lock.json'), 100)
  return { root, page }
}

function write(path, second) {
  writeFileSync(path, '')
  touch(path, second)
}

function touch(path, second) {
  utimesSync(path, second, second)
}

it('nothing is built again while no source is newer', () => {
  expect(webBuildIsStale(builtRepository().root)).toBe(false)
})

it.each([...SOURCES.map((folder) => `packages/${folder}/a.ts`), 'package-lock.json'])(
  'a newer %s',
  (path) => {
    const { root } = builtRepository()
    touch(join(root, path), 300)
    expect(webBuildIsStale(root)).toBe(true)
  },
)

it('a removed source', () => {
  const { root } = builtRepository()
  rmSync(join(root, 'packages/client/src/a.ts'))
  expect(webBuildIsStale(root)).toBe(true)
})

it('a build that is not there', () => {
  const { root, page } = builtRepository()
  rmSync(page)
  expect(webBuildIsStale(root)).toBe(true)
})

it('a newer test is no reason to build', () => {
  const { root } = builtRepository()
  write(join(root, 'packages/web/src/a.test.tsx'), 300)
  touch(join(root, 'packages/web/src'), 100)
  expect(webBuildIsStale(root)).toBe(false)
})

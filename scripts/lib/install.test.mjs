import { mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { needsInstall } from './install.mjs'
import { temporaryFolder } from './temporary-folder.mjs'

/** A repository whose lock was changed at second 100. */
function repository(installedAtSecond) {
  const root = temporaryFolder()
  const write = (path, second) => {
    writeFileSync(join(root, path), '{}')
    utimesSync(join(root, path), second, second)
  }
  mkdirSync(join(root, 'node_modules'))
  write('package-lock.json', 100)
  if (installedAtSecond !== undefined) write('node_modules/.package-lock.json', installedAtSecond)
  return root
}

it('a fresh clone, and an interrupted installation, need one', () => {
  expect(needsInstall(repository(undefined))).toBe(true)
})

it('an installation older than the lock needs another', () => {
  expect(needsInstall(repository(99))).toBe(true)
  expect(needsInstall(repository(101))).toBe(false)
})

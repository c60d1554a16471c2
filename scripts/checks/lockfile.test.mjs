import { expect, it } from 'vitest'
import { checkLockfile } from './lockfile.mjs'
import { scratchRepository } from './scratch-repository.mjs'

function complaints(packages) {
  return checkLockfile(scratchRepository({ 'package-lock.json': JSON.stringify({ packages }) }))
}

const native = {
  version: '1.0.0',
  optionalDependencies: { 'native-linux': '1.0.0', 'native-macos': '1.0.0' },
}

it('a native package that is not locked for every platform is told by name', () => {
  expect(complaints({ 'node_modules/native': native, 'node_modules/native-linux': {} })).toEqual([
    expect.stringContaining('lacks native-macos, an optional part of node_modules/native'),
  ])
})

it('a part may stand beside its package, inside it, or in the folder above', () => {
  const nested = 'packages/server/node_modules/native'
  expect(
    complaints({
      [nested]: native,
      [`${nested}/node_modules/native-linux`]: {},
      'node_modules/native-macos': {},
    }),
  ).toEqual([])
  const found = complaints({
    'node_modules/outer/node_modules/native': native,
    'node_modules/outer/node_modules/native-linux': {},
    'node_modules/native-macos': {},
  })
  expect(found).toEqual([])
})

it('an address of a registry is refused, a link within the repository is not', () => {
  const linked = { resolved: 'packages/server', link: true }
  const fetched = { resolved: 'https://registry.example/zod.tgz' }
  expect(complaints({ 'node_modules/@storyweave/server': linked, 'node_modules/zod': fetched })).toEqual([
    expect.stringContaining('node_modules/zod was fetched from (https://registry.example/zod.tgz)'),
  ])
})

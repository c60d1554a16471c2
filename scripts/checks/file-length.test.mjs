import { expect, it } from 'vitest'
import { checkFileLength } from './file-length.mjs'
import { scratchRepository } from './scratch-repository.mjs'

it('a file of more than 400 lines is named with its length, one of 400 is not', () => {
  const root = scratchRepository({
    'packages/web/src/long.css': 'a {}\n'.repeat(401),
    'packages/web/src/right.tsx': 'let a\n'.repeat(400),
    'packages/web/node_modules/other/long.mjs': 'let a\n'.repeat(500),
    'docs/long.md': 'text\n'.repeat(500),
  })
  expect(checkFileLength(root)).toEqual([expect.stringContaining('packages/web/src/long.css has 401 lines')])
})

import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { root } from './root.mjs'
import { temporaryFolder } from './temporary-folder.mjs'
import { runVitest, summaryLine } from './vitest-run.mjs'

/** Runs Vitest on a repository of one test file. */
async function run(tests) {
  const folder = temporaryFolder()
  const janitor = { folder: join(folder, 'janitor'), adopt: () => {} }
  mkdirSync(janitor.folder)
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  writeFileSync(join(folder, 'a.test.mjs'), `import { beforeAll, describe, test } from 'vitest'\n${tests}`)
  return runVitest({
    root: folder,
    node: process.execPath,
    args: [],
    env: process.env,
    janitor,
    // What fails on purpose would look like a failure of this run.
    stdio: 'ignore',
  })
}

const FAIL = '() => { throw new Error("on purpose") }'

it.each([
  ['tests', `test('a', () => {}); test('b', ${FAIL}); test.skip('c'); test.todo('d')`, [1, 1, 2]],
  ['a file that does not load', "import './not-there.mjs'", [0, 1, 0]],
  ['a hook that throws', `describe('x', () => { beforeAll(${FAIL}); test('a', () => {}) })`, [0, 1, 1]],
  ['an error that nobody caught', "test('a', () => { Promise.reject(new Error('on purpose')) })", [1, 1, 0]],
])('counts %s', async (_, tests, [passed, failed, skipped]) => {
  const { code, counts } = await run(tests)
  expect(counts).toEqual({ passed, failed, skipped })
  expect(code).toBe(1)
})

it('a green run ends with 0, one without tests does not', async () => {
  expect(await run("test('a', () => {})")).toEqual({ code: 0, counts: { passed: 1, failed: 0, skipped: 0 } })
  expect((await run('')).code).toBe(1)
})

it('the last line says what was skipped only where something was', () => {
  expect(summaryLine({ passed: 12, failed: 0, skipped: 0 })).toBe('12 passed, 0 failed')
  expect(summaryLine({ passed: 12, failed: 1, skipped: 3 })).toBe('12 passed, 1 failed, 3 skipped')
})

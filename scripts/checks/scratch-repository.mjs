import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'

/** The packages of the real repository, as far as their names and exports go. */
const MANIFESTS = Object.fromEntries(
  ['protocol', 'prose', 'client', 'web', 'bench', 'e2e'].map((name) => [
    `packages/${name}/package.json`,
    JSON.stringify({ name: `@storyweave/${name}`, exports: { '.': './src/index.ts' } }),
  ]),
)
MANIFESTS['packages/server/package.json'] = JSON.stringify({
  name: '@storyweave/server',
  exports: { '.': './src/main.ts', './*': './src/*' },
})

/**
 * A repository in a temporary folder that lives as long as the test that asks for it.
 * @param {Record<string, string>} files content by path
 * @returns {string} its root
 */
export function scratchRepository(files) {
  const root = mkdtempSync(join(tmpdir(), 'storyweave-check-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  for (const [path, content] of Object.entries({ ...MANIFESTS, ...files })) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content)
  }
  return root
}

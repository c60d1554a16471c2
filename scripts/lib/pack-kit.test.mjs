import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { basename, join } from 'node:path'
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ownNode } from './own-node.mjs'
import { withBuiltSpecifiers } from './pack-declarations.mjs'
import { KIT, packKit } from './pack-kit.mjs'
import { packedManifest } from './pack-manifest.mjs'
import { root } from './root.mjs'

/** Four packages are compiled and packed, on a machine that does other things as well. */
const PATIENCE_MS = 300_000

let folder
let tarballs

beforeAll(async () => {
  mkdirSync(join(root, 'dist'), { recursive: true })
  folder = mkdtempSync(join(root, 'dist', 'pack-test-'))
  tarballs = await packKit({ root, node: ownNode(root), folder })
}, PATIENCE_MS)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const staged = (name) => join(folder, 'packages', name)
const manifestOf = (name) => JSON.parse(readFileSync(join(staged(name), 'package.json'), 'utf8'))
const filesOf = (name) =>
  readdirSync(staged(name), { recursive: true, encoding: 'utf8' }).filter((file) => /\.\w+$/.test(file))
const read = (name, file) => readFileSync(join(staged(name), file), 'utf8')

/** What a packed module imports. */
const specifiersIn = (code) =>
  [...code.matchAll(/\b(?:from|import)\s*\(?\s*['"]([^'"\n]+)['"]/g)].map(([, specifier]) => specifier)

it('packs the four packages of the kit', () => {
  expect(tarballs.map((path) => basename(path))).toEqual(KIT.map((name) => `storyweave-${name}-0.1.0.tgz`))
  for (const tarball of tarballs) expect(existsSync(tarball)).toBe(true)
})

it.each(KIT)('%s exports what was built, and no source', (name) => {
  const { exports, files, private: isPrivate } = manifestOf(name)
  const targets = Object.values(exports).flatMap((target) =>
    typeof target === 'string' ? target : Object.values(target),
  )
  for (const target of targets) {
    expect(target).toMatch(/^\.\/dist\/.*\.(js|d\.ts|css)$/)
    expect(existsSync(join(staged(name), target)), target).toBe(true)
  }
  expect(files).toEqual(['dist'])
  expect(isPrivate).toBeUndefined()
  const sources = filesOf(name).filter((file) => /\.tsx?$/.test(file) && !file.endsWith('.d.ts'))
  expect(sources).toEqual([])
  expect(filesOf(name)).toEqual(expect.arrayContaining(['README.md', 'package.json']))
  expect(existsSync(join(staged(name), 'LICENSE'))).toBe(true)
})

it.each(KIT)('%s imports files that are packed with it, and packages that it names', (name) => {
  const { dependencies, peerDependencies = {} } = manifestOf(name)
  const known = Object.keys({ ...dependencies, ...peerDependencies })
  const modules = filesOf(name).filter((file) => /\.(js|d\.ts)$/.test(file))
  for (const file of modules) {
    for (const specifier of specifiersIn(read(name, file))) {
      expect(specifier, file).not.toMatch(/\.tsx?$/)
      if (specifier.startsWith('.')) {
        expect(existsSync(join(staged(name), file, '..', specifier)), `${specifier} of ${file}`).toBe(true)
        continue
      }
      expect(isBuiltin(specifier), `${specifier} of ${file}`).toBe(false)
      expect(
        known.some((one) => specifier === one || specifier.startsWith(`${one}/`)),
        `${specifier} of ${file}`,
      ).toBe(true)
    }
  }
})

it('react brings nothing of the web application, and styles nothing but its own', () => {
  const styles = filesOf('react').filter((file) => file.endsWith('.css'))
  expect(styles.length).toBeGreaterThan(0)
  for (const file of filesOf('react').filter((one) => /\.(js|css)$/.test(one))) {
    const source = join(root, 'packages/react/src', file.replace(/^dist\//, ''))
    const [ts, tsx] = ['.ts', '.tsx'].map((ending) => source.replace(/\.js$/, ending))
    expect(
      [source, ts, tsx].some((path) => existsSync(path)),
      file,
    ).toBe(true)
  }
  for (const file of styles) {
    for (const selector of selectorsIn(read('react', file))) {
      expect(selector, file).toMatch(/^&|^(:root$|:where\()|\.sw-|class[\^*]="/)
    }
  }
})

/** The selectors of a stylesheet, without those of keyframes. */
function selectorsIn(css) {
  const plain = css
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/@keyframes[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}/g, '')
  return [...plain.matchAll(/([^{};]+)\{/g)]
    .map(([, head]) => head.trim())
    .filter((head) => !head.startsWith('@'))
}

it('the types of react name React’s own, and do not spell out those of one version', () => {
  const spelt = filesOf('react').filter(
    (file) => file.endsWith('.d.ts') && /\bbigint\b/.test(read('react', file)),
  )
  expect(spelt).toEqual([])
})

it.each(KIT)(
  'publint has nothing to say of %s',
  async (name) => {
    const pack = { tarball: tarballOf(name).buffer }
    const { messages, pkg } = await publint({ pack, level: 'warning', strict: true })
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([])
  },
  PATIENCE_MS,
)

it.each(KIT)(
  'the types of %s are found as its code is, by everyone who imports modules',
  async (name) => {
    const excludeEntrypoints = ['./styles.css']
    const found = await checkPackage(createPackageFromTarballData(tarballOf(name)), { excludeEntrypoints })
    expect(found.types).toMatchObject({ kind: 'included' })
    const problems = found.problems.filter(({ resolutionKind }) => !NOT_MODULES.includes(resolutionKind))
    expect(problems).toEqual([])
  },
  PATIENCE_MS,
)

/** Ways of finding a package that know no modules, or no exports. */
const NOT_MODULES = ['node10', 'node16-cjs']

const tarballOf = (name) => Uint8Array.from(readFileSync(tarballs[KIT.indexOf(name)]))

it('leaves out of a manifest what is for the repository alone, and exports what is built', () => {
  const manifest = {
    name: 'thing',
    version: '1.0.0',
    private: true,
    exports: { '.': './src/index.ts', './a.css': './src/a.css' },
    devDependencies: { other: '^1.0.0' },
  }
  expect(packedManifest(manifest)).toEqual({
    name: 'thing',
    version: '1.0.0',
    files: ['dist'],
    exports: {
      '.': { types: './dist/index.d.ts', default: './dist/index.js' },
      './a.css': './dist/a.css',
    },
  })
})

it('names built files in declarations, and nothing else differently', () => {
  const before = `import type { A } from './a.ts';
export * from "../b.tsx";
type C = import('./c.ts').C;
import './d.css';
import type { E } from 'e.ts';`
  expect(withBuiltSpecifiers(before)).toBe(`import type { A } from './a.js';
export * from "../b.js";
type C = import('./c.js').C;
import './d.css';
import type { E } from 'e.ts';`)
})

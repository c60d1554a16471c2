import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { Complaint } from './complaint.mjs'
import { mendDeclarations } from './pack-declarations.mjs'
import { packedManifest } from './pack-manifest.mjs'
import { runCaptured } from './run.mjs'

/** In the order in which they build on one another. */
export const KIT = ['protocol', 'prose', 'client', 'react']

/**
 * Builds the kit as JavaScript with declarations and packs it.
 * @param {object} options
 * @param {string} options.root of the repository
 * @param {string} options.node the project's own Node
 * @param {string} options.folder gets the tarballs, and the unpacked packages in `packages/`; somewhere in the
 *   repository, so that the compiler finds what the packages depend on
 * @returns {Promise<readonly string[]>} the tarballs' paths
 */
export async function packKit({ root, node, folder }) {
  if (relative(root, folder).startsWith('..')) throw new Complaint(`${folder} is not in this repository.`)
  const staged = join(folder, 'packages')
  rmSync(staged, { recursive: true, force: true })
  for (const name of KIT) await stage({ root, node, staged, name })
  return pack({ folder, staged })
}

async function stage({ root, node, staged, name }) {
  const source = join(root, 'packages', name)
  const target = join(staged, name)
  const manifest = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'))
  const entries = Object.values(manifest.exports)
  const missing = entries.filter((path) => !existsSync(join(source, path)))
  if (missing.length > 0)
    throw new Complaint(`${manifest.name} exports what is not there: ${missing.join(', ')}`)
  const modules = entries.filter((path) => /\.tsx?$/.test(path))
  mkdirSync(target, { recursive: true })
  await compile({ root, node, staged, source, target, modules })
  mendDeclarations(join(target, 'dist'))
  if (entries.some((path) => path.endsWith('.css'))) {
    cpSync(join(source, 'src', 'styles'), join(target, 'dist', 'styles'), { recursive: true })
  }
  for (const [from, file] of [
    [root, 'LICENSE'],
    [source, 'README.md'],
  ]) {
    cpSync(join(from, file), join(target, file))
  }
  const packed = packedManifest(manifest)
  writeFileSync(join(target, 'package.json'), `${JSON.stringify(packed, null, 2)}\n`)
}

async function compile({ root, node, staged, source, target, modules }) {
  const config = join(target, 'tsconfig.json')
  const built = KIT.filter((name) => existsSync(join(staged, name, 'package.json')))
  const options = {
    extends: join(source, 'tsconfig.json'),
    compilerOptions: {
      noEmit: false,
      declaration: true,
      rewriteRelativeImportExtensions: true,
      rootDir: join(source, 'src'),
      outDir: join(target, 'dist'),
      // The packages below are taken as they were built: their sources belong to them.
      paths: Object.fromEntries(built.flatMap((name) => pathsOf(join(staged, name)))),
    },
    include: [],
    files: modules.map((path) => join(source, path)),
  }
  writeFileSync(config, JSON.stringify(options))
  const { code, output } = await runCaptured(node, [
    join(root, 'node_modules', 'typescript', 'bin', 'tsc'),
    ...['-p', config],
  ])
  rmSync(config)
  if (code !== 0) throw new Complaint(`${relative(root, source)} could not be built:\n${output}`)
}

/** Where the compiler finds what a built package exports. */
function pathsOf(target) {
  const { name, exports } = JSON.parse(readFileSync(join(target, 'package.json'), 'utf8'))
  return Object.entries(exports).flatMap(([subpath, { types }]) =>
    types === undefined ? [] : [[`${name}${subpath.slice(1)}`, [join(target, types)]]],
  )
}

async function pack({ folder, staged }) {
  const packages = KIT.map((name) => `.${sep}${relative(folder, join(staged, name))}`)
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const args = ['pack', '--json', '--loglevel=error', ...packages]
  const { code, output } = await runCaptured(npm, args, {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (code !== 0) throw new Complaint(`The packages could not be packed:\n${output}`)
  return Object.values(JSON.parse(output)).map(({ filename }) => join(folder, filename))
}

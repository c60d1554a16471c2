/** What of a package's manifest is of use to those who install it. */
const KEPT = [
  'name',
  'version',
  'description',
  'license',
  'type',
  'sideEffects',
  'dependencies',
  'peerDependencies',
]

/**
 * The manifest of a package as it is published: it exports what was built, where the repository's exports sources.
 * @param {Record<string, unknown> & { exports: Record<string, string> }} manifest
 */
export function packedManifest(manifest) {
  const kept = Object.fromEntries(
    KEPT.filter((key) => manifest[key] !== undefined).map((key) => [key, manifest[key]]),
  )
  const exports = Object.entries(manifest.exports).map(([subpath, path]) => [subpath, builtExport(path)])
  return { ...kept, files: ['dist'], exports: Object.fromEntries(exports) }
}

function builtExport(path) {
  const built = path.replace(/^\.\/src\//, './dist/')
  if (!/\.tsx?$/.test(built)) return built
  const base = built.replace(/\.tsx?$/, '')
  return { types: `${base}.d.ts`, default: `${base}.js` }
}

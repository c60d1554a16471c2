import { readdirSync } from 'node:fs'
import { join } from 'node:path'

const NOT_OURS = new Set(['node_modules', 'dist', 'data'])

/**
 * The project's own files below a folder, as paths from the root with `/`, in a stable order.
 * @param {string} root
 * @param {RegExp} name what the file's path has to match
 * @param {string} [folder] from the root
 * @returns {string[]}
 */
export function sourceFiles(root, name, folder = '.') {
  const entries = readdirSync(join(root, folder), { withFileTypes: true })
  return entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .filter((entry) => !NOT_OURS.has(entry.name) && !entry.name.startsWith('.'))
    .flatMap((entry) => {
      const path = folder === '.' ? entry.name : `${folder}/${entry.name}`
      if (entry.isDirectory()) return sourceFiles(root, name, path)
      return name.test(path) ? [path] : []
    })
}

/** Tests and what only tests use: held to the rules of the package, not to those of its folders. */
export function isTestFile(path) {
  return /\.test\.tsx?$|\/testing(-[a-z-]+)?\.tsx?$|\/testing\//.test(path)
}

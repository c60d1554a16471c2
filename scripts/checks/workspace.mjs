import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'

/**
 * @typedef {object} Package a package of this repository
 * @property {string} name
 * @property {string} folder from the root
 * @property {Record<string, string>} exports
 */

/**
 * @param {string} root
 * @returns {Package[]}
 */
export function workspacePackages(root) {
  return readdirSync(join(root, 'packages'))
    .filter((name) => existsSync(join(root, 'packages', name, 'package.json')))
    .map((name) => {
      const manifest = JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'))
      return { name: manifest.name, folder: `packages/${name}`, exports: manifest.exports ?? {} }
    })
}

/**
 * What a specifier names.
 * @param {string} specifier
 * @param {string} from the importing file
 * @param {readonly Package[]} packages
 * @returns {{ kind: 'file', path: string } | { kind: 'external', name: string } | { kind: 'unexported', name: string }}
 *   a file of this repository, a package from outside or a module of Node, or an inner file that its package
 *   does not export
 */
export function resolve(specifier, from, packages) {
  if (specifier.startsWith('.')) {
    return { kind: 'file', path: posix.join(posix.dirname(from), specifier.replace(/\?.*$/, '')) }
  }
  const name = packageName(specifier)
  const ours = packages.find((candidate) => candidate.name === name)
  if (ours === undefined) return { kind: 'external', name }
  const target = exportedFile(ours.exports, `.${specifier.slice(name.length)}`)
  if (target === undefined) return { kind: 'unexported', name }
  return { kind: 'file', path: posix.join(ours.folder, target) }
}

function packageName(specifier) {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}

/** An exports map as this repository writes it: paths, at most one `*` in each. */
function exportedFile(exports, subpath) {
  if (exports[subpath] !== undefined) return exports[subpath]
  for (const [pattern, target] of Object.entries(exports)) {
    const [before, after] = pattern.split('*')
    if (after === undefined || !subpath.startsWith(before) || !subpath.endsWith(after)) continue
    return target.replace('*', subpath.slice(before.length, subpath.length - after.length))
  }
  return undefined
}

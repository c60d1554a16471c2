import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Looks for what makes `npm ci` fail, or depend on one machine, though `npm install` was content.
 * @param {string} root
 * @returns {string[]} one sentence for each fault
 */
export function checkLockfile(root) {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  return Object.entries(packages).flatMap(([path, entry]) => [
    ...missingOptionals(packages, path, entry),
    ...registryAddress(path, entry),
  ])
}

/** A native package's builds for the other platforms: npm leaves those out that it could not find. */
function missingOptionals(packages, path, entry) {
  return Object.keys(entry.optionalDependencies ?? {})
    .filter((name) => !isLocked(packages, path, name))
    .map(
      (name) =>
        `package-lock.json lacks ${name}, an optional part of ${path}: npm ci will fail on other machines. Pin a version of which all parts can be had.`,
    )
}

/** Looks where Node would: in the package's own node_modules, then in those of the folders above. */
function isLocked(packages, path, name) {
  for (let folder = path; ; folder = parentOf(folder)) {
    if (packages[folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`]) return true
    if (folder === '') return false
  }
}

function parentOf(folder) {
  const end = folder.lastIndexOf('/node_modules/')
  return end < 0 ? '' : folder.slice(0, end)
}

/** A link within the repository has a path there, and may. */
function registryAddress(path, { resolved, link }) {
  if (resolved === undefined || link) return []
  return [
    `package-lock.json says where ${path} was fetched from (${resolved}): others may use another registry. Remove the field "resolved".`,
  ]
}

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sourceFiles } from './source-files.mjs'

/** A file with one reason to change has 50 to 200 lines; beyond twice that it has several. */
const MAX_LINES = 400

/**
 * @param {string} root
 * @returns {string[]} one sentence for each file that is too long
 */
export function checkFileLength(root) {
  return sourceFiles(root, /\.(tsx?|mjs|css)$/).flatMap((file) => {
    const lines = readFileSync(join(root, file), 'utf8').trimEnd().split('\n').length
    if (lines <= MAX_LINES) return []
    return [`${file} has ${lines} lines, more than ${MAX_LINES}. Divide it by its reasons to change.`]
  })
}

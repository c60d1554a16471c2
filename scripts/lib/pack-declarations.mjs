import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A relative specifier of a source, behind `from`, `import` or `import(`. */
const SOURCE = /(\bfrom\s*|\bimport\s*\(?\s*)(['"])(\.\.?\/[^'"]*?)\.tsx?\2/g

/**
 * The compiler rewrites `./thing.ts` to `./thing.js` in code, and leaves it in declarations, where it names a file
 * that is not packed.
 * @param {string} declarations
 */
export const withBuiltSpecifiers = (declarations) => declarations.replace(SOURCE, '$1$2$3.js$2')

/** @param {string} folder of built files */
export function mendDeclarations(folder) {
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.d.ts')) continue
    const path = join(folder, file)
    writeFileSync(path, withBuiltSpecifiers(readFileSync(path, 'utf8')))
  }
}

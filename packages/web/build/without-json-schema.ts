import { readFileSync } from 'node:fs'
import type { Plugin } from 'vite'

const MODULES = /\/zod\/v4\/core\/(?:to-json-schema|json-schema-processors)\.js$/
const EXPORTED = /^export (?:const|function) (\w+)/gm

/**
 * Every schema of zod can write itself as JSON Schema, which only the server's description of its API needs: here
 * functions that do nothing stand in for the ones that would, 8 KiB of them.
 */
export function withoutJsonSchema(): Plugin {
  return {
    name: 'storyweave:without-json-schema',
    apply: 'build',
    enforce: 'pre',
    load: { filter: { id: MODULES }, handler: (id) => standIn(readFileSync(id, 'utf8')) },
  }
}

function standIn(source: string): string {
  const names = [...source.matchAll(EXPORTED)].map(([, name]) => `none as ${name}`)
  return `const none = () => none\nexport { ${names.join(', ')} }\n`
}

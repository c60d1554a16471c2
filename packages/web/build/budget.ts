import { gzipSync } from 'node:zlib'
import type { Plugin } from 'vite'

interface Chunk {
  readonly fileName: string
  readonly code: string
  readonly imports: readonly string[]
  readonly dynamicImports: readonly string[]
  readonly isEntry: boolean
  readonly name: string
}

/**
 * Fails the build when the scripts that a page needs before it can be used are larger than `maxBytes`, gzipped:
 * the entry, the chunk named `room`, and whatever these import.
 */
export function budget(maxBytes: number): Plugin {
  return {
    name: 'storyweave:budget',
    apply: 'build',
    generateBundle(_options, bundle) {
      const chunks = new Map<string, Chunk>()
      for (const output of Object.values(bundle))
        if (output.type === 'chunk') chunks.set(output.fileName, output)
      const needed = reachable(chunks)
      const total = needed.reduce((sum, chunk) => sum + gzipSync(chunk.code).length, 0)
      const kib = (bytes: number) => `${(bytes / 1024).toFixed(1)} KiB`
      const says = `The room's first load is ${kib(total)} of JavaScript, gzipped; ${kib(maxBytes)} are allowed.`
      if (total > maxBytes) this.error(says)
      this.info(says)
    },
  }
}

function reachable(chunks: ReadonlyMap<string, Chunk>): readonly Chunk[] {
  const found = new Set<Chunk>()
  const visit = (chunk: Chunk | undefined): void => {
    if (chunk === undefined || found.has(chunk)) return
    found.add(chunk)
    for (const name of chunk.imports) visit(chunks.get(name))
  }
  const all = [...chunks.values()]
  for (const chunk of all) if (chunk.isEntry || chunk.name === 'room') visit(chunk)
  if (!all.some(({ name }) => name === 'room'))
    throw new Error('No chunk is named "room": the budget measures nothing.')
  return [...found]
}

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'

const WORKER = new URL('./service-worker.js', import.meta.url)

/** Scripts and styles; fonts are kept by the browser's own cache, and have a fallback. */
const NEEDED = /\.(?:js|css)$/

/** Their names stay when their content changes. */
const PUBLIC = ['theme.js', 'icon.svg'] as const

/** Adds `service-worker.js`, which opens the application's pages while the server is away. */
export function offline(): Plugin {
  let publicDir = ''
  return {
    name: 'storyweave:offline',
    apply: 'build',
    configResolved(config) {
      publicDir = config.publicDir
    },
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const names = [...PUBLIC, ...Object.keys(bundle).filter((name) => NEEDED.test(name))].sort()
        const hash = createHash('sha256').update(names.join())
        for (const name of PUBLIC) hash.update(readFileSync(join(publicDir, name)))
        const constants = {
          VERSION: hash.digest('hex').slice(0, 12),
          FILES: names.map((name) => `/${name}`),
        }
        const head = Object.entries(constants).map(
          ([name, value]) => `const ${name} = ${JSON.stringify(value)}\n`,
        )
        this.emitFile({
          type: 'asset',
          fileName: 'service-worker.js',
          source: head.join('') + readFileSync(WORKER, 'utf8'),
        })
      },
    },
  }
}

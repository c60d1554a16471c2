import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { Plugin } from 'vite'

const TEXT = /\.(?:js|css|html|svg|json)$/
/** Below this a compressed copy saves less than the headers that announce it. */
const MIN_BYTES = 1024

const brotli = promisify(brotliCompress)
const gz = promisify(gzip)

/** Puts `.br` and `.gz` next to every text file of the output, for a server that sends them as they are. */
export function compress(): Plugin {
  let folder = ''
  return {
    name: 'storyweave:compress',
    apply: 'build',
    enforce: 'post',
    configResolved(config) {
      folder = join(config.root, config.build.outDir)
    },
    async closeBundle() {
      const files = await readdir(folder, { recursive: true })
      await Promise.all(
        files.filter((name) => TEXT.test(name)).map((name) => compressFile(join(folder, name))),
      )
    },
  }
}

async function compressFile(path: string): Promise<void> {
  const bytes = await readFile(path)
  if (bytes.length < MIN_BYTES) return
  const best = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } }
  await Promise.all([
    brotli(bytes, best).then((out) => writeFile(`${path}.br`, out)),
    gz(bytes, { level: constants.Z_BEST_COMPRESSION }).then((out) => writeFile(`${path}.gz`, out)),
  ])
}

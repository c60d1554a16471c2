import { relative, resolve } from 'node:path'
import { command } from './lib/complaint.mjs'
import { installDependencies } from './lib/install.mjs'
import { ownNode } from './lib/own-node.mjs'
import { packKit } from './lib/pack-kit.mjs'
import { root } from './lib/root.mjs'

// `npm run pack`: the kit as packages that other applications install; into dist/, or the folder that is named.
await command(async () => {
  await installDependencies(root)
  const folder = resolve(process.argv[2] ?? 'dist')
  for (const tarball of await packKit({ root, node: ownNode(root), folder })) {
    console.log(relative(process.cwd(), tarball))
  }
  return 0
})

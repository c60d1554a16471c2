import { join } from 'node:path'
import { command } from './lib/complaint.mjs'
import { installDependencies } from './lib/install.mjs'
import { ownNode, ownNodeEnv } from './lib/own-node.mjs'
import { root } from './lib/root.mjs'
import { runForeground } from './lib/run.mjs'

// `npm run check`: everything that can be said of the sources without running them.
await command(async () => {
  await installDependencies(root)
  const node = ownNode(root)
  return runForeground(node, [join(root, 'scripts', 'checks', 'all.mjs')], {
    cwd: root,
    env: ownNodeEnv(root),
  })
})

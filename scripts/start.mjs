import { join } from 'node:path'
import { command } from './lib/complaint.mjs'
import { installDependencies } from './lib/install.mjs'
import { ownNode, ownNodeEnv } from './lib/own-node.mjs'
import { root } from './lib/root.mjs'
import { runForeground } from './lib/run.mjs'
import { buildWeb } from './lib/web-build.mjs'

// `npm start`: from a fresh clone to a running server. Runs under whatever Node the machine has.
await command(async () => {
  await installDependencies(root)
  const node = ownNode(root)
  await buildWeb(root, node)
  const storyweave = join(root, 'packages', 'server', 'src', 'cli', 'storyweave.ts')
  return runForeground(node, [storyweave, 'serve', ...process.argv.slice(2)], { env: ownNodeEnv(root) })
})
